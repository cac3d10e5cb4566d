"""No check hangs, and a health check answers in JSON even if the database does not answer."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.faults.ground import free_port
from tests.integration.doctor.conftest import lines_of
from worker.cli import main
from worker.cli.checks.finding import Finding, ok
from worker.cli.checks.running_check import RunningCheck
from worker.settings import settings
from worker.store import processes

Check = Callable[..., tuple[int, dict[str, Any]]]


def test_a_check_that_hangs_is_a_finding(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def hanging() -> Iterator[Finding]:
        yield ok("disk", "So far so good.")
        (tmp_path / "pipe").read_bytes()  # nobody ever writes into the pipe

    start = time.monotonic()
    lines = lines_of(RunningCheck("disk", hanging, seconds=0.5).findings())
    assert time.monotonic() - start < 10
    assert lines == [
        "ok disk: So far so good.",
        "problem disk: No answer within 0.5 seconds. A disk or a server hangs; look at what this line is about.",
    ]
    (tmp_path / "pipe").open("wb").close()


def test_an_error_of_a_check_is_a_finding(tmp_path: Path) -> None:
    def failing() -> Iterator[Finding]:
        yield from [ok("disk", (tmp_path / "nix").read_text())]

    (line,) = lines_of(RunningCheck("disk", failing).findings())
    assert line == f"problem disk: {tmp_path}/nix: No such file or directory. Check the path and your rights to it."


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Check]:
    """A function that runs `onrecord status --json` on a database; it returns the exit code and the JSON."""

    def run(url: str, *arguments: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setenv("ONRECORD_DATABASE_URL", url)
        settings.cache_clear()
        code = 0
        try:
            main(["status", "--json", *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, json.loads(capsys.readouterr().out)

    yield run
    settings.cache_clear()


def test_the_health_check_of_a_process(check: Check, engine: Engine, database_url: str) -> None:
    code, answer = check(database_url, "--process", "worker")
    assert (code, answer["healthy"], answer["process"], answer["host"]) == (1, False, "worker", socket.gethostname())
    assert answer["problems"][0]["said"] == f"No worker is alive on {socket.gethostname()}."
    processes.register(engine, "worker")
    code, answer = check(database_url, "--process", "worker")
    assert (code, answer["healthy"], answer["problems"]) == (0, True, [])
    assert answer["waiting"] == {"intake": 0, "articles": 0}
    assert [process["pid"] for process in answer["processes"]] == [os.getpid()]


@pytest.mark.parametrize("arguments", [("--process", "watch"), ("--part", "watch"), ()])
def test_a_database_that_is_away_is_told_as_json(check: Check, arguments: tuple[str, ...]) -> None:
    code, answer = check(f"postgresql://u:hidden@127.0.0.1:{free_port()}/d", *arguments)
    assert (code, answer["healthy"]) == (1, False)
    assert "Connection refused" in answer["problems"][0]["said"]
    assert "hidden" not in str(answer)


def test_a_process_that_was_alive_and_is_silent_must_be_started_again(
    check: Check, engine: Engine, database_url: str
) -> None:
    number = processes.register(engine, "worker")
    _, answer = check(database_url, "--process", "worker")
    assert (answer["healthy"], answer["start_again"]) == (True, False)
    for seconds, others, expected in ((15, False, False), (40, False, True), (40, True, True)):
        if others:
            processes.register(engine, "beat")  # if none is alive, the database takes no writes
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE processes SET last_seen = clock_timestamp() - interval '{seconds} s' WHERE id = {number}"
            )
        _, answer = check(database_url, "--process", "worker")
        assert (answer["healthy"], answer["start_again"]) == (False, expected and others)
