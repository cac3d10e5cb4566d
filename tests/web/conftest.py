"""The page on a database of each test's own, and Debian's Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine

from tests.web.served import Served, served
from tests.web.world import World, furnish

FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser. Without one, tests are skipped; but in CI, which installs it, they fail."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "There is no Chromium; `apt-get install chromium` installs it."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def world(engine: Engine) -> World:
    """The numbers of what stands in this test's database."""
    return furnish(engine)


@pytest.fixture
def site(database_url: str, world: World) -> Iterator[Served]:
    """The page on this test's database."""
    with served(database_url) as running:
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
