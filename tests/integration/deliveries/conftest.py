"""A press whose changes are numbered, and real receivers: a webhook that is a process, and a mail server."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.conftest import with_database
from tests.integration.deliveries.smtp_receiver import MailServer, mail_server
from tests.integration.report.conftest import Command, command, fill
from worker.deliveries import making
from worker.deliveries.courier import follow_all, reader_of
from worker.deliveries.sending import Means, tell
from worker.deliveries.standing import Standing, all_standings
from worker.settings import Settings, settings
from worker.store import telling, watch_lists
from worker.store.db.engine import make_engine
from worker.store.receivers import Place

SECONDS = 0.6
"""In these tests a receiver has so many seconds."""


@dataclass
class Desk:
    """A newsroom's database, and what watch-lists do with it."""

    means: Means
    numbers: dict[str, int] = field(default_factory=dict)
    slow: Counter[int] = field(default_factory=Counter)

    @property
    def engine(self) -> Engine:
        """The owner's engine."""
        return self.means.engine

    def print_more(self) -> None:
        """Store the press: articles with quotations, as the pipeline does it."""
        self.numbers = fill(self.engine)
        self.follow()

    def do(self, statement: str, **values: object) -> None:
        """Change rows by hand, and let watch-lists notice."""
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)
        self.follow()

    def follow(self) -> None:
        """Number the changes, and compare them with all watch-lists."""
        telling.tell(self.engine)
        follow_all(self.means, self.slow)

    def watch(self, query: str, *places: Place, name: str = "talks") -> int:
        """Make a watch-list with receivers; return its number."""
        with self.engine.begin() as connection:
            made = making.make(connection, name, query, "Ada")
            for place in places:
                making.add_receiver(connection, made, place)
        return made.id

    def deliveries(self, watch_list: int) -> list[tuple[str, str]]:
        """Return what there was to tell: what, and the words (or the number) of the quotation."""
        rows = text(
            "SELECT d.what, coalesce(q.quote, '(gone)') FROM deliveries d"
            " LEFT JOIN report.quotes q ON q.quote_id = d.quote_id WHERE d.watch_list_id = :id ORDER BY d.id"
        )
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(rows, {"id": watch_list})]

    def tell(self, watch_list: int) -> Standing:
        """Tell the first receiver of a watch-list all that there is; return how it stands then."""
        number = self.receiver(watch_list).receiver_id
        while tell(self.means, number):
            pass
        return self.receiver(watch_list)

    def receiver(self, watch_list: int) -> Standing:
        """Return the first receiver of a watch-list."""
        with self.engine.connect() as connection:
            return next(one for one in all_standings(connection) if one.watch_list_id == watch_list)

    def hurry(self) -> None:
        """Let every receiver be due now."""
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE receivers SET next_try_at = now()"))

    def is_due(self) -> bool:
        """True if beat would wake the courier."""
        with self.engine.connect() as connection:
            return watch_lists.is_due(connection)


@dataclass
class Room(Desk):
    """A desk on a database that the tests of a module share: the press is printed already."""

    def print_more(self) -> None:
        """Let every watch-list have something to tell: two quotations."""
        found = [watch_lists.ToTell("new", self.numbers[name], None, 0) for name in ("opposed", "joint")]
        with self.engine.begin() as connection:
            for watch_list in watch_lists.followed(connection):
                watch_lists.deliver(connection, watch_list, found)

    def tidy_up(self) -> None:
        """Take back what a test did."""
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM watch_lists"))
            connection.execute(text("UPDATE quotes SET rejected = false"))
            connection.execute(text("UPDATE articles SET current = true"))
        self.follow()


@contextmanager
def means_on(url: str, post_office: MailServer) -> Iterator[Means]:
    """Yield what sending needs, on a database."""
    config = Settings(
        _env_file=None,
        database_url=url,
        smtp_url=post_office.url,
        smtp_from="onrecord@news.example",
        web_url="https://onrecord.example/",
        receiver_hours=1,
    )
    engine, reader = make_engine(url, pool_size=5), reader_of(config)
    try:
        yield Means(engine, reader, config, SECONDS)
    finally:
        engine.dispose()
        reader.dispose()


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture
def desk(database_url: str, post_office: MailServer) -> Iterator[Desk]:
    """An empty newsroom, with a database of its own."""
    with means_on(database_url, post_office) as means:
        yield Desk(means)


@pytest.fixture(scope="module")
def printed(servers: tuple[str, str], template: str) -> Iterator[tuple[str, dict[str, int]]]:
    """The URL of a database that holds the press, and the numbers of its rows."""
    name = f"onrecord_desk_{os.getpid()}"
    admin = make_engine(servers[0]).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    url = with_database(servers[0], name)
    filling = make_engine(url)
    numbers = fill(filling)
    telling.tell(filling)
    filling.dispose()
    yield url, numbers
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def room(printed: tuple[str, dict[str, int]], post_office: MailServer) -> Iterator[Room]:
    """A newsroom whose database other tests share."""
    url, numbers = printed
    with means_on(url, post_office) as means:
        made = Room(means, numbers)
        yield made
        made.tidy_up()


@pytest.fixture
def onrecord(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """The function that runs `onrecord` on the test's own database."""
    yield command(database_url, monkeypatch, capsys)
    settings.cache_clear()


class Webhook:
    """The process of `http_receiver.py`, and what it was sent."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process, self._log = process, log
        self.port = int(self.lines(1)[0])

    def at(self, path: str) -> Place:
        """Return the receiver at a path."""
        return making.webhook(f"http://127.0.0.1:{self.port}{path}")

    def lines(self, least: int) -> list[str]:
        """Return the lines that it printed, as soon as there are so many."""
        until = time.monotonic() + 30
        while len(lines := self._log.read_text().splitlines()) < least:
            assert time.monotonic() < until and self._process.poll() is None
            time.sleep(0.01)
        return lines

    def requests(self, path: str, least: int = 1) -> list[dict[str, Any]]:
        """Return the requests to a path, as soon as there are so many."""
        until = time.monotonic() + 60
        while True:
            found = [json.loads(line) for line in self.lines(1)[1:]]
            wanted = [request for request in found if request["path"] == path]
            if len(wanted) >= least:
                return wanted
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture(scope="module")
def webhook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    """A webhook of many behaviours."""
    log = tmp_path_factory.mktemp("webhook") / "requests"
    program = Path(__file__).with_name("http_receiver.py")
    with log.open("w") as output, subprocess.Popen([sys.executable, program], stdout=output, text=True) as process:
        try:
            yield Webhook(process, log)
        finally:
            process.terminate()
