"""Folders, archive, inotify, disk, HOME, open files: each has every fault that a test can make."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ground import Disk
from tests.integration.doctor.conftest import MakeSettings, lines_of
from tests.running_process import running_process
from worker.cli.checks.disk import check_disk, check_places
from worker.cli.checks.folders import check_archive, check_folder, check_folders
from worker.cli.checks.home import check_home
from worker.cli.checks.inotify import check_inotify, count_folders, in_use
from worker.cli.checks.open_files import check_limit, check_processes
from worker.embedded import elsewhere
from worker.embedded.home import find_home
from worker.embedded.layout import erase, lay_out

NOBODY = 65534


@pytest.fixture
def nobody() -> Iterator[None]:
    """Run the test as another user than root, since root may do anything."""
    if os.geteuid() != 0:
        yield
        return
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may reach, so that only the folder's own mode decides who may use it."""
    outer = Path(tempfile.mkdtemp(prefix="onrecord-place-"))
    outer.chmod(0o755)
    folder = outer / "place"
    folder.mkdir()
    yield folder
    shutil.rmtree(outer, ignore_errors=True)


def test_folders_that_are_not_there_or_no_folders(make_settings: MakeSettings, tmp_path: Path) -> None:
    (line,) = lines_of(check_folders(make_settings(inbox=f"{tmp_path}/nix")))
    assert line == (
        f"problem folder: The folder {tmp_path}/nix does not exist; make it, or name another."
        " Correct ONRECORD_INBOX, or make the folder."
    )
    (tmp_path / "file").touch()
    (line,) = lines_of(check_folders(make_settings(inbox=f"{tmp_path}/file")))
    assert "is not a folder" in line
    assert lines_of(check_folders(make_settings(inbox=f"news={tmp_path}/inbox"))) == [
        f"ok folder: {tmp_path}/inbox can be read."
    ]


@pytest.mark.parametrize(
    ("mode", "after", "expected"),
    [
        (0o711, "keep", "cannot be read: we may not list what is in it. See `namei -l "),
        (0o744, "keep", "cannot be entered: its files can be listed, but not opened."),
        (0o755, "archive", "cannot be written in, and ONRECORD_AFTER=archive takes stored files out of it."),
        (0o755, "delete", "cannot be written in, and ONRECORD_AFTER=delete takes stored files out of it."),
        (0o755, "keep", "can be read."),
        (0o777, "delete", "can be read and written."),
    ],
)
def test_rights_to_a_folder(mode: int, after: str, expected: str, place: Path, request: pytest.FixtureRequest) -> None:
    place.chmod(mode if os.geteuid() == 0 else mode & 0o077 | (mode & 0o007) << 6)
    request.getfixturevalue("nobody")
    (line,) = lines_of([check_folder(place, after)])
    assert expected in line
    assert line.startswith("ok" if expected.startswith("can be") else "problem")


def test_archives_that_cannot_take_files(place: Path, request: pytest.FixtureRequest) -> None:
    inbox = place / "inbox"
    (inbox / "archive").mkdir(parents=True)
    (place / "file").touch()
    (place / "closed").mkdir(mode=0o555)
    assert "no archive is named: stored files stay where they are" in lines_of([check_archive(None, [inbox])])[0]
    assert lines_of([check_archive(inbox / "archive", [inbox])])[0].startswith("warning archive: The archive")
    assert "is not a folder" in lines_of([check_archive(place / "file", [inbox])])[0]
    request.getfixturevalue("nobody")
    assert "cannot be written in" in lines_of([check_archive(place / "closed", [inbox])])[0]
    assert "is not there and cannot be made" in lines_of([check_archive(place / "closed" / "x", [inbox])])[0]


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("news", {"after": "archive", "archive": "."}, "from where they would be read again."),
        ("news", {"after": "archive", "archive": "news"}, "from where they would be read again."),
        ("news", {"home": "news/house"}, "so it would read its own data."),
        ("other=news", {"after": "archive", "archive": "."}, ""),
    ],
)
def test_places_that_up_refuses(
    name: str,
    settings: dict[str, str],
    expected: str,
    make_settings: MakeSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "news").mkdir()
    monkeypatch.chdir(tmp_path)
    lines = [
        line for line in lines_of(check_folders(make_settings(inbox=name, **settings))) if not line.startswith("ok ")
    ]
    assert len(lines) == bool(expected), lines
    assert all(line.startswith("problem folder: ") and expected in line for line in lines)


def test_an_archive_that_can_be_made_is_well(tmp_path: Path) -> None:
    (line,) = lines_of([check_archive(tmp_path / "archive" / "news", [])])
    assert line.startswith("ok archive: ")


def limits(folder: Path, watches: int, instances: int) -> Path:
    """Write files like those in /proc/sys/fs/inotify, with these limits."""
    folder.mkdir()
    (folder / "max_user_watches").write_text(f"{watches}\n")
    (folder / "max_user_instances").write_text(f"{instances}\n")
    return folder


