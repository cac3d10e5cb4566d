"""A small press in the tables: two outlets, three articles, a text that both printed, several sources, bad files."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, make_url, text

from worker.cli import main
from worker.settings import settings
from worker.store.db.engine import make_engine
from worker.store.states import FILE_OPEN
from worker.store.tables import models

HOSTILE = "evil\x1b[31m\x1b]0;title\x07\u202ename.txt"


@dataclass
class Ran:
    """The result of a command: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


def command(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs `onrecord` in this process, on a database."""
    monkeypatch.setenv("ONRECORD_DATABASE_URL", url)
    settings.cache_clear()

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = 0
        try:
            main(list(arguments))
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture
def onrecord(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """The function that runs `onrecord` on the test's own database."""
    yield command(database_url, monkeypatch, capsys)
    settings.cache_clear()


@pytest.fixture
def reading(shelf: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """The function that runs `onrecord` on a database with the press; all tests that only read share this database."""
    yield command(shelf, monkeypatch, capsys)
    settings.cache_clear()


LANGUAGE = "SELECT language FROM articles WHERE id = %s"


class Press:
    """Puts rows into the tables as the pipeline would do it."""

    def __init__(self, connection: Connection, inbox: str = "drop", path: str = "/drop") -> None:
        self.connection = connection
        self.inbox = self.add(models.Inbox, name=inbox, path=path.encode())
        known = connection.execute(text("SELECT id FROM extractor_versions WHERE generation = 1")).scalar()
        self.version = known or self.add(models.ExtractorVersion, name="rules 1", mode="rules", generation=1)

    def add(self, table: Any, **values: Any) -> int:
        """Insert one row, and return its id."""
        return int(self.connection.execute(insert(table).values(**values).returning(table.id)).scalar_one())

    def link(self, table: Any, **values: Any) -> None:
        """Insert one row into a table that has no column `id`."""
        self.connection.execute(insert(table).values(**values))

    def file(self, name: str, state: str = "stored", **values: Any) -> int:
        """Add a dropped file."""
        finished = None if state in FILE_OPEN else datetime.now(UTC)
        return self.add(
            models.File,
            inbox_id=self.inbox,
            path=name.encode(),
            shown=name,
            sha256=hashlib.sha256(name.encode()).digest(),
            state=state,
            finished_at=finished,
            **{"members": 1, "members_stored": int(state == "stored"), **values},
        )

    def article(
        self,
        text: str,
        title: str,
        outlet: int | None = None,
        day: datetime | None = None,
        language: str | None = None,
    ) -> int:
        """Add an article with this text, in a new story."""
        return self.add(
            models.Article,
            text=text,
            title=title,
            body_start=0,
            body_end=len(text),
            outlet_id=outlet,
            published_at=day,
            language=language,
            canonical_hash=hashlib.sha256(text.encode()).digest(),
            story_id=self.add(models.Story),
        )

    def carry(self, article: int, file: int, outlet: int | None, member: str | None = None, position: int = 0) -> int:
        """Add a document of a file; the document holds the article."""
        raw = f"{article} {file} {position}".encode()
        document = self.add(
            models.Document,
            sha256=hashlib.sha256(raw).digest(),
            media_type="text/plain",
            raw=raw,
            state="stored",
            article_id=article,
            finished_at=datetime.now(UTC),
        )
        self.link(models.FileDocument, file_id=file, position=position, document_id=document, member=member)
        self.link(models.ArticleSource, article_id=article, document_id=document, outlet_id=outlet)
        return document

    def speaker(self, name: str, *forms: str, **values: Any) -> int:
        """Add a speaker with these forms of the name."""
        number = self.add(models.Speaker, name=name, kind="person", **values)
        for form in (name, *forms):
            self.add(models.SpeakerName, speaker_id=number, name=form, articles=1, evidence="full name", confidence=1.0)
        return number

    def quote(self, article: int, text: str, words: str, *speakers: int, source: str | None = None) -> int:
        """Add a direct quotation of the `words` in the article's `text`."""
        start = text.index(words)
        statement = self.add(models.Statement, owner=speakers[0] if speakers else -1, text=words)
        run = self.add(models.Extraction, article_id=article, version_id=self.version, quotes=1, milliseconds=1.0)
        self.connection.exec_driver_sql("UPDATE extractions SET current = false WHERE id = %s", (run,))
        number = self.add(
            models.Quote,
            article_id=article,
            article_length=len(text),
            language=self.connection.exec_driver_sql(LANGUAGE, (article,)).scalar_one(),
            extraction_id=run,
            kind="direct",
            text=words,
            parts=[start, start + len(words)],
            start_char=start,
            end_char=start + len(words),
            source_text=source,
            source_start=0 if source else None,
            source_end=len(source) if source else None,
            source_kind="person" if speakers else "unnamed" if source else "none",
            confidence=0.9,
            statement_id=statement,
        )
        for position, speaker in enumerate(speakers):
            self.link(
                models.QuoteSpeaker,
                quote_id=number,
                speaker_id=speaker,
                position=position,
                name="as printed",
                evidence="full name",
                confidence=0.9,
            )
        return number


@pytest.fixture
def press(engine: Engine) -> dict[str, int]:
    """Fill the test's own database with the press; return the ids of the rows that tests need."""
    return fill(engine)


@pytest.fixture(scope="session")
def shelf(servers: tuple[str, str], template: str) -> Iterator[str]:
    """The URL of a database that holds the press; it is made once for all tests."""
    name = f"onrecord_shelf_{os.getpid()}"
    admin = make_engine(servers[0]).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    url = make_url(servers[0]).set(database=name).render_as_string(hide_password=False)
    filling = make_engine(url)
    fill(filling)
    filling.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def fill(engine: Engine) -> dict[str, int]:
    """Add the rows of the press; return the ids of the rows that tests need."""
    with engine.begin() as connection:
        put = Press(connection)
        mehr, irna = (put.add(models.Outlet, name=name, key=name.lower()) for name in ("Mehr News", "IRNA"))
        lavrov = put.speaker("Sergey Lavrov", "Sergei Lavrov")
        bagheri = put.speaker("Ali Bagheri", "Ali Baqeri")
        older = put.speaker("Bagheri Kani", merged_into=bagheri)

        words = "Lavrov said: “We strongly opposed this.” Bagheri said: “The talks go on.”"
        first = put.article(words, "Vienna", mehr, datetime(2024, 5, 16, 9, tzinfo=UTC))
        put.carry(first, put.file("vienna.txt"), mehr)
        put.carry(first, put.file("copy.txt", "duplicate"), irna)
        opposed = put.quote(first, words, "We strongly opposed this.", lavrov)
        put.quote(first, words, "The talks go on.", older)

        words = "A senior official said: “=1+1 is not =2”. Both said: “Together we stand.”"
        second = put.article(words, "Moscow", irna, datetime(2024, 5, 18, 23, 30, tzinfo=UTC))
        dump = put.file("dump.jsonl", members=2, members_quarantined=1)
        put.carry(second, dump, irna, "1")
        put.link(
            models.FileDocument,
            file_id=dump,
            position=1,
            member="17",
            reason="malformed",
            message="Line 17 is no JSON.",
        )
        unnamed = put.quote(second, words, "=1+1 is not =2", source="A senior official")
        joint = put.quote(second, words, "Together we stand.", lavrov, bagheri)

        undated = put.article("“Nobody knows who said this.”", "Undated \x1b[31mred")
        put.carry(undated, put.file(HOSTILE), None)
        put.quote(undated, "“Nobody knows who said this.”", "Nobody knows who said this.")
        candidate = put.quote(undated, "“Nobody knows who said this.”", "who said this")
        connection.exec_driver_sql("UPDATE quotes SET confidence = 0.3 WHERE id = %s", (candidate,))
        put.file("empty.txt", "quarantined", reason="empty", message="It is empty; drop it again.", members=0)
        put.file("bad.zip", "quarantined", reason="bomb", message="It unpacks to too much.", members=0)
    return {"lavrov": lavrov, "bagheri": bagheri, "opposed": opposed, "unnamed": unnamed, "joint": joint}
