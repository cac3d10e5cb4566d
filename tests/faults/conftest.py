"""Newsrooms to break things in, and the table of what became of them (`pytest tests/faults` prints it at its end)."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.faults.ground import Ground
from tests.faults.newsroom import Newsroom
from tests.faults.table import Line, as_markdown
from tests.faults.upped import Upped

PROPERTY = "scenario"
Observed = TypeVar("Observed", bound=Newsroom)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards; its name is short, as sockets need it."""
    made = Path(tempfile.mkdtemp(prefix="onrecord-newsroom-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def newsroom(folder: Path, database_url: str, broker_url: str, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """A newsroom with a database of its own on the servers of the session, which no scenario breaks."""
    yield from observed(Newsroom(folder, database_url, broker_url), request)


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """Servers that may be broken; what `Ground` is asked for comes by `parametrize(…, indirect=True)`."""
    made = Ground(**getattr(request, "param", {}))
    yield made
    made.close()


@pytest.fixture
def grounded(folder: Path, ground: Ground, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """A newsroom on servers of its own (`ground`), which the scenario breaks."""
    yield from observed(Newsroom(folder, ground.database_url, ground.broker_url), request)


@pytest.fixture
def upped(folder: Path, request: pytest.FixtureRequest) -> Iterator[Upped]:
    """A newsroom in a HOME of its own, which `onrecord up` runs and looks after."""
    yield from observed(Upped(folder), request)


def observed(made: Observed, request: pytest.FixtureRequest) -> Iterator[Observed]:
    """Give a newsroom to its scenario, close it, and write its line of the table."""
    mark = request.node.get_closest_marker("scenario")
    assert mark is not None, "a test with a newsroom says which scenario it is: @pytest.mark.scenario(1, 'what')"
    failed = request.session.testsfailed
    try:
        yield made
    finally:
        made.close()
    if request.session.testsfailed == failed:
        assert made.checked, "a scenario ends with newsroom.check()"
    number, name = mark.args
    request.node.user_properties.append((PROPERTY, Line.of(number, name, made.outcome).to_json()))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--faults-table FILE`: the table as Markdown, too."""
    parser.addoption("--faults-table", metavar="FILE", default=None, help="write the table of scenarios as Markdown")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table; lines of scenarios that failed say so."""
    reports = [report for group in terminalreporter.stats.values() for report in group]
    failed = {report.nodeid for report in reports if getattr(report, "failed", False)}
    lines = [
        Line.from_json(values, passed=report.nodeid not in failed)
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, values in report.user_properties
        if name == PROPERTY
    ]
    if not lines:
        return
    table = as_markdown(lines)
    terminalreporter.section("faults")
    terminalreporter.write_line(table)
    if path := config.getoption("--faults-table"):
        Path(path).write_text(table + "\n")
