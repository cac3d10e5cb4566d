"""SIGTERM while `up` waits for an answer of the database: the driver's error that follows is nothing to tell."""

import subprocess
import sys

from tests.stack import PATIENCE, Stack

CUT_SHORT = """
import os, signal, sys, time
from sqlalchemy.exc import OperationalError
from worker.cli import groundwork, main, stopping

def prepare(*_):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    except stopping.Stopped as stopped:
        raise OperationalError("SELECT 1", None, Exception("another command is already in progress")) from stopped

groundwork.prepare = prepare
sys.argv[1:] = ["up"]
main()
"""


def test_a_statement_that_is_cut_short_by_sigterm_ends_up_without_an_error(stack: Stack) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CUT_SHORT],
        env=stack.environment({"ONRECORD_INBOX": str(stack.inbox)}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "Stopped.")
    assert "already in progress" not in ended.stdout + ended.stderr
