"""The last search for unused objects, when a command ends, has nothing to look at."""

import subprocess
import sys

PROGRAM = """
import atexit, gc, sys
atexit.register(lambda: print("left:", len(gc.get_objects())))
sys.argv[1:] = ["--version"]
from worker.cli import main
main()
"""


def test_the_last_search_looks_at_nothing() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    said, left = ran.stdout.splitlines()
    assert said.startswith("onrecord ")
    assert int(left.removeprefix("left: ")) < 100
