"""Restores on the test's own database, which holds the press: by the command in this process, or in its own.

The press is written into the tables by hand, and is not well (`onrecord check`); so it is restored `--unchecked`.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from tests.integration.report.conftest import Command, onrecord, press
from tests.outside import without_settings

__all__ = ["onrecord", "press"]

Start = Callable[..., subprocess.Popen[str]]


class Server:
    """The server of the test's database, seen by its owner."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        assert self.url.database is not None
        self.database = self.url.database

    def address(self, database: str | None = None, username: str | None = None, password: str | None = None) -> str:
        url = self.url.set(
            drivername="postgresql", database=database or self.database, username=username, password=password
        )
        return url.render_as_string(hide_password=False)

    def connect(self, database: str | None = None) -> psycopg.Connection:
        return psycopg.connect(self.address(database), autocommit=True)

    def ask(self, question: str, *values: object, database: str = "postgres") -> list[tuple[object, ...]]:
        with self.connect(database) as connection:
            cursor = connection.execute(question.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def databases(self) -> set[str]:
        """The test's database, and what a restore left beside it."""
        rows = self.ask("SELECT datname FROM pg_database WHERE datname LIKE %s", f"{self.database}%")
        return {str(row[0]) for row in rows}

    def oid(self) -> int:
        return int(str(self.ask("SELECT oid FROM pg_database WHERE datname = %s", self.database)[0][0]))

    def contents(self) -> list[tuple[object, ...]]:
        """What tells two databases apart here: every quotation, file and decision."""
        words = "SELECT 'quote', id, text FROM quotes UNION ALL SELECT 'file', id, shown FROM files"
        return self.ask(
            f"{words} UNION ALL SELECT 'decision', id, kind FROM decisions ORDER BY 1, 2", database=self.database
        )


@pytest.fixture
def server(engine: Engine, database_url: str) -> Iterator[Server]:
    """The server of the test's database; leftovers of restores are dropped after the test."""
    made = Server(database_url)
    yield made
    engine.dispose()
    for name in made.databases() - {made.database}:
        made.ask(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def dump(press: dict[str, int], onrecord: Command, tmp_path: Path) -> Path:
    """A backup of the press."""
    file = tmp_path / "press.dump"
    ran = onrecord("backup", str(file))
    assert ran.code == 0, ran.err
    return file


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    """A function that starts `onrecord` as a process of its own, on the test's database or on another URL."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str | Path, url: str = database_url, **settings: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker", *map(str, arguments)],
            env=without_settings() | {"ONRECORD_DATABASE_URL": url} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.communicate()
