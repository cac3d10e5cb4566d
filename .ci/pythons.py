"""Try Onrecord on every Python that it promises: install the locked wheels, store the sample articles, run the tests.

A Python is tried if it is here: on the PATH, among pyenv's, or among uv's. For one that is not here, uv (if it is here)
says at least whether every locked dependency has a wheel for it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
ROOT = Path(__file__).parent.parent
TESTS = ("tests/unit", "tests/integration/watch", "tests/integration/pipeline")
STORED = "3 files: 3 stored, 0 duplicate, 0 quarantined, 0 ignored."
"""The last line of `onrecord up --once` on the sample articles."""
LONGEST = 3600.0
"""Stop a step that takes more than so many seconds."""


class Failed(Exception):
    """A step failed; the message is its name and the end of its output."""


def candidates(version: str) -> Iterator[str]:
    """Yield the paths where this Python may be."""
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    yield from map(str, sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True))
    if uv := shutil.which("uv"):
        result = subprocess.run(
            [uv, "python", "find", "--no-python-downloads", version], capture_output=True, text=True
        )
        yield from result.stdout.split()


def interpreter(version: str) -> str | None:
    """Return a Python of this version that can make a virtual environment; None if there is none."""
    probe = "import ensurepip, ssl, sys; print(f'{sys.version_info[0]}.{sys.version_info[1]}')"
    for python in candidates(version):
        try:
            result = subprocess.run([python, "-c", probe], capture_output=True, text=True)
        except OSError:
            continue
        if result.stdout.strip() == version:
            return python
    return None


def step(name: str, command: Sequence[str | Path], **environment: str) -> str:
    """Run one step, and return its output. Raises `Failed`."""
    print(f"  {name} …", flush=True)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ONRECORD_")}
    result = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
    )
    if result.returncode != 0:
        raise Failed(f"{name}:\n" + "\n".join(result.stdout.splitlines()[-30:]))
    return result.stdout


def try_on(python: str, tests: Sequence[str]) -> str:
    """Install Onrecord in a new environment of this Python, and use it; return the last line of the tests."""
    with tempfile.TemporaryDirectory(prefix="onrecord-python-") as folder:
        place = Path(folder)
        place.chmod(0o755)  # the servers' user must reach the binaries
        own = place / "environment" / "bin" / "python"
        pip: list[str | Path] = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        step("a new environment", [python, "-m", "venv", place / "environment"])
        step("the locked wheels", [*pip, "--only-binary", ":all:", "--require-hashes", "-r", "requirements-dev.lock"])
        step("Onrecord", [*pip, "--no-deps", "--no-build-isolation", "--editable", "."])
        (place / "seeds").mkdir()
        for article in (ROOT / "seeds").glob("00[0-2]_*.txt"):  # people drop articles of their own beside them
            shutil.copy(article, place / "seeds")
        told = step(
            "the sample articles",
            [own, "-m", "worker", "up", "--once", "--inbox", place / "seeds"],
            ONRECORD_HOME=str(place / "home"),
        )
        if STORED not in told:
            raise Failed(f"the sample articles:\n{told}")
        *_, last = step("the tests", [own, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]).splitlines()
        return last


def wheels_for(version: str) -> str:
    """Say whether every locked dependency has a wheel for a Python that is not here."""
    uv = shutil.which("uv")
    if uv is None:
        return "not here; with uv, its wheels could be looked up"
    command = [
        uv,
        "pip",
        "install",
        "--dry-run",
        "--quiet",
        "--target",
        tempfile.gettempdir(),
        "--only-binary",
        ":all:",
    ]
    command += ["--python-version", version, "--require-hashes", "-r", "requirements-dev.lock"]
    step("the wheels that it would need", command)
    return "not here, so not tried; every locked dependency has a wheel for it"


def main() -> int:
    """Try every version; return 1 if one of them failed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("versions", nargs="*", default=VERSIONS, help="such as 3.12; default: all")
    arguments.add_argument("--tests", nargs="*", default=TESTS, help="the tests to run; default: those without faults")
    options = arguments.parse_args()
    outcomes, is_failed = {}, False
    for version in options.versions:
        python = interpreter(version)
        print(f"Python {version}: {python or 'not here'}", flush=True)
        try:
            outcomes[version] = try_on(python, options.tests) if python else wheels_for(version)
        except Failed as failure:
            outcomes[version], is_failed = f"FAILED at {failure}", True
    print("\n" + "\n".join(f"Python {version}: {outcome}" for version, outcome in outcomes.items()))
    return 1 if is_failed else 0


if __name__ == "__main__":
    sys.exit(main())
