"""What a command loads, since that takes most of its time: one that only asks loads the driver, and nothing heavier."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import make_url

from worker.store.db import address

PROGRAM = """
import sys
import worker.embedded.environment  # what a command loads that uses the embedded servers
from worker.cli import main
try:
    main(sys.argv[2:])
except SystemExit as ended:
    assert ended.code in (0, 1)
print("loaded:", *sorted(set(sys.argv[1].split()) & set(sys.modules)))
"""
SERVING = (
    "celery kombu redis structlog starlette uvicorn jinja2 pyarrow openpyxl numpy onnxruntime watchdog alembic mako"
)
PARSING = "alembic mako worker.parse.registry worker.parse.entry lxml trafilatura fasttext"
HEAVY = f"{SERVING} {PARSING} rich.progress rich.markdown pydantic typer._adapters"


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["quotes"], f"{HEAVY} sqlalchemy"),
        (["files", "--state", "quarantined"], f"{HEAVY} sqlalchemy"),
        (["sql", "SELECT count(*) FROM quotes"], f"{HEAVY} sqlalchemy"),
        (["status", "--process", "watch", "--json"], HEAVY),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_nothing_that_it_does_not_use(
    arguments: list[str], heavy: str, database_url: str, tmp_path: Path
) -> None:
    urls = {"ONRECORD_DATABASE_URL": database_url, "ONRECORD_BROKER_URL": "redis://nowhere/0", "PATH": "/usr/bin"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, heavy, *arguments],
        env={**urls, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.splitlines()[-1:] == ["loaded:"], ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:password@host/name",
        "postgresql://user:password@host:5433/name?sslmode=require",
        "postgresql+psycopg://onrecord_report@/onrecord?host=%2Ftmp%2Fsockets&port=5432",
        "postgres://user:a%40b%2F#c@host/name",
        "postgresql://user:a/b@[::1]:5/name",
        "postgresql:///name?host=/sockets",
        "postgresql://user@/name?host=a:1&host=b:2",
        "postgresql://user@h/name?host=a,b&port=1,2",
        "postgresql://u%20x:p%20+@h/two%20words",
        "postgresql://host",
    ],
)
def test_a_url_means_the_same_with_sqlalchemy_and_without(url: str) -> None:
    dialect: Any = PGDialect_psycopg
    _, named = dialect().create_connect_args(make_url(url.replace("postgres://", "postgresql://")))
    assert address.parameters(url) == {name: str(value) for name, value in named.items()}


@pytest.mark.parametrize("url", ["", "host/name", "mysql://host/name", "postgresql://host:port/name"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(address.NotAnAddress):
        address.parameters(url)
