"""The wheel, installed without the lock file by the oldest pip that we promise, reads a file of every format.

Installing takes a minute or two, so `make wheel` runs this, and `make test` does not.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OLDEST_PIP = "23.2.1"
"""The pip of Python 3.11's `venv`. It does not find every extra of a package by another spelling of its name."""
GOLDEN = sorted((ROOT / "tests" / "golden" / "parse").glob("[a-z]*/expected.json"))
READ = """
import json, sys
from pathlib import Path
from worker.parse import Limits, parse, split
from worker.reasons import Refused

def text_or_reason(member):
    try:
        return member.reason or parse(member.raw, member.media_type, Limits()).text
    except Refused as refusal:
        return refusal.reason

for path in map(Path, sys.argv[1:]):
    with path.open("rb") as stream:
        print(json.dumps([text_or_reason(member) for member in split(stream, path.name, Limits())]))
"""


def run(*command: object, folder: Path = Path("/")) -> str:
    """Run a command; return what it printed. Outside of the checkout, only what is installed is found."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder, env=surroundings, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_wheel_reads_every_format_where_the_oldest_pip_installed_it(tmp_path: Path) -> None:
    venv.create(tmp_path / "environment", with_pip=True)
    python = tmp_path / "environment" / "bin" / "python"
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", folder=ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(python, "-m", "pip", "install", "--quiet", f"pip=={OLDEST_PIP}")
    run(python, "-m", "pip", "install", "--quiet", wheel)
    inputs = [next(path for path in case.parent.iterdir() if path != case) for case in GOLDEN]
    lines = run(python, "-c", READ, *inputs).splitlines()
    expected = [[member.get("reason") or member["text"] for member in json.loads(case.read_text())] for case in GOLDEN]
    assert [json.loads(line) for line in lines] == expected
