"""The audit of dependencies: the real pip-audit asks an advisory service on this machine."""

import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
LOCK = "leaky==1.2.3\nsound==4.5.6\n"
ADVISORIES = {"jinja2": ["PYSEC-2021-66"], "leaky": ["GHSA-aaaa-bbbb-cccc", "CVE-2026-1"]}

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pip_audit") is None and "CI" not in os.environ,
    reason="pip-audit is not installed here yet: make dev",
)


class Advisories(BaseHTTPRequestHandler):
    """A service that answers like api.osv.dev."""

    known: ClassVar[dict[str, list[str]]] = ADVISORIES

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        ids = self.known.get(question["package"]["name"], [])
        advisories = {"vulns": [{"id": ids[0], "aliases": ids[1:], "summary": "bad", "affected": []}] if ids else []}
        answer = json.dumps(advisories if ids else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Ignorant(Advisories):
    """A service that answers but knows no advisory, like a mirror of a package index."""

    known: ClassVar[dict[str, list[str]]] = {}


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Iterator[str]:
    """Start a service; return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), getattr(request, "param", Advisories)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        server.shutdown()
        thread.join()


def audit(folder: Path, service: str, waived: str = "", *options: str) -> subprocess.CompletedProcess[str]:
    """Run the audit over a lock file of two packages."""
    (folder / "requirements.lock").write_text(LOCK)
    (folder / "exceptions.toml").write_text(waived)
    command = [sys.executable, str(AUDIT), "--osv-url", service, "--exceptions", "exceptions.toml", *options]
    return subprocess.run(
        [*command, "requirements.lock"], cwd=folder, capture_output=True, text=True, timeout=100, check=False
    )


def waiver(package: str, identifier: str, until: str) -> str:
    """Return an entry of the file of exceptions."""
    return f'[[exception]]\nid = "{identifier}"\npackage = "{package}"\nreason = "unused"\nuntil = {until}\n'


def test_what_is_vulnerable_fails(tmp_path: Path, service: str) -> None:
    ran = audit(tmp_path, service)
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.splitlines()[0] == "leaky 1.2.3 is vulnerable: CVE-2026-1, GHSA-aaaa-bbbb-cccc"
    assert "sound" not in ran.stdout


@pytest.mark.long
def test_an_exception_holds_until_its_day_and_no_longer_than_needed(tmp_path: Path, service: str) -> None:
    ran = audit(tmp_path, service, waiver("leaky", "CVE-2026-1", "2999-01-01"))
    assert (ran.returncode, ran.stdout) == (0, "audit: 0 wrong, 1 exception, 0 packages unknown to the service.\n")
    ran = audit(tmp_path, service, waiver("leaky", "CVE-2026-1", "2020-01-01"))
    assert ran.returncode == 1
    assert "ran out on 2020-01-01" in ran.stdout
    both = waiver("leaky", "CVE-2026-1", "2999-01-01") + waiver("sound", "CVE-2026-2", "2999-01-01")
    ran = audit(tmp_path, service, both)
    assert ran.returncode == 1
    assert "CVE-2026-2 of sound is needed no more" in ran.stdout


@pytest.mark.long
def test_a_lock_file_that_cannot_be_read_is_no_missing_service(tmp_path: Path, service: str) -> None:
    ran = audit(tmp_path, service, "", "missing.lock")
    assert ran.returncode == 1
    assert "the lock files could not be audited" in ran.stderr


@pytest.mark.parametrize("service", [Ignorant], indirect=True)
def test_a_service_that_knows_nothing_is_not_believed(tmp_path: Path, service: str) -> None:
    ran = audit(tmp_path, service)
    assert ran.returncode == 0
    assert "DEPENDENCIES NOT AUDITED" in ran.stderr
    assert "0 wrong" not in ran.stdout
    assert audit(tmp_path, service, "", "--strict").returncode == 3


@pytest.mark.long
def test_no_service_is_said_loudly(tmp_path: Path) -> None:
    ran = audit(tmp_path, "http://127.0.0.1:1/v1/query")
    assert ran.returncode == 0
    assert "DEPENDENCIES NOT AUDITED" in ran.stderr
    assert "refused" in ran.stderr
    assert audit(tmp_path, "http://127.0.0.1:1/v1/query", "", "--strict").returncode == 3
