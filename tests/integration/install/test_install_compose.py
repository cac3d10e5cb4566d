"""Docker Compose as a stranger uses it: new passwords, two workers behind PgBouncer, an article, and the page.

It needs a Docker engine with Compose 2.23, and runs with `-m long` only.
"""

import contextlib
import http.cookiejar
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ground import free_port
from tests.sample_articles import ARTICLES

ROOT = Path(__file__).parents[3]
PATIENCE = 300.0
TRACKED = ("docker-compose.yml", "docker-compose.pooler.yml", "Dockerfile", "Makefile", ".dockerignore")
BUILT_OF = ("requirements.lock", "pyproject.toml", "README.md", "LICENSE")
ARTICLE = (
    '"We have waited four months for this," said Rui Prata, who runs the fish market. "My customers live over there."'
)


class Stranger:
    """Somebody with a clone, a Docker engine and a browser."""

    def __init__(self, clone: Path) -> None:
        self.clone = clone
        for name in (*TRACKED, *BUILT_OF):
            shutil.copy(ROOT / name, clone)
        for folder in ("worker", "migrations"):
            shutil.copytree(ROOT / folder, clone / folder, ignore=shutil.ignore_patterns("__pycache__"))
        (clone / "seeds").mkdir(mode=0o755)
        port = free_port()
        (clone / ".env").write_text(f"ONRECORD_WEB_PORT={port}\n")
        self.page = f"http://127.0.0.1:{port}"
        subprocess.run(["make", "passwords"], cwd=clone, check=True, capture_output=True)
        self.passwords = dict(line.split("=", 1) for line in (clone / ".env").read_text().split())
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies)

    def compose(self, *arguments: str) -> str:
        """Run `docker compose` with PgBouncer; return what it prints."""
        files = ("-f", "docker-compose.yml", "-f", "docker-compose.pooler.yml", "-p", "onrecord-test")
        command = ["docker", "compose", *files, *arguments]
        ran = subprocess.run(command, cwd=self.clone, check=False, capture_output=True, text=True, timeout=900)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def looks_at(self, path: str, **form: str) -> str:
        """Open a page, or send a form to it; return the page that follows."""
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.page + path, data, headers={"Origin": self.page})
        with self.browser.open(request, timeout=30) as answer:
            return str(answer.read().decode())


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Stranger]:
    found = shutil.which("docker") and subprocess.run(
        ["docker", "compose", "version"], capture_output=True, check=False
    )
    if not found or found.returncode:
        pytest.skip("there is no Docker Compose here")
    tmp_path.chmod(0o755)
    somebody = Stranger(tmp_path)
    yield somebody
    somebody.compose("down", "--volumes")


def wait_for_page(stranger: Stranger, path: str, words: str) -> str:
    """Look at a page until it has these words."""
    deadline = time.monotonic() + PATIENCE
    while True:
        page = ""
        with contextlib.suppress(OSError):
            page = stranger.looks_at(path)
        if words in page:
            return page
        assert time.monotonic() < deadline, page or stranger.compose("logs", "--tail", "20")
        time.sleep(1)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_stranger_drops_an_article_and_reads_it_on_the_page(stranger: Stranger) -> None:
    stranger.compose("up", "--build", "--detach", "--scale", "worker=2")
    token = re.search(r'name="token" value="([^"]+)"', wait_for_page(stranger, "/sign-in", "token"))
    assert token is not None
    password = stranger.passwords["ONRECORD_WEB_PASSWORD"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        stranger.looks_at("/sign-in", token=token[1], name="ada", password="wrong", next="/")
    stranger.looks_at("/sign-in", token=token[1], name="ada", password=password, next="/")
    for seed in ARTICLES:
        shutil.copy(seed, stranger.clone / "seeds")
    (stranger.clone / "seeds" / "harbour.txt").write_text(ARTICLE)
    wait_for_page(stranger, "/?q=speaker:Prata", "We have waited four months for this")
    wait_for_page(stranger, "/?q=speaker:Lavrov", "There are countries, each with interests outside its borders.")
    doctor = stranger.compose("exec", "-T", "worker", "onrecord", "doctor")
    assert "A pooler before PostgreSQL lends sessions for one transaction; workers can do with that." in doctor
    assert doctor.count(" process    worker on ") >= 2
    assert not re.search(r"^problem", doctor, re.M)
