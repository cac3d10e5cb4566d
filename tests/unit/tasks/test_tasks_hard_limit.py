"""The hard limit of an article ends its process, whatever that does; and ends no process that was in time."""

import subprocess
import sys

ENDLESS = "re.match('(a+)+$', 40 * 'a' + 'b')"  # holds Python's lock all the time


def run(seconds: float, inside: str, after: str) -> subprocess.CompletedProcess[str]:
    """Run code inside the limit, and other code after it, in a process of its own."""
    code = f"""
import re, time
from worker.tasks.hard_limit import hard_limit
with hard_limit({seconds}):
    {inside}
{after}
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def test_code_that_never_returns_to_python_is_ended() -> None:
    ended = run(0.2, ENDLESS, "print('went on')")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Timeout" in ended.stderr


def test_what_ended_in_time_goes_on() -> None:
    ended = run(2.0, "pass", "time.sleep(2.5); print('went on')")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "went on\n", "")
