"""Draw the pictures of the page: a real run on the founding articles and three invented ones, in Debian's Chromium.

Run it with `.venv/bin/python docs/page_pictures.py`. Look at each picture before you commit it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from worker.embedded.layout import erase
from worker.web.address import free_port

HERE = Path(__file__).parent
SAMPLES = "seeds/00[0-2]_*.txt"
"""The sample articles; people drop articles of their own beside them."""
COMMAND = [sys.executable, "-m", "worker"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
BEGINS = "the old drains let the sea in"
QUOTATION = "A wall is only half of a harbour"
WATCHED = ("Harbour wall", "harbour OR wall")
"""The name of a watch-list, and what it watches for."""
TELEPHONE = 600
"""A narrower window is one of a telephone, which has no keys and no mouse."""
PATIENCE = 120
"""Wait at most so many seconds for the watch-list to tell something."""


@dataclass(frozen=True)
class Picture:
    """A picture: its name, what it shows, the width and height of the window, and light or dark."""

    name: str
    path: str
    width: int = 1200
    height: int = 800
    is_dark: bool = False
    cuts: str = ""
    """Show how the quotation with these words in it is cut, so that it begins with them."""


PICTURES = (
    Picture("page-search", "/?q=harbour+OR+wall"),
    Picture("page-search-dark", "/?q=harbour+OR+wall", is_dark=True),
    Picture("page-search-narrow", "/?q=harbour+OR+wall", width=360, height=740),
    Picture("page-article", "ARTICLE"),
    Picture("page-article-narrow", "ARTICLE", width=360, height=740),
    Picture("page-marking", "ARTICLE", cuts=BEGINS),
    Picture("page-speaker", "SPEAKER"),
    Picture("page-watch-list", "/watch-lists/1"),
)


def main() -> None:
    """Store the articles in a temporary HOME, serve the page, and take the pictures."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-pictures-"))
    folder.chmod(0o711)
    inbox, home = folder / "articles", folder / ".onrecord"
    inbox.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    environment["ONRECORD_HOME"] = str(home)
    environment["ONRECORD_WEB_PORT"] = str(free_port("127.0.0.1", 0))
    environment["ONRECORD_PERSON"] = "the desk"
    up = [*COMMAND, "up", "--inbox", str(inbox)]
    try:
        for article in HERE.parent.glob(SAMPLES):
            shutil.copy(article, inbox)
        subprocess.run([*up, "--once"], env=environment, check=True)
        name, search = WATCHED
        subprocess.run([*COMMAND, "watch-list", "add", name, "--search", search], env=environment, check=True)
        for article in (HERE / "invented").glob("*.html"):
            shutil.copy(article, inbox)
        with subprocess.Popen(up, env=environment, stdout=subprocess.PIPE, text=True) as server:
            try:
                address = all_read(server)
                with sync_playwright() as driver:
                    browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                    take(browser, address)
                    browser.close()
            finally:
                server.terminate()
    finally:
        with suppress(FileNotFoundError):
            erase(home)
        shutil.rmtree(folder, ignore_errors=True)


def all_read(server: subprocess.Popen[str]) -> str:
    """Wait until `up` has read every file, and return the address of its page."""
    assert server.stdout is not None
    address = None
    for line in server.stdout:
        print(line, end="")
        address = address or re.search(r"(?<=The page: )http://\S+(?=/)", line)
        if re.match(r"\d+ files: ", line):
            assert address is not None, "the page did not start"
            return address[0]
    raise SystemExit("onrecord up ended before it had read the articles.")


def take(browser: Browser, base: str) -> None:
    """Take all pictures."""
    tab = browser.new_page()
    until = time.monotonic() + PATIENCE
    while not tab.locator(".told .card").count():
        if time.monotonic() > until:
            raise SystemExit(f"The watch-list told nothing in {PATIENCE} seconds.")
        tab.goto(f"{base}/watch-lists/1", wait_until="load")
    tab.goto(f"{base}/?q=%22{QUOTATION.replace(' ', '+')}%22&sort=old", wait_until="load")
    places = {
        "ARTICLE": tab.locator(".card a", has_text="in its article").first.get_attribute("href"),
        "SPEAKER": tab.locator(".card .speaker").first.get_attribute("href"),
    }
    for picture in PICTURES:
        tab = browser.new_page(
            viewport={"width": picture.width, "height": picture.height},
            color_scheme="dark" if picture.is_dark else "light",
            is_mobile=picture.width < TELEPHONE,
            has_touch=picture.width < TELEPHONE,
        )
        path = places.get(picture.path, picture.path) or "/"
        tab.goto(base + path.split("#")[0], wait_until="load")
        if picture.cuts:
            cut(tab, picture.cuts)
        tab.screenshot(path=HERE / "images" / f"{picture.name}.png")
        tab.close()
        print(f"docs/images/{picture.name}.png")


def cut(tab: Page, begins: str) -> None:
    """Open the words of the quotation with these words in it, and mark it from there on."""
    marked = tab.locator("mark", has_text=begins).first
    number = marked.get_attribute("data-quote")
    tab.locator(f'[data-note="{number}"] .correct').click()
    tab.get_by_text("Other words").click()
    tab.wait_for_function("() => !getSelection().isCollapsed")
    marked.evaluate(
        """(mark, words) => {
            const node = mark.firstChild;
            getSelection().setBaseAndExtent(node, node.data.indexOf(words), node, node.data.length);
        }""",
        begins,
    )
    marked.evaluate("mark => mark.scrollIntoView({ block: 'start', behavior: 'instant' })")


if __name__ == "__main__":
    main()
