"""The page on a database for tests that only read, and Debian's Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import text

from tests.conftest import with_database
from tests.web.served import Served, served
from tests.web.world import World, furnish
from worker.store.db.engine import make_engine

FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000
"""Wait at most so many milliseconds for what a page should show; a busy machine takes long."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser. Without one, tests are skipped; but in CI, which installs it, they fail.

    Its driver runs an event loop in this thread, in which tests of other modules could run none of their own.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "There is no Chromium; `apt-get install chromium` installs it."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as driver:
        expect.set_options(timeout=PATIENCE_MS)
        running = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def library(servers: tuple[str, str], template: str) -> Iterator[tuple[str, World]]:
    """The URL of a database that all tests share which only read, and the numbers of what stands in it."""
    name = f"onrecord_page_{os.getpid()}"
    admin = make_engine(servers[0]).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    url = with_database(servers[0], name)
    filling = make_engine(url)
    furnished = furnish(filling)
    filling.dispose()
    yield url, furnished
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def world(library: tuple[str, World]) -> World:
    """The numbers of what stands in the database."""
    return library[1]


@pytest.fixture(scope="session")
def site(library: tuple[str, World]) -> Iterator[Served]:
    """The page on the database that all tests share which only read."""
    with served(library[0]) as running:
        yield running


@pytest.fixture
def tab(browser: Browser, site: Served) -> Iterator[Page]:
    """A tab of the browser; whatever the browser complains of fails the test."""
    context = browser.new_context(base_url=site.url, viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda sent: None if sent.url.startswith(site.url) else complaints.append(sent.url))
    yield opened
    context.close()
    assert complaints == []