WATCHING = (
    "import ctypes, sys; c = ctypes.CDLL(None); d = c.inotify_init();"
    "print([c.inotify_add_watch(d, p.encode(), 2) for p in sys.argv[1:]], flush=True); sys.stdin.read()"
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Path]:
    """Start another program that watches three folders; yield a folder like /proc that shows only this program."""
    paths = [tmp_path / name for name in ("one", "two", "three")]
    for path in paths:
        path.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", WATCHING, *map(str, paths)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None and program.stdout.readline()
        proc = tmp_path / "proc"
        proc.mkdir()
        (proc / str(program.pid)).symlink_to(f"/proc/{program.pid}")
        yield proc
        program.communicate()


def test_inotify_limits_and_the_watches_in_use(make_settings: MakeSettings, tmp_path: Path, other: Path) -> None:
    for number in range(30):
        (tmp_path / "inbox" / f"{number}" / ".below").mkdir(parents=True)
    assert count_folders(tmp_path / "inbox") == 61
    assert in_use(other) == (1, 3)
    assert lines_of(check_inotify(make_settings(), limits(tmp_path / "few", 63, 1000), other)) == [
        "problem inotify: 61 folders to watch, 3 watches used by other programs, and only 63 allowed."
        " Raise it: `sysctl fs.inotify.max_user_watches=1024` (and in /etc/sysctl.d to keep it),"
        " or set ONRECORD_POLLING=1."
    ]
    (line,) = lines_of(check_inotify(make_settings(), limits(tmp_path / "half", 127, 1000), other))
    assert line.startswith("warning inotify: 61 folders to watch, 3 watches used by other programs, of 127 allowed.")
    (line,) = lines_of(check_inotify(make_settings(), limits(tmp_path / "taken", 128, 1), other))
    assert line.startswith("problem inotify: All 1 inotify instances of this user are taken, so no new watcher gets")
    assert "`sysctl fs.inotify.max_user_instances=1024`" in line
    (line,) = lines_of(check_inotify(make_settings(), limits(tmp_path / "one-left", 128, 2), other))
    assert line.startswith("warning inotify: 1 of 2 inotify instances of this user are taken.")
    (line,) = lines_of(check_inotify(make_settings(), limits(tmp_path / "well", 128, 128), other))
    assert line == "ok inotify: 61 folders to watch, 128 watches and 128 instances allowed."
    assert lines_of(check_inotify(make_settings(polling=True), limits(tmp_path / "polled", 1, 1), other)) == []


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "small", 8)
    try:
        named = {disk.folder: "HOME"}
        assert lines_of(check_places(named, 1_000_000))[0].startswith("ok disk: 8 MB free at")
        (disk.folder / "half").write_bytes(bytes(6_000_000))
        (line,) = lines_of(check_places(named, 1_000_000))
        assert line.startswith("warning disk: 2 MB free at")
        assert "below 1 MB (ONRECORD_MIN_FREE_BYTES) intake pauses" in line
        disk.fill()
        (line,) = lines_of(check_places(named, 1_000_000))
        assert line.startswith(f"problem disk: 0 MB free at {disk.folder}, HOME. Make room: below 1 MB")
    finally:
        disk.close()


def test_every_disk_that_we_write_to_is_looked_at(make_settings: MakeSettings, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    settings = make_settings(broker_url="", home=tmp_path / "home", after="archive", archive=tmp_path / "a" / "b")
    lines = lines_of(check_disk(settings))
    for name in ("where files are spooled", "HOME", "the archive"):
        assert any(name in line for line in lines), lines
    full = lines_of(check_disk(make_settings(min_free_bytes=10**18)))
    assert all(line.startswith("problem disk: ") and "Make room" in line for line in full)


def test_a_home_that_others_may_enter(
    make_settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "abandoned", list)  # tests that run beside this one leave homes on this machine
    tmp_path.chmod(0o711)
    home = find_home(tmp_path / "home", create=True)
    layout = lay_out(home)
    try:
        settings = make_settings(database_url="", home=home)
        assert lines_of(check_home(settings)) == [f"ok home: {home} is closed to other users."]
        home.chmod(0o755)
        (line,) = lines_of(check_home(settings))
        assert line == (
            f"problem home: Other users may enter {home} (mode 0755). Close it: `chmod {0o755 & 0o710:o} {home}`."
        )
        home.chmod(0o710)
        layout.logs.chmod(0o777)
        (line,) = lines_of(check_home(settings))
        assert f"Other users may enter {layout.logs} (mode 0777)." in line
        assert lines_of(check_home(make_settings())) == [], "no HOME is needed with both URLs"
    finally:
        erase(home)


def test_too_few_open_files() -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200));"
    shown = "from worker.cli.checks.open_files import check_limit; print(*check_limit())"
    told = subprocess.run([sys.executable, "-c", limited + shown], capture_output=True, text=True, check=True).stdout
    assert "Only 200 files may be open at once in a process." in told
    assert lines_of(check_limit())[0].startswith("ok")


HOARDING = (
    "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64));"
    "kept = [open('/dev/null') for _ in range(58)]; print('there', flush=True); input()"
)


def test_a_process_that_is_near_its_limit() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOARDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as other:
        assert other.stdout is not None and other.stdout.readline()
        (line,) = lines_of(check_processes([running_process(kind="watch", pid=other.pid)]))
        other.communicate()
    assert line.startswith(f"problem open files: watch (process {other.pid}) has 61 of 64 files open.")
    assert lines_of(check_processes([running_process(kind="watch", pid=os.getpid())])) == []
