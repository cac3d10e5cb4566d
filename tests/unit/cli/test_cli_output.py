"""The one function that writes the files that people name, on real files, links, pipes, devices and full disks."""

import errno
import os
import re
import resource
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from worker.cli.errors import Complaint
from worker.cli.output import ACCESS_LIST, output_path, written

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to other users, and mount")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the paths are Linux's")

NEW = b"the new content\n" * 20_000
"""More than a buffer holds."""
STRANGER = 65534

# A program that writes a file until it is stopped. Its first line says that the file is begun.
WRITER = """
import sys, time
from worker.cli import app, main
from worker.cli.output import output_path, written
def write(app_arguments, prog_name):
    with written(output_path(sys.argv[1])) as file:
        file.write(b"x" * 500_000)
        file.flush()
        print("begun", flush=True)
        time.sleep(60)
app.app = write
main([])
"""


def put(path: Path | str, content: bytes = NEW, *, private: bool = False) -> None:
    """Write a file as the commands do."""
    with written(output_path(str(path)), private=private) as file:
        file.write(content)


def refusal(path: Path | str, content: bytes = NEW) -> str:
    """Return the sentences with which a file is refused."""
    with pytest.raises(Complaint) as refused:
        put(path, content)
    assert refused.value.todo
    return f"{refused.value.message} {refused.value.todo}"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def as_stranger() -> Iterator[None]:
    """Be an ordinary user without groups, in this process."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(STRANGER)
    os.seteuid(STRANGER)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach and write in."""
    folder = Path("/tmp") / f"onrecord-output-{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_a_new_file_has_the_usual_mode_and_a_private_one_0600(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        put(tmp_path / "usual")
        put(tmp_path / "private", private=True)
    finally:
        os.umask(old)
    assert (tmp_path / "usual").read_bytes() == NEW
    assert stat.S_IMODE((tmp_path / "usual").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    assert names(tmp_path) == ["private", "usual"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_is_replaced_when_the_new_one_is_complete_and_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    target.chmod(mode)
    with written(target) as file:
        file.write(NEW)
        file.flush()
        assert target.read_bytes() == b"old"
        (partial,) = set(names(tmp_path)) - {target.name}
        assert re.fullmatch(r"\.onrecord-[0-9a-f]{16}\.part", partial)
        assert stat.S_IMODE((tmp_path / partial).stat().st_mode) == 0o600
    assert target.read_bytes() == NEW
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert names(tmp_path) == [target.name]


@as_root
def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    target.chmod(0o600)
    os.chown(target, STRANGER, 1)
    put(target)
    status = target.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (STRANGER, 1, 0o600)


@as_root
def test_a_file_whose_owner_cannot_be_kept_is_refused(open_folder: Path) -> None:
    target = open_folder / "quotes.csv"
    target.write_bytes(b"old")
    target.chmod(0o666)
    with as_stranger():
        assert "belongs to uid 0" in refusal(target)
    assert target.read_bytes() == b"old"
    assert names(open_folder) == [target.name]


@as_root
def test_a_write_protected_file_and_a_folder_without_rights_are_refused(open_folder: Path) -> None:
    target = open_folder / "quotes.csv"
    with as_stranger():
        target.write_bytes(b"old")
        target.chmod(0o444)
        assert "write-protected" in refusal(target)
        target.chmod(0o644)
    open_folder.chmod(0o755)
    with as_stranger():
        assert f"no new file can be made in {open_folder}" in refusal(target)
        assert "no right" in refusal("/root/nowhere/quotes.csv")
    assert target.read_bytes() == b"old"


@on_linux
def test_a_replaced_file_keeps_its_access_list_and_gets_no_other(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    try:
        os.setxattr(target, ACCESS_LIST, access_list(named_user=STRANGER))
    except OSError:
        pytest.skip("this disk has no access lists")
    before = os.getxattr(target, ACCESS_LIST)
    put(target)
    assert os.getxattr(target, ACCESS_LIST) == before
    os.removexattr(target, ACCESS_LIST)
    os.setxattr(tmp_path, "system.posix_acl_default", access_list(named_user=STRANGER))
    put(target)
    with pytest.raises(OSError, match=os.strerror(errno.ENODATA)):
        os.getxattr(target, ACCESS_LIST)


def access_list(named_user: int) -> bytes:
    """Return an access list with which one more user may read (acl(5), in the form of the kernel's attribute)."""
    nobody = 0xFFFFFFFF
    entries = [(0x01, 6, nobody), (0x02, 4, named_user), (0x04, 0, nobody), (0x10, 4, nobody), (0x20, 0, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def test_links_stay_and_the_file_at_their_end_is_replaced(tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "target").write_bytes(b"old")
    (away / "target").chmod(0o600)
    (tmp_path / "second").symlink_to("away/target")
    (tmp_path / "first").symlink_to(tmp_path / "second")
    put(tmp_path / "first")
    assert (away / "target").read_bytes() == NEW
    assert stat.S_IMODE((away / "target").stat().st_mode) == 0o600
    assert (tmp_path / "first").is_symlink()
    assert (tmp_path / "second").is_symlink()
    assert names(away) == ["target"]


def test_a_dangling_link_gets_the_file_it_names(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    put(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == NEW
    (tmp_path / "other").symlink_to("nowhere/file")
    assert f"There is no folder {tmp_path / 'nowhere'}" in refusal(tmp_path / "other")
    (tmp_path / "circle").symlink_to("circle")
    assert "circle" in refusal(tmp_path / "circle")


def test_a_pipe_is_written_through_also_behind_a_link(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with (
            (tmp_path / "read").open("wb") as read,
            subprocess.Popen(["cat", tmp_path / "pipe"], stdout=read) as reader,
        ):
            put(tmp_path / name)
            assert reader.wait(timeout=30) == 0
        assert (tmp_path / "read").read_bytes() == NEW
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert names(tmp_path) == ["link", "pipe", "read"]


def test_a_pipe_whose_reader_ends_gets_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["head", "-c", "1", tmp_path / "pipe"], stdout=subprocess.DEVNULL):
        assert "the program that read it has ended" in refusal(tmp_path / "pipe", NEW * 10)


@on_linux
def test_a_device_is_written_through_also_behind_a_link(tmp_path: Path) -> None:
    before = os.stat("/dev/null")
    (tmp_path / "link").symlink_to("/dev/null")
    put(tmp_path / "link")
    put("/dev/null")
    after = os.stat("/dev/null")
    assert (before.st_ino, before.st_mode, before.st_uid) == (after.st_ino, after.st_mode, after.st_uid)
    assert "the disk is full" in refusal("/dev/full")


@on_linux
def test_our_own_open_files_are_written_through(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"before\n")
    with (tmp_path / "log").open("ab") as log:
        inode = os.fstat(log.fileno()).st_ino
        (tmp_path / "link").symlink_to(f"/dev/fd/{log.fileno()}")
        put(f"/proc/self/fd/{log.fileno()}", b"a")
        put(tmp_path / "link", b"b")
        log.write(b"c")
    assert (tmp_path / "log").read_bytes() == b"before\nabc"
    assert (tmp_path / "log").stat().st_ino == inode
    reading, writing = os.pipe()
    put(f"/dev/fd/{writing}", b"in a pipe")
    assert os.read(reading, 100) == b"in a pipe"
    assert "not open for writing" in refusal(f"/dev/fd/{reading}")
    os.close(reading)
    os.close(writing)


def test_what_is_no_file_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert f"{tmp_path} is a folder" in refusal(tmp_path)
    assert "is a folder" in refusal(".")
    assert "is empty" in refusal("")
    assert "names a folder" in refusal("new/")
    assert re.search(r"There is no folder \S*nowhere\.", refusal("nowhere/../quotes.csv"))  # absolute since Python 3.14
    assert "no folder" in refusal("file/quotes.csv")
    assert "too long" in refusal("n" * 256)
    assert "too long" in refusal("/".join(["n" * 200] * 30))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert "socket" in refusal("socket")
    assert names(tmp_path) == ["file", "socket"]


@pytest.mark.parametrize("name", [b"n" * 255, b"caf\xe9.csv", b"\xff", b"new\nline", b"-o"])
def test_every_name_that_a_file_can_have_is_written(tmp_path: Path, name: bytes) -> None:
    target = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))
    put(target)
    put(target, b"again")
    assert target.read_bytes() == b"again"
    assert [os.fsencode(path.name) for path in tmp_path.iterdir()] == [name]


def test_after_an_error_or_ctrl_c_the_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    for kind in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(kind), written(target) as file:
            file.write(NEW)
            raise kind
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == [target.name]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_process_leaves_no_partial(tmp_path: Path, number: signal.Signals, status: int) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    with subprocess.Popen([sys.executable, "-c", WRITER, target], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"begun\n"
        assert len(names(tmp_path)) == 2
        deadline = time.monotonic() + 30
        while writer.poll() is None and time.monotonic() < deadline:
            # Python drops an exception of a signal handler that comes during some clean-ups, so send it again.
            writer.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                writer.wait(timeout=5)
        assert writer.poll() == status
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == [target.name]


def test_what_takes_the_files_place_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    with pytest.raises(Complaint, match="no regular file any more"), written(target) as file:
        file.write(NEW)
        os.mkfifo(target)
    assert stat.S_ISFIFO(target.stat().st_mode)
    assert names(tmp_path) == [target.name]


def test_a_folder_that_is_moved_meanwhile_gets_the_file(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    with written(tmp_path / "before" / "quotes.csv") as file:
        file.write(NEW)
        (tmp_path / "before").rename(tmp_path / "after")
    assert names(tmp_path / "after") == ["quotes.csv"]


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    with written(target) as first, written(target) as second:
        first.write(b"1" * 300_000)
        second.write(b"2" * 300_000)
    assert target.read_bytes() == b"1" * 300_000
    assert names(tmp_path) == [target.name]


def test_a_file_that_may_not_be_so_large_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        sentence = refusal(target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "larger than a file may be" in sentence
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == [target.name]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that mounts a small file system in memory with these options."""
    places: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / f"disk{len(places)}"
        place.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=False).returncode:
            pytest.skip("nothing can be mounted here")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", place], check=True)


@as_root
@pytest.mark.parametrize("size", [0, 60_000, 100_000])
def test_a_full_disk_leaves_the_old_file(mounted: Callable[[str], Path], size: int) -> None:
    disk = mounted("size=128k")
    target = disk / "quotes.csv"
    target.write_bytes(b"old")
    (disk / "other").write_bytes(b"x" * size)
    assert "the disk is full" in refusal(target)
    assert target.read_bytes() == b"old"
    assert names(disk) == ["other", "quotes.csv"]
    put(target, b"short")  # the partial has given its room back
    assert target.read_bytes() == b"short"


@as_root
def test_a_read_only_disk_gets_a_sentence(mounted: Callable[[str], Path]) -> None:
    disk = mounted("ro")
    assert "read-only" in refusal(disk / "quotes.csv")


@as_root
def test_a_file_that_is_mounted_alone_is_not_replaced(mounted: Callable[[str], Path], tmp_path: Path) -> None:
    (mounted("size=1m") / "file").write_bytes(b"old")
    target = tmp_path / "alone"
    target.touch()
    subprocess.run(["mount", "--bind", tmp_path / "disk0" / "file", target], check=True)
    try:
        assert "mount point" in refusal(target)
        assert target.read_bytes() == b"old"
    finally:
        subprocess.run(["umount", target], check=True)


def test_an_error_while_the_disk_takes_the_rest_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    target.write_bytes(b"old")
    with pytest.raises(Complaint, match=r"quotes\.csv cannot be written"), written(target) as file:
        file.write(NEW)
        file.flush()
        os.close(file.fileno())  # so `fsync` fails, as it does when a network disk is full
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == [target.name]
