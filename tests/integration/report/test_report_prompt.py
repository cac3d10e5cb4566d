"""The prompt of `onrecord sql`, at a real terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

SECONDS = 30.0


class Terminal:
    """A terminal in which `onrecord sql` runs."""

    def __init__(self, database_url: str, home: Path) -> None:
        ours, theirs = pty.openpty()
        self.screen = ours
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker", "sql"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "ONRECORD_DATABASE_URL": database_url, "ONRECORD_HOME": str(home), "TERM": "dumb"},
            start_new_session=True,
            # Tests that run in the background of a shell ignore SIGINT, and so would their child processes.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        os.close(theirs)

    def wait_for(self, words: str) -> str:
        """Wait until the terminal shows `words`; return the output before these words."""
        deadline = time.monotonic() + SECONDS
        while words not in self.seen and time.monotonic() < deadline:
            if select.select([self.screen], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.screen, 65536).decode()
                except OSError:  # the other side is closed
                    break
        assert words in self.seen, self.seen
        before, _, self.seen = self.seen.partition(words)
        return before

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.screen, line.encode() + b"\n")


def wait_until_it_sleeps(engine: Engine) -> None:
    """Wait until the server works on the question."""
    deadline = time.monotonic() + SECONDS
    asleep = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            if connection.execute(asleep).scalar_one():
                return
        time.sleep(0.05)
    raise AssertionError("the question never reached the server")


@pytest.mark.usefixtures("press")
def test_a_conversation(database_url: str, engine: Engine, tmp_path: Path) -> None:
    terminal = Terminal(database_url, tmp_path)
    try:
        terminal.wait_for("onrecord> ")
        terminal.type("\\d")
        terminal.wait_for("who said what")
        terminal.wait_for("onrecord> ")
        terminal.type("help")
        terminal.wait_for("Tab completes")
        terminal.wait_for("onrecord> ")
        terminal.type("\\d speaker_d\t")
        terminal.wait_for("Day of publication")
        terminal.wait_for("onrecord> ")
        terminal.type("\\x")
        terminal.wait_for("Records from now on.")
        terminal.type("SELECT 'as a ' || 'record' AS shown;")
        terminal.wait_for("shown   as a record")
        terminal.wait_for("onrecord> ")
        terminal.type("\\x")
        terminal.wait_for("Tables from now on")
        terminal.type("SELECT count(*)")
        terminal.wait_for("...> ")
        terminal.type("FROM quotes;")
        terminal.wait_for("5")
        terminal.wait_for("1 row")
        terminal.type("SELECT nix;")
        terminal.wait_for("does not exist")
        terminal.wait_for("onrecord> ")
        terminal.type("SELECT pg_sleep(60);")
        wait_until_it_sleeps(engine)
        os.killpg(terminal.process.pid, 2)  # Ctrl-C
        terminal.wait_for("stopped")
        terminal.wait_for("onrecord> ")
        terminal.type("SELECT 'still ' || 'here';")
        terminal.wait_for("still here")
        terminal.wait_for("onrecord> ")
        terminal.type("\\q")
        assert terminal.process.wait(SECONDS) == 0
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.screen)
    history = tmp_path / "sql_history"
    assert "FROM quotes;" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0
