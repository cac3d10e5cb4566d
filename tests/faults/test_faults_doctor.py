"""`onrecord doctor` and the health checks of a newsroom: healthy, with a silent broker, and with a pool cut off."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
import pytest

from tests.faults.ground import Ground
from tests.faults.newsroom import Newsroom

BOUND = 60.0  # seconds for a command on a busy machine; 3 when idle
REWIND = (
    "UPDATE processes SET started_at = started_at - interval '10 minutes', last_finished = last_finished - interval"
    " '10 minutes'",
    "UPDATE files SET first_seen = first_seen - interval '9 minutes'",
)


def onrecord(newsroom: Newsroom, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the running processes."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "worker", *arguments],
        env=newsroom.environment({}),
        cwd=newsroom.folder,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert time.monotonic() - began < BOUND
    assert "Traceback" not in done.stdout + done.stderr
    return done


def health(newsroom: Newsroom, kind: str) -> tuple[int, dict[str, Any]]:
    """Return the exit status of the health check of a process, and its answer."""
    done = onrecord(newsroom, "status", "--json", "--process", kind)
    return done.returncode, json.loads(done.stdout)


def said(found: dict[str, Any]) -> str:
    return " ".join(problem["said"] for problem in found["problems"])


def rewind(ground: Ground) -> None:
    """Change the tables as if ten minutes had passed since anything ran."""
    ground.sql(*REWIND)


@pytest.mark.scenario(7, "the health check proves that a task ran, and doctor finds the silent broker")
@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_silent_broker_is_told_by_the_health_check(grounded: Newsroom, ground: Ground) -> None:
    grounded.settings["ONRECORD_REPORT_URL"] = ""
    grounded.open("watch", "worker", "beat", "backfill")
    grounded.drop_all(range(3))
    grounded.wait(grounded.at_rest, "the first articles are stored")
    well = onrecord(grounded, "doctor")
    # Only an administrator of an own server can forbid the analysts all that they do not need.
    told = [line for line in well.stdout.splitlines() if not line.startswith(("ok ", "warning analysts "))]
    assert (well.returncode, told) == (0, [])
    for kind in ("watch", "worker", "beat", "backfill"):
        status, found = health(grounded, kind)
        assert (status, found["healthy"], found["problems"]) == (0, True, [])

    grounded.fault("broker silent (SIGSTOP)")
    ground.send(ground.valkey, signal.SIGSTOP)
    grounded.drop_all(range(3, 8))
    grounded.wait(lambda: grounded.states()["waiting"] == 5, "the watcher goes on without a broker")
    rewind(ground)
    status, found = health(grounded, "worker")
    assert (status, found["healthy"]) == (1, False)
    # ten minutes, and nine for the oldest row, or a little more: commands take long on a busy machine
    quiet = r"nothing has run for 1\d minutes while rows wait \(5 of intake, the oldest for (9|1\d) minutes\)"
    assert re.search(quiet, said(found)), found
    doctor = onrecord(grounded, "doctor")
    assert doctor.returncode == 1
    problems = [line for line in doctor.stdout.splitlines() if line.startswith("problem")]
    # the broker's own limit ends first, but not on a machine that is too busy
    silent = re.compile(r"problem +broker .*No answer (came|within)")
    assert any(silent.match(line) for line in problems), doctor.stdout
    assert any("nothing has run for" in line for line in problems), doctor.stdout

    ground.send(ground.valkey, signal.SIGCONT)
    grounded.healed()
    grounded.check(180)
    grounded.wait(lambda: health(grounded, "worker")[0] == 0, "the worker is healthy again", BOUND)


@pytest.mark.scenario(7, "a worker whose pool has lost its parent ends, and the health check says so")
@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_pool_without_its_parent_ends(newsroom: Newsroom) -> None:
    newsroom.open("watch", "worker")
    newsroom.drop_all(range(3))
    newsroom.wait(newsroom.at_rest, "the first articles are stored")
    pool = newsroom.processes["worker"].pool()
    assert pool
    newsroom.fault("kill -9 of the pool's parent alone")
    os.kill(newsroom.processes["worker"].pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(pool, timeout=60)
    assert not alive, "pool processes without a parent get no messages, and their heartbeat would go on for ever"
    newsroom.wait(lambda: health(newsroom, "worker")[0] == 1, "nobody takes the dead for alive")
    _, found = health(newsroom, "worker")
    assert not found["healthy"]
    assert "No worker is alive on" in said(found)
    doctor = onrecord(newsroom, "doctor")
    assert "No worker is running. Start one: `onrecord worker`." in doctor.stdout
    newsroom.drop_all(range(3, 6))
    newsroom.processes["worker"].kill()  # only to collect the exit status
    newsroom.processes["worker"].start()
    newsroom.healed()
    newsroom.check(120)
