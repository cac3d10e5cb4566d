"""The ends of commands beside a working newsroom: Ctrl-C at every moment, and outputs that take nothing or not all."""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.command import unhurried
from tests.faults.newsroom import Newsroom

MOMENTS = 32
COMMANDS = (["quotes"], ["sql", "SELECT count(*) FROM quotes"], ["--help"])
START = (b"site", b"importlib", b"<string>")
"""What a traceback names if the signal comes before our first instruction, while Python itself starts."""


def command(newsroom: Newsroom, *arguments: str, **environment: str) -> dict[str, object]:
    """Return the arguments of `Popen` for a command."""
    return {
        "args": [sys.executable, "-m", "worker", *arguments],
        "env": newsroom.environment({}) | environment,
        "cwd": newsroom.folder,
        "stdin": subprocess.DEVNULL,
    }


@pytest.mark.scenario(55, "Ctrl-C at 32 moments of commands, from the first instruction to the end")
@pytest.mark.long
@pytest.mark.timeout(600)
def test_ctrl_c_at_every_moment(newsroom: Newsroom) -> None:
    newsroom.open("watch", "worker")
    newsroom.drop_all(range(3))
    for arguments in COMMANDS:
        began = time.monotonic()
        whole = subprocess.run(**command(newsroom, *arguments), capture_output=True, timeout=60, check=False)  # type: ignore[call-overload]
        seconds = time.monotonic() - began
        for place in range(MOMENTS):
            ran = subprocess.Popen(  # type: ignore[call-overload]
                **command(newsroom, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            with ran:
                time.sleep(seconds * place / MOMENTS)
                ran.send_signal(signal.SIGINT)
                errors = ran.communicate(timeout=60)[1]
            newsroom.fault("Ctrl-C")
            if b"worker" not in errors and any(words in errors for words in START):
                continue
            assert ran.returncode in (130, -signal.SIGINT, whole.returncode), (arguments, place, errors)
            assert unhurried(errors.decode()) in ("", unhurried(whole.stderr.decode())), (arguments, place)
    newsroom.healed()
    newsroom.check()


@pytest.mark.long
@pytest.mark.scenario(56, "outputs that are full, closed, cut short or take no Unicode")
@pytest.mark.timeout(600)
def test_outputs_that_do_not_take_all(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.open("watch", "worker")
    newsroom.drop_all(range(3))
    newsroom.wait(newsroom.at_rest, "the articles are stored")
    large = ["sql", "-f", "csv", "SELECT repeat('x', 999) FROM generate_series(1, 50)"]
    for unbuffered in ("", "1"):
        with (tmp_path / "out").open("wb") as out:
            ran = subprocess.run(  # type: ignore[call-overload]
                **command(newsroom, *large, PYTHONUNBUFFERED=unbuffered),
                stdout=out,
                stderr=subprocess.PIPE,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)),
                timeout=60,
            )
        newsroom.fault("a file that may not grow")
        assert (ran.returncode, (tmp_path / "out").stat().st_size) == (1, 8192)
        assert b"Standard output cannot be written" in ran.stderr
    for arguments in (["quotes"], ["files", "-f", "json"]):
        for redirection in (">/dev/full", ">/dev/full 2>&1", ">&-", "2>&-", "<&- >&- 2>&-"):
            line = f'exec "$@" {redirection}'
            settings = command(newsroom, *arguments)
            settings["args"] = ["sh", "-c", line, "sh", *settings["args"]]  # type: ignore[misc]
            ran = subprocess.run(**settings, capture_output=True, timeout=60)  # type: ignore[call-overload]
            newsroom.fault("an output that is full or closed")
            assert ran.returncode == (0 if redirection == "2>&-" else 1), (arguments, redirection, ran.stderr)
            assert b"Traceback" not in ran.stderr
        narrow = command(newsroom, *arguments, PYTHONIOENCODING="ascii")
        ran = subprocess.run(**narrow, capture_output=True, timeout=60)  # type: ignore[call-overload]
        newsroom.fault("an output without Unicode")
        assert (ran.returncode, ran.stdout.isascii()) == (0, True), ran.stderr
    assert len(json.loads(ran.stdout)) == 3
    newsroom.healed()
    newsroom.check()
