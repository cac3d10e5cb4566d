"""The passwords in URLs appear in no log, no process title, no message, and no file that a command writes."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url

from tests.faults.ground import Ground, free_port
from tests.outside import client_of
from tests.security.conftest import PATIENCE

OWNER, READER, BROKER, WRONG = (f"{word}-S3cr3t%2Fword" for word in ("owner", "reader", "broker", "wrong"))
SECRET = "S3cr3t"  # each password contains it, encoded or not

pytestmark = pytest.mark.long


class Guarded:
    """A database and a broker whose URLs hold passwords; the broker requires its password."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        (folder / "tmp").mkdir()
        self.port = free_port()
        self._unix = client_of(ground.broker_url)
        self._unix.config_set("port", self.port)
        self.require("broker-S3cr3t/word")
        plain = make_url(ground.database_url)
        self.database_url = self._with(plain.render_as_string(), OWNER)
        self.report_url = self._with(plain.set(username="onrecord_reader").render_as_string(), READER)
        self.broker_url = f"redis://:{BROKER}@127.0.0.1:{self.port}/0"

    @staticmethod
    def _with(url: str, password: str) -> str:
        """Return the URL with a password added, although the socket requires no password."""
        scheme, rest = url.split("://")
        user, place = rest.split("@")
        return f"{scheme.split('+')[0]}://{user}:{password}@{place}"

    def require(self, password: str) -> None:
        """Let the broker require a password of all clients, also of clients that are already connected."""
        self._unix.config_set("requirepass", password)
        for client in self._unix.client_list():
            if client["addr"] != self._unix.client_info()["addr"] and "unix" not in str(client["flags"]).lower():
                self._unix.client_kill_filter(_id=client["id"], skipme=True)

    def environment(self, **settings: str) -> dict[str, str]:
        """Return the environment of a process that has the passwords."""
        return {
            "PATH": "/usr/bin:/bin",
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "HOME": str(self.folder),
            "ONRECORD_DATABASE_URL": self.database_url,
            "ONRECORD_REPORT_URL": self.report_url,
            "ONRECORD_BROKER_URL": self.broker_url,
            "ONRECORD_INBOX": f"news={self.inbox}",
            "ONRECORD_EXTRACTOR": "quoted",
            "ONRECORD_CONCURRENCY": "1",
            "ONRECORD_LOG_LEVEL": "debug",
        } | settings

    def start(self, *arguments: str, log: Path, **settings: str) -> subprocess.Popen[bytes]:
        """Start a command; its output goes to `log`."""
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "worker", *arguments],
                env=self.environment(**settings),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def run(self, *arguments: str, **settings: str) -> str:
        """Run a command until it ends; return all its output."""
        result = subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            env=self.environment(**settings),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return result.stdout + result.stderr

    def left_behind(self) -> dict[str, str]:
        """Return every file below the folder that contains a secret."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path): text for path in files if SECRET in (text := path.read_text(errors="replace"))}


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    """Servers that only this test uses."""
    ground = Ground()
    yield Guarded(ground, tmp_path)
    ground.close()


def wait(condition: object, what: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until `condition()` holds."""
    assert callable(condition)
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, f"still not: {what}\n{log.read_text()[-3000:]}"
        time.sleep(0.1)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("form", ["console", "json"])
def test_running_processes_show_no_password(guarded: Guarded, form: str) -> None:
    log = guarded.folder / "up.log"
    up = guarded.start("up", log=log, ONRECORD_LOG_FORMAT=form)
    try:
        page = "<html><body><article>" + "<p>“It will dry,” said mayor Arne Lie on Tuesday.</p>" * 9
        (guarded.inbox / "a.html").write_text(page + "</article></body></html>")
        wait(lambda: "stored  a.html" in log.read_text(), "the page is stored", up, log)
        below = psutil.Process(up.pid).children(recursive=True)
        bounded = [process for process in below if "bounded.child" in " ".join(process.cmdline())]
        assert len(below) > 4
        assert bounded
        for process in [psutil.Process(up.pid), *below]:
            proc = Path(f"/proc/{process.pid}")
            for title in (proc / "cmdline", proc / "comm"):
                assert SECRET not in title.read_text(), process.cmdline()
        for process in bounded:
            environment = Path(f"/proc/{process.pid}/environ").read_text()
            assert SECRET not in environment
            assert "ONRECORD" not in environment
        guarded.require("another-S3cr3t")  # now our password is wrong
        wait(lambda: "broker" in log.read_text().lower(), "the broker's refusal is logged", up, log)
        assert SECRET not in guarded.run("doctor") + guarded.run("status") + guarded.run("status", "--json")
        guarded.require("broker-S3cr3t/word")
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(PATIENCE)
    assert "Traceback" not in log.read_text()
    assert guarded.left_behind() == {}


