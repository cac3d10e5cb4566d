"""`onrecord up` serves the page, and whatever is wrong with the page, articles are stored."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.stack import PATIENCE, Stack
from worker.web.address import free_port

pytestmark = pytest.mark.slow

ARTICLE = "The harbour wall goes up, said Ruta Linden, the mayor. “We waited long enough,” Linden said on Monday."


@contextmanager
def running(stack: Stack, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command until the `with` block ends, and check that it then ends cleanly."""
    process = stack.start(*arguments, **settings)
    try:
        yield process
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.communicate(timeout=PATIENCE)


def line_with(process: "subprocess.Popen[str]", words: str) -> str:
    """Return the first line of the output in which these words stand."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return line
    raise AssertionError(f"{words!r} is not in {''.join(said)}")


def got(address: str) -> str:
    """Return the page at an address; it may take a moment to start."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.2)
    raise AssertionError("the page does not answer")


def test_up_serves_the_page_and_prints_its_address(stack: Stack) -> None:
    (stack.inbox / "wall.txt").write_text(ARTICLE)
    port = free_port("127.0.0.1", 0)
    with running(stack, "up", "--inbox", str(stack.inbox), ONRECORD_WEB_PORT=str(port)) as up:
        line = line_with(up, "The page:")
        assert f"http://127.0.0.1:{port}/" in line
        line_with(up, "stored  wall.txt")
        assert "We <mark>waited</mark> long enough" in got(f"http://127.0.0.1:{port}/?q=waited")
        assert f"page: http://127.0.0.1:{port}/\n" in stack.run("status").stdout
    assert "page: not served" in stack.run("status").stdout


def test_a_page_that_may_not_start_stops_nothing(stack: Stack) -> None:
    (stack.inbox / "wall.txt").write_text(ARTICLE)
    settings = {"ONRECORD_WEB_PORT": "8033", "ONRECORD_WEB_HOST": "0.0.0.0"}
    with running(stack, "up", "--inbox", str(stack.inbox), **settings) as up:
        line = line_with(up, "There is no page")
        assert "open to everybody" in line
        line_with(up, "stored  wall.txt")


def test_a_page_for_others_needs_a_password(stack: Stack) -> None:
    stack.run("up", "--once", "--inbox", str(stack.inbox))
    refused = stack.run("web", ONRECORD_WEB_HOST="0.0.0.0", ONRECORD_WEB_PORT="8033")
    assert refused.returncode == 1
    assert "has no password" in refused.stderr
    assert "Traceback" not in refused.stderr
    made = subprocess.run(
        [sys.executable, "-m", "worker", "web", "password"],
        input="a long enough password\n",
        env=stack.environment({}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Kept in" in made.stdout
    assert (stack.home / "web-password").stat().st_mode & 0o777 == 0o600
    port = free_port("0.0.0.0", 0)
    with running(stack, "web", "--port", str(port), ONRECORD_WEB_HOST="0.0.0.0"):
        assert "Sign in" in got(f"http://127.0.0.1:{port}/")
