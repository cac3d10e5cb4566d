"""Ctrl-C at any moment from the first instruction on: exit code 130, and nothing printed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.outside import WAITING

# The command, which tells when its first instructions have run. Before them, Python itself hears the signal.
SCRIPT = """
import os
from worker import interrupts
from worker.cli import main
install = interrupts.end_at_once
def begin():
    install()
    os.write(1, b"!")
interrupts.end_at_once = begin
main()
"""
MOMENTS = 4
"""`tests/faults/test_faults_ends.py` tries more moments, of commands that ask the database."""
# Commands in which an exception of the signal's handler is dropped, or becomes another exception.
DESTRUCTOR = """
import sys, time
from worker.cli import app, main
class Held:
    def __del__(self):
        print("begun", flush=True)
        time.sleep(60)
def command(arguments, prog_name):
    held = Held()
    del held
    time.sleep(60)
app.app = command
main()
"""
CLEANING_UP = """
import logging, time
from worker.cli import app, main
def command(arguments, prog_name):
    try:
        print("begun", flush=True)
        time.sleep(60)
    except BaseException:
        {reaction}
app.app = command
main()
"""
LIBRARY = CLEANING_UP.format(reaction='raise ValueError("the library has an error of its own")')
LOGGING = CLEANING_UP.format(reaction='logging.getLogger("library").exception("while cleaning up"); raise')


def interrupted(arguments: list[str], moment: float, number: signal.Signals) -> tuple[int, bytes]:
    """Send the signal `moment` seconds after the command has begun; return the exit code and what stderr has."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as ran:
        assert ran.stdout is not None
        assert ran.stdout.read(1) == b"!"
        time.sleep(moment)
        ran.send_signal(number)
        errors = ran.communicate(timeout=60)[1]
    return ran.returncode, WAITING.sub(b"", errors)


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "FILE"], ["quotes"]], ids=lambda line: line[0])
def test_at_every_moment(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a.txt"
    file.write_text("“It rains,” said Ann Lee.")
    arguments = [argument.replace("FILE", str(file)) for argument in arguments]
    began = time.monotonic()
    whole = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], capture_output=True, timeout=60, check=False)
    seconds = time.monotonic() - began
    for place in range(MOMENTS):
        code, errors = interrupted(arguments, seconds * place / MOMENTS, signal.SIGINT)
        assert code in (130, -signal.SIGINT, whole.returncode), place  # the second: as Python itself ends
        assert errors in (b"", WAITING.sub(b"", whole.stderr)), place


@pytest.mark.parametrize("program", [DESTRUCTOR, LIBRARY, LOGGING], ids=["destructor", "library", "logging"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_exception_that_is_dropped_or_replaced(program: str, number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as ran:
        assert ran.stdout is not None
        assert ran.stdout.read(6) == b"begun\n"
        ran.send_signal(number)
        assert (ran.communicate(timeout=30)[1], ran.returncode) == (b"", code)


def test_a_command_in_the_background_does_not_hear_ctrl_c() -> None:
    """A shell without job control ignores Ctrl-C for what it starts with `&`, and so does the command."""
    ignoring: Callable[[], object] = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)  # noqa: E731
    with subprocess.Popen(
        [sys.executable, "-m", "worker", "--version"], stdout=subprocess.PIPE, preexec_fn=ignoring
    ) as ran:
        while ran.poll() is None:
            os.kill(ran.pid, signal.SIGINT)
            time.sleep(0.02)
    assert ran.returncode == 0


def test_another_program_that_imports_us_keeps_its_handlers() -> None:
    program = "import signal; before = signal.getsignal(2); import worker; assert signal.getsignal(2) is before"
    subprocess.run([sys.executable, "-c", program], check=True)