WRONG_URLS = {
    "ONRECORD_DATABASE_URL": [
        f"postgresql://onrecord:{WRONG}@127.0.0.1:1/onrecord",
        f"postgresql://onrecord:{WRONG}@no.such.host.invalid/onrecord",
        f"postgresql://onrecord:{WRONG}@127.0.0.1:notaport/onrecord",
        f"postgresql://onrecord:{WRONG}@[::1/onrecord",
        f"postgresql://onrecord:{WRONG}@/nothing?host=/nowhere&sslmode=wrong",
        f"postgresql://onrecord:{WRONG}@127.0.0.1/x?passwordd={WRONG}",
        f"mysql://onrecord:{WRONG}@127.0.0.1/onrecord",
        f"onrecord:{WRONG}@127.0.0.1/onrecord",
        f"postgresql://onrecord:{WRONG}#@127.0.0.1/onrecord",
    ],
    "ONRECORD_REPORT_URL": [
        f"postgresql://onrecord_reader:{WRONG}@127.0.0.1:1/onrecord",
        f"postgresql://onrecord_reader:{WRONG}@127.0.0.1:notaport/onrecord",
        f"http://onrecord_reader:{WRONG}@127.0.0.1/onrecord",
    ],
    "ONRECORD_BROKER_URL": [
        f"redis://:{WRONG}@127.0.0.1:1/0",
        f"redis://:{WRONG}@127.0.0.1:notaport/0",
        f"redis://:{WRONG}@127.0.0.1:PORT/0",
        f"redis://user:{WRONG}@127.0.0.1:PORT/0",
        f"redis://:{WRONG}@127.0.0.1:PORT/notanumber",
        f"redis+socket://:{WRONG}@/nowhere?virtual_host=0",
        f"amqp://onrecord:{WRONG}@127.0.0.1:1//",
        f"nothing://onrecord:{WRONG}@127.0.0.1:1//",
        f"redis://:{WRONG}@no.such.host.invalid/0",
    ],
}


COMMANDS = {
    "ONRECORD_DATABASE_URL": [["doctor"], ["status", "--json"], ["migrate"]],
    "ONRECORD_REPORT_URL": [["doctor"], ["sql", "SELECT 1"]],
    "ONRECORD_BROKER_URL": [["doctor"]],
}

# Runs each command with each URL in one process, and prints the output of each.
ONE_BY_ONE = """
import contextlib, io, json, os, sys, traceback
from worker.cli import main
from worker.settings import settings
setting, urls, commands = json.load(sys.stdin)
for url in urls:
    os.environ[setting] = url
    for command in commands:
        settings.cache_clear()
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(command)
            except SystemExit:
                pass
        print(json.dumps([url, command, out.getvalue() + err.getvalue()]), flush=True)
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("setting", WRONG_URLS)
def test_wrong_urls_are_told_without_their_password(guarded: Guarded, setting: str) -> None:
    urls = [url.replace("PORT", str(guarded.port)) for url in WRONG_URLS[setting]]
    ran = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE],
        input=json.dumps([setting, urls, COMMANDS[setting]]),
        env=guarded.environment(),
        cwd=guarded.folder,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    results = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("[")]
    assert len(results) == len(urls) * len(COMMANDS[setting]), ran.stderr
    for url, command, output in results:
        assert output.strip(), (command, url)
        assert SECRET not in output, (command, url, output)
        assert "Traceback" not in output, (command, url, output)
        assert "not made for" not in output, (command, url, output)
    assert SECRET not in ran.stderr
    assert guarded.left_behind() == {}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("command", ["worker", "beat", "watch"])
def test_processes_with_a_wrong_broker_log_no_password(guarded: Guarded, command: str) -> None:
    log = guarded.folder / f"{command}.log"
    assert "schema" in guarded.run("migrate")
    (guarded.inbox / "a.txt").write_text("“It will dry,” said mayor Arne Lie on Tuesday, and went home.")
    started = guarded.start(command, log=log, ONRECORD_BROKER_URL=f"redis://:{WRONG}@127.0.0.1:{guarded.port}/0")
    try:
        kinds = {"worker": "broker", "watch": "broker", "beat": ""}
        wait(lambda: kinds[command] in log.read_text().lower() or log.stat().st_size > 2000, "it says so", started, log)
        for process in [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]:
            assert SECRET not in Path(f"/proc/{process.pid}/cmdline").read_text()
    finally:
        started.terminate()
        started.wait(PATIENCE)
    assert guarded.left_behind() == {}
