"""Other programs read the views as docs/sql.md says: its examples run here, as a role that is only a reader.

An example is skipped where the program that it is for is not installed.
"""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from worker.embedded.binaries import postgres_binary
from worker.store.db.engine import make_engine

PAGE = Path(__file__).parents[3] / "docs" / "sql.md"
SECTION = re.compile(r"^### (?P<name>.+?)\n(?P<words>.*?)(?=^##)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(?P<kind>python|sh)\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
IMPORTED = re.compile(r"^(?:import|from) (\w+)", re.MULTILINE)
NEEDS = {"polars": ("adbc_driver_postgresql",), "pandas": ("psycopg",), "ADBC and Arrow": ("pyarrow",)}
"""What a program imports by itself."""


def examples(kind: str) -> dict[str, str]:
    """Return the last example of a kind in each section about a program, by the heading of the section."""
    page = PAGE.read_text(encoding="utf-8").partition("## Other programs\n")[2].partition("\n## ")[0] + "\n## "
    return {
        section["name"]: block["code"]
        for section in SECTION.finditer(page)
        for block in BLOCK.finditer(section["words"])
        if block["kind"] == kind
    }


@pytest.fixture
def url(shelf: str) -> Iterator[str]:
    """What `$URL` is in the page: the press, as a role that is a reader and nothing else."""
    role, owner = f"onrecord_program_{os.getpid()}", make_engine(shelf)
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'x' IN ROLE onrecord_reader"))
        connection.execute(text(f"ALTER ROLE {role} SET search_path = 'report'"))
    address = make_url(shelf).set(drivername="postgresql", username=role, password="x")
    yield address.render_as_string(hide_password=False)
    with owner.begin() as connection:
        connection.execute(text(f"DROP ROLE {role}"))
    owner.dispose()


def run(command: list[str], url: str) -> str:
    """Run a command with `URL` in its environment; return what it prints."""
    ran = subprocess.run(command, env={**os.environ, "URL": url}, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_page_has_the_examples() -> None:
    assert examples("python").keys() >= {"pandas", "polars", "ADBC and Arrow", "DuckDB"}
    assert examples("sh").keys() >= {"psql", "dbt"}


@pytest.mark.parametrize("program", examples("python"))
def test_an_example_in_python(program: str, url: str) -> None:
    code = examples("python")[program]
    needed = {*IMPORTED.findall(code), *NEEDS.get(program, ())}
    missing = sorted(name for name in needed if importlib.util.find_spec(name) is None)
    if missing and not os.environ.get("CI"):
        pytest.skip(f"{', '.join(missing)} is not installed")
    assert "Lavrov" in run([sys.executable, "-c", code], url) or program == "ADBC and Arrow"


def test_the_example_for_psql(url: str) -> None:
    code = examples("sh")["psql"].replace("psql ", f"{postgres_binary('psql')} ", 1)
    printed = run(["bash", "-c", code], url)
    assert "Lavrov" in printed
    assert "One row a shown quote" in printed
