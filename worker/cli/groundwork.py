"""What `onrecord up` prepares before it starts processes: the servers, the tables, and the file for their logs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from worker.cli.answers import write_line

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.embedded.servers import Servers
    from worker.settings import Settings

LOG_BYTES = 20_000_000
"""Start a new log file if the old one is larger than this many bytes."""


@contextmanager
def running_servers(configured: "Settings") -> "Iterator[tuple[Settings, Servers | None]]":
    """Yield the settings with all URLs filled in, and the embedded servers (None if both URLs are set)."""
    from worker.cli.work import publish
    from worker.embedded.environment import postgres_url
    from worker.settings import settings

    if configured.database_url and configured.broker_url:
        database_url = postgres_url(configured.database_url, "ONRECORD_DATABASE_URL")
        publish(configured.changed(database_url=database_url))
        yield settings(), None
        return
    from worker.embedded.elsewhere import where
    from worker.embedded.home import find_home
    from worker.embedded.layout import lay_out
    from worker.embedded.servers import embedded_servers
    from worker.embedded.uplock import UpLock

    home = find_home(configured.home, create=True)
    layout = lay_out(home)
    if sentence := where(home):
        write_line(sentence)
    with (
        UpLock(layout),
        embedded_servers(
            home,
            postgres=not configured.database_url,
            valkey=not configured.broker_url,
            supervise=True,
            port=configured.embedded_port,
        ) as servers,
    ):
        update = {
            "home": home,
            "database_url": configured.database_url or servers.database_url,
            "report_url": configured.report_url or ("" if configured.database_url else servers.report_url),
            "broker_url": configured.broker_url or servers.broker_url,
        }
        publish(configured.changed(**update))
        yield settings(), servers


def prepare(settings: "Settings", servers: "Servers | None") -> "Engine":
    """Migrate the database, let the reader log in to the embedded server, and return the engine that `up` uses."""
    from worker.backups.freeze import is_being_restored
    from worker.cli import kept_marks
    from worker.cli.errors import Complaint
    from worker.report import views
    from worker.store import floor, readers
    from worker.store.db.engine import make_engine

    engine = make_engine(settings.database_url, application="onrecord up", repeats=True)
    if is_being_restored(engine):
        raise Complaint("A backup is being restored into this database.", "Start `onrecord up` when that has ended.")
    views.migrate(engine)
    floor.keep(engine, settings.least_confidence)
    kept_marks.keep(engine)
    if servers is not None and servers.database_url == settings.database_url:
        servers.grant_reader_login()
    else:
        with engine.begin() as connection:
            readers.confine(connection)
    return engine


@contextmanager
def log_file(settings: "Settings") -> Iterator[IO[bytes]]:
    """Yield the file for the logs of the processes: `logs/processes.log` in HOME, or standard error without a HOME."""
    if settings.home is None:
        yield open(2, "wb", buffering=0, closefd=False)  # noqa: SIM115 - standard error stays open
        return
    folder = Path(settings.home) / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "processes.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(folder / "processes.log.1")
    with open(path, "ab", buffering=0, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600)) as file:
        yield file
