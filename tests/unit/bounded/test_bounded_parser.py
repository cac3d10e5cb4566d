"""The real child reads harmful documents. It hangs, grows or dies, and the next document is still parsed."""

import gzip
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from worker.bounded import BoundedParser, child, process
from worker.bounded.frames import Channel, Frame
from worker.parse import Limits
from worker.reasons import Reason, Refused

PAGE = (
    "<!DOCTYPE html><html><head><title>Quay</title></head><body><article>"
    + "<p>The quay was opened on Tuesday in heavy rain, and nobody stayed to see it.</p>" * 2
    + "<p>“It will dry,” said mayor Arne Lie, and went home to his supper.</p></article></body></html>"
).encode()
LINES = b"".join(b'{"text": "Number %d, said Una Roe."}\n' % number for number in range(2000))
MEMORY = 1_500_000_000
SECONDS = 20.0


@pytest.fixture(scope="module")
def warm() -> Iterator[BoundedParser]:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        parser.warm()
        yield parser


def only_child(parser: BoundedParser) -> int:
    """Return the process id of the one idle child."""
    (child,) = parser._idle
    return child.pid


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until the condition is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def refusal(work: Callable[[], object]) -> Reason:
    """Return the reason with which `work` is refused."""
    with pytest.raises(Refused) as caught:
        work()
    assert caught.value.message.endswith(".")
    return caught.value.reason


def test_a_page_is_parsed_in_a_child_that_is_used_again(warm: BoundedParser) -> None:
    assert warm.parse(PAGE, "text/html").title == "Quay"
    pid = only_child(warm)
    assert "It will dry" in warm.parse(PAGE, "text/html").text
    assert only_child(warm) == pid


def test_a_refusal_kills_no_child(warm: BoundedParser) -> None:
    warm.parse(PAGE, "text/html")
    pid = only_child(warm)
    assert refusal(lambda: warm.parse(b"<html></html>", "text/html")) is Reason.NO_TEXT
    assert refusal(lambda: list(warm.split(io.BytesIO(b""), "a.txt"))) is Reason.EMPTY
    assert refusal(lambda: warm.parse(b"x", "no/such")) is Reason.UNSUPPORTED_TYPE
    assert only_child(warm) == pid


def test_small_text_starts_no_child() -> None:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        assert parser.parse(b"She said yes.", "text/plain").text == "She said yes."
        assert parser.parse(b'{"text": "She said yes."}', "application/json").text == "She said yes."
        assert parser._idle == []


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        (b'{"text": "<p>She said yes.</p>"}', "application/json"),
        (rb'{"text": "\u003Cp>She said yes.\u003c/p>"}', "application/json"),
        ('{"text": "She said yes."}'.encode("utf-16"), "application/json"),
        (b"She said *yes*.", "text/markdown"),
        (b"She said yes. " * 10_000, "text/plain"),
    ],
)
def test_all_but_short_plain_text_is_parsed_in_a_child(warm: BoundedParser, raw: bytes, media_type: str) -> None:
    warm.close()
    assert warm.parse(raw, media_type).text.startswith("She said yes.")
    assert only_child(warm)


@pytest.mark.parametrize("in_memory", [True, False])
def test_split_of_a_file(warm: BoundedParser, tmp_path: Path, in_memory: bool) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(LINES))
    with path.open("rb") as file:
        source = io.BytesIO(file.read()) if in_memory else file
        source.seek(5)  # the offset need not be at the start
        members = list(warm.split(source, path.name))
    assert len(members) == 2000
    assert json.loads(members[-1].raw)["text"] == "Number 1999, said Una Roe."
    assert (members[-1].name, members[-1].media_type) == ("2000", "application/json")


