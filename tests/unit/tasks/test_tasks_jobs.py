"""Beat knows the names of the jobs, and loads none of the code that does them."""

import subprocess
import sys

from worker.tasks import housekeeping, jobs
from worker.tasks.app import app

PROGRAM = """
import sys
from worker.tasks import beat
beat.app.conf.update(beat_schedule=beat.jobs.SCHEDULE, include=())
beat.app.loader.init_worker()
beat.app.Beat(scheduler_cls=beat.Ringing, quiet=True)
heavy = {"numpy", "onnxruntime", "trafilatura", "lxml", "worker.pipeline.document", "worker.tasks.housekeeping"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or 0)
"""


def test_every_job_that_beat_rings_for_is_a_task() -> None:
    assert housekeeping.__name__ in app.conf.include
    assert set(jobs.JOBS) == {name for name in app.tasks if name.startswith("ledger.")}


def test_beat_loads_none_of_their_code() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
