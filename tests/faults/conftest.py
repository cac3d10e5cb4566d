"""Fixtures with newsrooms that tests break, and the table of results, which `pytest tests/faults` prints at its end."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.faults.ground import Ground, OpenValkey
from tests.faults.model.counted import as_markdown as counts_as_markdown
from tests.faults.newsroom import Newsroom
from tests.faults.table import Line, as_markdown
from tests.faults.upped import Upped
from tests.faults.wire import Wire

PROPERTY = "scenario"
MODEL = "model"
Observed = TypeVar("Observed", bound=Newsroom)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is deleted after the test. Its name is short, because the paths of sockets must be short."""
    made = Path(tempfile.mkdtemp(prefix="onrecord-newsroom-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def newsroom(folder: Path, database_url: str, broker_url: str, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """A newsroom with its own database, on the servers of the session. No scenario may break these servers."""
    yield from observed(Newsroom(folder, database_url, broker_url), request)


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """Servers that a scenario may break. `parametrize(…, indirect=True)` passes the arguments of `Ground`."""
    made = Ground(**getattr(request, "param", {}))
    yield made
    made.close()


@pytest.fixture
def wire(ground: Ground) -> Iterator[Wire]:
    """The forwarder to the broker, through which the processes connect."""
    assert isinstance(ground.valkey, OpenValkey)
    made = Wire(ground.valkey.port)
    yield made
    made.close()


@pytest.fixture
def grounded(folder: Path, ground: Ground, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """A newsroom on its own servers (`ground`), which the scenario breaks."""
    yield from observed(Newsroom(folder, ground.database_url, ground.broker_url), request)


@pytest.fixture
def upped(folder: Path, request: pytest.FixtureRequest) -> Iterator[Upped]:
    """A newsroom in its own HOME, whose processes `onrecord up` starts and supervises."""
    yield from observed(Upped(folder), request)


def observed(made: Observed, request: pytest.FixtureRequest) -> Iterator[Observed]:
    """Pass a newsroom to its scenario, close it afterwards, and write its line of the table."""
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
    """Add the option `--faults-table FILE`, which also writes the table into a file."""
    parser.addoption("--faults-table", metavar="FILE", default=None, help="write the table of scenarios as Markdown")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table. The lines of failed scenarios say that they failed."""
    reports = [report for group in terminalreporter.stats.values() for report in group]
    failed = {report.nodeid for report in reports if getattr(report, "failed", False)}
    lines = [
        Line.from_json(values, passed=report.nodeid not in failed)
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, values in report.user_properties
        if name == PROPERTY
    ]
    counts = [
        dict(values)
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, values in report.user_properties
        if name == MODEL
    ]
    if counts:
        terminalreporter.section("model")
        terminalreporter.write_line(counts_as_markdown(counts))
    if not lines:
        return
    table = as_markdown(lines)
    terminalreporter.section("faults")
    terminalreporter.write_line(table)
    if path := config.getoption("--faults-table"):
        Path(path).write_text(table + "\n")
