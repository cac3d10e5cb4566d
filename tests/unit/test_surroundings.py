"""No variable that a library of ours reads, and that is meant for another program, reaches it."""

import os
import re
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import pytest
from psycopg import pq

from tests.surroundings import HOSTILE
from worker.surroundings import drop, is_foreign

LIBRARIES = ("celery", "kombu", "billiard", "amqp", "vine", "redis", "psycopg", "sqlalchemy")
READ = re.compile(
    r"""(?:environ(?:\.get|\.setdefault|\.pop)?\s*[\[(]|getenv\(|_(?:int|float)_env\()\s*["'](?P<name>\w+)["']"""
)
HARMLESS = {
    "PATH": "where programs are",
    "TERM": "what the terminal can do",
    "ITERM_PROFILE": "what the terminal can do",
    "NUMBER_OF_PROCESSORS": "of Windows",
    "PYTHONPATH": "where Python's modules are",
    **dict.fromkeys(
        ("CI", "MYPY_FORCE_COLOR", "PYTEST_CURRENT_TEST", "TEST_BROKER", "WORKER_LOGLEVEL"),
        "of the libraries' own tests",
    ),
    "REQUIRE_SQLALCHEMY_CEXT": "of building SQLAlchemy",
    "PUBSUB_EMULATOR_HOST": "of a broker that we do not have",
    "NO_WORKER": "of a plugin of pytest",
    "SQLALCHEMY_WARN_20": "of warnings for developers",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "of warnings for developers",
    **dict.fromkeys(("SL_USERNAME", "SL_API_KEY"), "of a broker that we do not have"),
    **dict.fromkeys(("SLMQ_ACCOUNT", "SLMQ_HOST", "SLMQ_PORT", "SLMQ_SECURE"), "of a broker that we do not have"),
}


def read_by(library: str) -> set[str]:
    """Return the names of the variables that the source of a library reads."""
    spec = PathFinder.find_spec(library)  # kombu, once it is imported, says nothing of its place
    assert spec is not None and spec.origin is not None
    sources = Path(spec.origin).parent.rglob("*.py")
    return {match["name"] for source in sources for match in READ.finditer(source.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_a_library_reads_is_dropped_or_known_to_be_harmless(library: str) -> None:
    assert {name for name in read_by(library) if not is_foreign(name)} <= HARMLESS.keys()


def test_the_search_in_the_sources_finds_something() -> None:
    assert {"CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "C_FORCE_ROOT"} <= read_by("celery")


def test_what_libpq_reads_is_dropped() -> None:
    names = {option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    assert len(names) > 30
    assert {name for name in names if not is_foreign(name)} == set()
    assert names <= HOSTILE.keys(), "the tests with hostile surroundings should set these too"


def test_our_own_settings_and_the_systems_variables_stay() -> None:
    assert not any(
        map(is_foreign, ("ONRECORD_DATABASE_URL", "PATH", "HOME", "LANG", "TZ", "TMPDIR", "PYTHONPATH", "PS1"))
    )


def test_they_are_gone_before_any_library_is_imported() -> None:
    program = f"import worker, os; print(sorted(set(os.environ) & set({sorted(HOSTILE)!r})))"
    printed = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | HOSTILE, capture_output=True, text=True, check=True
    ).stdout
    assert printed == "[]\n"


def test_drop_leaves_the_rest_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "nowhere")
    monkeypatch.setenv("KEPT", "here")
    drop()
    assert "PGHOST" not in os.environ
    assert os.environ["KEPT"] == "here"
