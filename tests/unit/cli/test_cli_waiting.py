"""A command that waits says what for; nothing else does."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.outside import without_settings
from worker import waiting
from worker.waiting import spoken, stop_telling, tell, waiting_for


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lines come after 0.4 s, are told in this process, and are not told after the test."""
    monkeypatch.setattr(waiting, "FIRST_SECONDS", 0.4)
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(waiting, "GAP_SECONDS", 0.2)
    monkeypatch.setattr(waiting, "START_SECONDS", 0.0)
    tell()
    yield
    stop_telling()


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what has been waited for, in the order of the lines."""
    return re.findall(r"^onrecord: waiting for (.*) \(\d+ s so far\)$", capsys.readouterr().err, re.MULTILINE)


def test_a_long_wait_is_told_and_told_again(quick: None, capsys: pytest.CaptureFixture[str]) -> None:
    with waiting_for("the moon"):
        time.sleep(1.1)
    assert set(told(capsys)) == {"the moon"}


def test_the_innermost_wait_is_told(quick: None, capsys: pytest.CaptureFixture[str]) -> None:
    with waiting_for("the moon"), waiting_for("its light"):
        time.sleep(0.7)
    assert set(told(capsys)) == {"its light"}


def test_short_waits_one_after_the_other_are_one_silence(quick: None, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(20):
        with waiting_for("a drop"):
            time.sleep(0.05)
    assert "a drop" in told(capsys)


def test_nothing_is_told_while_the_command_speaks_or_nobody_waits(
    quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with waiting_for("the moon"):
        for _ in range(10):
            time.sleep(0.1)
            spoken()
    time.sleep(0.7)
    assert told(capsys) == []


def test_a_process_that_did_not_ask_for_it_tells_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "FIRST_SECONDS", 0.1)
    with waiting_for("the moon"):
        time.sleep(0.3)
    assert told(capsys) == []


def test_a_command_says_which_server_it_waits_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        ran = subprocess.run(
            [sys.executable, "-m", "worker", "status", "--process", "worker"],
            env=without_settings() | {"ONRECORD_DATABASE_URL": f"postgresql://ann:secret@{place}/news"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    first, *_, last = ran.stderr.splitlines()
    assert re.fullmatch(rf"onrecord: waiting for PostgreSQL at {place} \(\d s so far\)", first)
    assert "ONRECORD_DATABASE_URL" in last
    assert ran.returncode == 1