def test_split_of_a_descriptor_with_refused_members(warm: BoundedParser, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    limits = Limits(max_member_bytes=100)
    path.write_bytes(b'{"text": "One."}\n' + b"a" * 101 + b'\n{"text": "Three."}')
    with BoundedParser(limits, MEMORY, SECONDS) as parser, path.open("rb") as file:
        members = list(parser.split(file.fileno(), b"caf\xe9.jsonl"))
    assert [member.reason for member in members] == [None, Reason.TOO_LARGE, None]
    assert "ONRECORD_MAX_MEMBER_BYTES" in (members[1].message or "")


def test_parsing_between_the_members_of_a_split(warm: BoundedParser) -> None:
    for count, _ in enumerate(warm.split(io.BytesIO(LINES), "a.jsonl")):
        if count % 500 == 0:
            assert warm.parse(PAGE, "text/html").title == "Quay"
    assert len(warm._idle) == 2


def test_an_unfinished_split_leaves_no_child() -> None:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        members = parser.split(io.BytesIO(LINES * 50), "a.jsonl")
        next(members)
        members.close()  # type: ignore[attr-defined]
        assert parser._idle == []
        assert len(list(parser.split(io.BytesIO(LINES), "a.jsonl"))) == 2000


def test_a_child_that_hangs_is_killed_in_time_and_replaced() -> None:
    with BoundedParser(Limits(), MEMORY, 2.0) as parser:
        parser.warm()
        eventually(lambda: psutil.Process(only_child(parser)).cpu_times().user > 0)
        pid = only_child(parser)
        os.kill(pid, signal.SIGSTOP)
        started = time.monotonic()
        assert refusal(lambda: parser.parse(PAGE, "text/html")) is Reason.TIMEOUT
        assert time.monotonic() - started < 10
        eventually(lambda: not psutil.pid_exists(pid))
        assert len(list(parser.split(io.BytesIO(LINES), "a.jsonl"))) == 2000


SLOW_PAGE = b"<html>" + b"<p>word word, " * 49_000  # trafilatura takes seconds to read it


def test_a_slow_page_is_stopped_and_the_next_is_not() -> None:
    with BoundedParser(Limits(), MEMORY, 0.5) as parser:
        assert refusal(lambda: parser.parse(SLOW_PAGE, "text/html")) is Reason.TIMEOUT
        assert parser._idle == []
        assert [member.media_type for member in parser.split(io.BytesIO(PAGE), "a.html")] == ["text/html"]


def test_a_document_that_needs_too_much_memory() -> None:
    with BoundedParser(Limits(), 450_000_000, SECONDS) as parser:
        big = b'{"text": "Words.", "a": [' + b"{}," * 6_000_000 + b"{}]}"
        assert refusal(lambda: parser.parse(big, "application/json")) is Reason.MEMORY
        assert parser._idle == []
        assert len(list(parser.split(io.BytesIO(LINES), "a.jsonl"))) == 2000


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_child_that_dies_while_it_parses_is_replaced(number: signal.Signals) -> None:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        parser.warm()
        pid = only_child(parser)
        threading.Timer(0.3, os.kill, (pid, number)).start()
        assert refusal(lambda: [parser.parse(SLOW_PAGE, "text/html") for _ in range(9)]) is Reason.CRASHED
        assert len(list(parser.split(io.BytesIO(LINES), "a.jsonl"))) == 2000


def test_a_child_out_of_processor_time_is_a_timeout() -> None:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        parser.warm()
        threading.Timer(0.3, os.kill, (only_child(parser), signal.SIGXCPU)).start()
        assert refusal(lambda: [parser.parse(SLOW_PAGE, "text/html") for _ in range(9)]) is Reason.TIMEOUT


def test_a_child_that_died_while_idle_harms_no_document() -> None:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        list(parser.split(io.BytesIO(LINES), "a.jsonl"))
        os.kill(only_child(parser), signal.SIGKILL)
        eventually(lambda: psutil.Process(only_child(parser)).status() == psutil.STATUS_ZOMBIE)
        assert len(list(parser.split(io.BytesIO(LINES), "a.jsonl"))) == 2000


def far_apart(path: Path) -> Path:
    """Write two articles with a line of 50 MB of NUL bytes between them (a hole on disk)."""
    with path.open("wb") as file:
        file.write(b'{"text": "First."}' + b" " * 100_000 + b"\n")
        file.truncate(50_000_000)
        file.seek(0, io.SEEK_END)
        file.write(b'\n{"text": "Last."}\n')
    return path


def test_progress_between_two_members_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed: list[float] = []
    monkeypatch.setattr(child, "_allow", allowed.append)
    ours, theirs = socket.socketpair()
    descriptor = os.open(far_apart(tmp_path / "a.jsonl"), os.O_RDONLY)
    with ours, theirs, child.ReportingFile(descriptor, Channel(theirs, 0), 3.0) as file:
        buffer = bytearray(1_000_000)
        while file.readinto(buffer):
            pass
        assert Channel(ours, 0).receive(5) == Frame({"progress": True})
    assert allowed == [3.0] * (50_000_000 // child.REPORT_BYTES)


def test_progress_reports_are_not_members(warm: BoundedParser, tmp_path: Path) -> None:
    path = far_apart(tmp_path / "a.jsonl")
    with path.open("rb") as file:
        members = list(warm.split(file, path.name))
    assert [(member.name, member.reason) for member in members] == [("1", None), ("2", Reason.TOO_LARGE), ("3", None)]


def test_the_members_before_the_death_of_a_child_stay() -> None:
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        list(parser.split(io.BytesIO(PAGE), "a.html"))
        pid = only_child(parser)
        members = parser.split(io.BytesIO(LINES * 100), "a.jsonl")
        first = next(members)
        os.kill(pid, signal.SIGKILL)
        rest = list(members)
        assert first.reason is None
        assert rest[-1].reason is Reason.CRASHED


def test_the_child_sees_no_secret_and_holds_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://user:secret@host/name")
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        list(parser.split(io.BytesIO(PAGE), "a.html"))
        process = psutil.Process(only_child(parser))
        assert not [name for name in process.environ() if name.startswith("ONRECORD")]
        open_files = {Path(file.path).name for file in process.open_files()}
        assert not {name for name in open_files if not name.startswith("libffi.so")}  # newer ones hold themselves open
        assert process.cwd() == "/"


def test_children_end_with_close() -> None:
    parser = BoundedParser(Limits(), MEMORY, SECONDS)
    list(parser.split(io.BytesIO(PAGE), "a.html"))
    pid = only_child(parser)
    parser.close()
    assert not psutil.pid_exists(pid)
    assert len(list(parser.split(io.BytesIO(LINES), "a.jsonl"))) == 2000
    parser.close()


def test_a_fork_starts_children_of_its_own(warm: BoundedParser) -> None:
    warm.parse(PAGE, "text/html")
    before = [child.pid for child in warm._idle]
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            count = len(list(warm.split(io.BytesIO(LINES), "a.jsonl")))
            os.write(writing, f"{count} {warm._idle[-1].pid}".encode())
            warm.close()
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    with os.fdopen(reading, "rb") as answer:
        members, theirs = answer.read().decode().split()
    assert members == "2000"
    assert int(theirs) not in before
    assert warm.parse(PAGE, "text/html").title == "Quay"


@pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")
def test_the_child_dies_with_its_parent_while_it_parses() -> None:
    script = (
        "import sys, io\n"
        "from worker.bounded import BoundedParser\n"
        "from worker.parse import Limits\n"
        "parser = BoundedParser(Limits(), 1_500_000_000, 60)\n"
        "list(parser.split(io.BytesIO(b'<html><p>She said yes.'), 'a.html'))\n"
        "print(parser._idle[0].pid, flush=True)\n"
        "while True: parser.parse(b'<html>' + b'<p>word word, ' * 49_000, 'text/html')\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    eventually(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_a_child_ends_by_itself_when_its_parent_is_gone() -> None:
    ours, theirs = socket.socketpair()
    arguments = [sys.executable, "-m", "worker.bounded.child", str(theirs.fileno()), "0", str(MEMORY), "5"]
    with theirs, subprocess.Popen(arguments, pass_fds=(theirs.fileno(),)) as child:
        theirs.close()
        assert ours.recv(1)
        ours.close()
        assert child.wait(20) is not None


def test_a_library_that_is_missing_is_no_fault_of_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ModuleNotFoundError(\"No module named 'lxml_html_clean'\")")
    surroundings = process._environment()
    surroundings["PYTHONPATH"] = f"{tmp_path}:{surroundings['PYTHONPATH']}"
    monkeypatch.setattr(process, "_environment", lambda: surroundings)
    with BoundedParser(Limits(), MEMORY, SECONDS) as parser:
        parser.warm()
        with pytest.raises(ImportError, match="lxml_html_clean"):
            parser.parse(PAGE, "text/html")
        (tmp_path / "trafilatura.py").unlink()  # it is installed now
        assert parser.parse(PAGE, "text/html").title == "Quay"
