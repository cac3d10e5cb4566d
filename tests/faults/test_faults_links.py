"""Links, pipes, devices, archives with paths outside, hard links: no file outside is opened, moved or removed."""

import fcntl
import io
import os
import shutil
import signal
import socket
import stat
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import pytest

from tests.faults.invented import invented
from tests.faults.newsroom import Newsroom

SECRET = invented(999)


class Guarded:
    """A file outside the inbox that Onrecord must not open. The test holds a lease on it, so it notices an opening."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SECRET.content)
        self._file = os.open(path, os.O_RDWR)
        fcntl.fcntl(self._file, fcntl.F_SETLEASE, fcntl.F_WRLCK)

    @property
    def opened(self) -> bool:
        """True if a process has opened the file, or waits to open it."""
        return fcntl.fcntl(self._file, fcntl.F_GETLEASE) != fcntl.F_WRLCK

    def close(self) -> None:
        """End the lease."""
        os.close(self._file)


@pytest.fixture
def outside(folder: Path) -> Iterator[Guarded]:
    """A guarded file in a folder beside the watched folder."""
    if not hasattr(fcntl, "F_SETLEASE"):
        pytest.skip("leases on files are Linux's")

    def told(_number: int, _frame: FrameType | None) -> None:
        """Do nothing when the lease is broken; `opened` reports it."""

    before = signal.signal(signal.SIGIO, told)
    guarded = Guarded(folder / "outside" / "secret.txt")
    yield guarded
    guarded.close()
    signal.signal(signal.SIGIO, before)


@contextmanager
def waiting_writer(pipe: Path) -> Iterator[threading.Event]:
    """Start a thread that waits until a pipe is opened for reading; yield an event that is set when this happens."""
    opened = threading.Event()

    def write() -> None:
        os.close(os.open(pipe, os.O_WRONLY))
        opened.set()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))  # end the waiting thread
        thread.join(10)


def evil_zip() -> bytes:
    """Return a zip with one good member; its other members have names or links that lead outside."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sound.txt", invented(1).text)
        archive.writestr("../escaped.txt", invented(2).text)
        archive.writestr("/tmp/escaped.txt", invented(3).text)
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../outside/secret.txt")
    return packed.getvalue()


def evil_tar() -> bytes:
    """Return a similar tar archive; Onrecord does not read this format."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        text = tarfile.TarInfo("../escaped.txt")
        text.size = len(invented(2).content)
        archive.addfile(text, io.BytesIO(invented(2).content))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "../outside/secret.txt"
        archive.addfile(link)
    return packed.getvalue()


def everything(folder: Path) -> set[str]:
    """Return all names below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.scenario(19, "links, a pipe, a socket, archives that lead outside")
def test_nothing_outside_is_followed_or_opened(newsroom: Newsroom, outside: Guarded) -> None:
    inbox = newsroom.inbox
    (inbox / "link.txt").symlink_to(outside.path)
    (inbox / "linked").symlink_to(outside.path.parent, target_is_directory=True)
    (inbox / "loop").symlink_to(inbox, target_is_directory=True)
    os.mkfifo(inbox / "pipe.txt")
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket(socket.AF_UNIX))
        listening.bind(os.fsencode(inbox / "socket.txt"))
        pipe_opened = stack.enter_context(waiting_writer(inbox / "pipe.txt"))
        newsroom.place("evil.zip", evil_zip())
        newsroom.place("evil.tar.gz", evil_tar())
        before = everything(newsroom.folder / "outside") | everything(inbox)
        newsroom.open(ONRECORD_SETTLE="0.5")
        newsroom.drop(0)
        inbox.joinpath("later.txt").symlink_to(outside.path)  # while the folder is watched
        for name in ("link.txt", "linked", "loop", "later.txt"):
            newsroom.note(name, None, "ignored", reason="symlink")
        for name in ("pipe.txt", "socket.txt"):
            newsroom.note(name, None, "ignored", reason="not_regular")
        newsroom.fault("name that leads outside", 11)
        newsroom.note("evil.zip", None, "stored")
        newsroom.note("evil.tar.gz", None, "quarantined", "ignored")
        newsroom.healed()
        newsroom.check()
        assert not outside.opened
        assert not pipe_opened.is_set()
    assert newsroom.states().total() == len(newsroom.drops), "a link was followed"
    assert everything(newsroom.folder / "outside") | everything(inbox) == before | {"00000.txt", "later.txt"}
    refused = newsroom.rows("SELECT count(*) FROM report.members WHERE file = 'evil.zip' AND reason = 'unsafe_member'")
    assert refused == [(3,)]
    stored = {text for (text,) in newsroom.rows("SELECT text FROM report.articles")}
    assert stored == {invented(0).text, invented(1).text}


@pytest.mark.long
@pytest.mark.scenario(19, "a device")
def test_a_device_is_not_opened(newsroom: Newsroom) -> None:
    try:
        os.mknod(newsroom.inbox / "device.txt", 0o600 | stat.S_IFCHR, os.makedev(1, 7))  # the same device as /dev/full
    except PermissionError:
        newsroom.checked = True
        pytest.skip("only root can make device nodes")
    newsroom.fault("device")
    newsroom.note("device.txt", None, "ignored", reason="not_regular")
    newsroom.open()
    newsroom.drop(0)
    newsroom.healed()
    newsroom.check()


@pytest.mark.long
@pytest.mark.scenario(19, "a link or a pipe takes the place of a file or folder before it is read")
def test_what_is_swapped_before_it_is_read_is_not_followed(newsroom: Newsroom, outside: Guarded) -> None:
    newsroom.open("watch")
    linked, piped = (newsroom.place(f"{name}.txt", invented(0).content) for name in ("linked", "piped"))
    below = newsroom.place("in/secret.txt", invented(0).content)
    newsroom.drop(1)
    newsroom.wait(lambda: newsroom.states() == {"waiting": 4}, "all wait for a worker")
    newsroom.fault("swapped for a link")
    linked.unlink()
    linked.symlink_to(outside.path)
    newsroom.fault("folder swapped for a link")
    shutil.rmtree(below.parent)
    below.parent.symlink_to(outside.path.parent, target_is_directory=True)
    newsroom.fault("swapped for a pipe")
    piped.unlink()
    os.mkfifo(piped)
    with waiting_writer(piped) as pipe_opened:
        newsroom.open("worker")
        for name, reason in (("linked.txt", "symlink"), ("in/secret.txt", "symlink"), ("piped.txt", "not_regular")):
            newsroom.note(name, None, "ignored", reason=reason)
        newsroom.healed()
        newsroom.check()
        assert not outside.opened
        assert not pipe_opened.is_set()
    assert newsroom.rows("SELECT text FROM report.articles") == [(invented(1).text,)]


@pytest.mark.long
@pytest.mark.parametrize("after", ["delete", "archive"])
@pytest.mark.scenario(19, "hard links, and a folder swapped for a link before the file is moved")
def test_only_the_dropped_name_leaves(newsroom: Newsroom, after: str) -> None:
    archive = newsroom.folder / "archive"
    originals = newsroom.folder / "originals"
    (originals / "in").mkdir(parents=True)
    (originals / "hard.txt").write_bytes(invented(0).content)
    (originals / "in" / "swapped.txt").write_bytes(invented(1).content)  # the same bytes as the dropped file
    os.link(originals / "hard.txt", newsroom.inbox / "hard.txt")
    newsroom.note("hard.txt", invented(0), "stored")
    asking = "article: before asking for the move"
    newsroom.drop(1, "in/swapped.txt")
    newsroom.open(
        faults=f"{asking}=hang*2", ONRECORD_AFTER=after, ONRECORD_ARCHIVE=str(archive), ONRECORD_CONCURRENCY="2"
    )
    newsroom.wait(lambda: len(newsroom.met(asking)) == 2, "both files are stored and about to leave")
    newsroom.fault("folder swapped for a link")
    (newsroom.inbox / "in").rename(newsroom.folder / "elsewhere")
    (newsroom.inbox / "in").symlink_to(originals / "in", target_is_directory=True)
    newsroom.let_go()
    newsroom.healed()
    newsroom.wait(lambda: not (newsroom.inbox / "hard.txt").exists(), "the hard link has left")
    left_alone = "SELECT count(*) FROM files WHERE shown = 'in/swapped.txt' AND after_reason = 'left_alone'"
    newsroom.wait(lambda: newsroom.rows(left_alone) == [(1,)], "the swapped folder is not followed")
    newsroom.note("in", None, "ignored", reason="symlink")
    newsroom.check()
    assert (originals / "hard.txt").read_bytes() == invented(0).content
    assert (originals / "hard.txt").stat().st_nlink == 1
    assert (originals / "in" / "swapped.txt").read_bytes() == invented(1).content
    archived = {path: (archive / path).is_file() for path in everything(archive)} if archive.exists() else {}
    assert archived == ({"news": False, "news/hard.txt": True} if after == "archive" else {})
