"""Who may use the servers, folders and files; and settings that would make Onrecord read its own files."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.security.conftest import House
from tests.stack import Stack, stack
from worker.watch.inbox import Inbox, InboxError, check_places

__all__ = ["stack"]

STRANGER = 54321  # a user id that owns nothing here

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to try")

# A program that tries to open each path, and prints the paths that it could open.
BURGLAR = """
import os, socket, sys
for path in sys.argv[1:]:
    try:
        if path.endswith((".sock", ".s.PGSQL.5432")) or ".s.PGSQL." in path:
            with socket.socket(socket.AF_UNIX) as door:
                door.connect(path)
        elif os.path.isdir(path):
            os.listdir(path)
        else:
            open(path, "rb").close()
    except OSError:
        continue
    print(path)
"""


@as_root
def test_another_user_of_this_machine_reaches_nothing(house: House) -> None:
    servers = house.servers
    doors = [str(servers.postgres.socket), str(servers.valkey.socket)]
    paths = [str(path) for path in (house.home, *house.home.rglob("*"))]
    store = servers.layout.store
    paths += [str(path) for path in (store, *store.rglob("*"))] + [str(servers.layout.sockets)]
    copies = tuple(str(path) for path in store.glob("*-*"))  # the servers' programs, which are no secret
    tried = [path for path in dict.fromkeys([*doors, *paths]) if not path.startswith(copies) or path in copies]
    assert len(tried) > 500
    python = next(path for path in ("/usr/bin/python3", sys.executable) if Path(path).exists())
    entered = []
    for begin in range(0, len(tried), 1000):
        ran = subprocess.run(
            [python, "-c", BURGLAR, *tried[begin : begin + 1000]],
            user=STRANGER,
            group=STRANGER,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        entered += ran.stdout.splitlines()
    assert entered == []


def test_modes(house: House) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    layout = house.servers.layout
    assert mode(house.home) in (0o700, 0o710)  # if the servers run as another user, its group may pass through
    for folder in (layout.sockets, layout.logs, layout.store / "postgres", layout.store / "valkey"):
        assert mode(folder) == 0o700, folder
    assert mode(house.home / "secrets") == 0o600
    for path in (
        *layout.logs.iterdir(),
        *(layout.store / "postgres").rglob("*"),
        *(layout.store / "valkey").rglob("*"),
    ):
        assert mode(path) & 0o077 == 0, path
    assert mode(layout.store / "pg_hba.conf") & 0o037 == 0
    for door in (house.servers.postgres.socket, house.servers.valkey.socket):
        assert mode(door) & 0o077 == 0


def test_the_servers_listen_where_they_were_told_and_nowhere_else(house: House) -> None:
    for server in (house.servers.postgres, house.servers.valkey):
        pid = server.pid()
        assert pid is not None
        assert listening(psutil.Process(pid)) == set()
    companions = [process for process in psutil.process_iter() if str(house.home) in " ".join(arguments(process))]
    assert {place for process in companions for place in listening(process)} == {
        ("127.0.0.1", house.servers.postgres.port)
    }


def listening(process: psutil.Process) -> set[tuple[str, int]]:
    """Return the addresses and ports on which a process and those that it started listen."""
    return {
        (connection.laddr.ip, connection.laddr.port)
        for member in (process, *process.children(recursive=True))
        for connection in member.net_connections("inet")
        if connection.status in ("LISTEN", "NONE")
    }


def arguments(process: psutil.Process) -> list[str]:
    """Return the command line of a process; nothing if it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_up_leaves_nothing_that_others_can_read_whatever_the_umask(stack: Stack) -> None:
    """Run with umask 0. Files that a user writes with `export -o` are not checked: their mode is the user's choice."""
    own = stack.home.parent / "own"
    own.mkdir()
    places = {"TMPDIR": str(own), "HOME": str(own)}
    (stack.inbox / "a.html").write_text("<html><body><article>" + "<p>“It will dry,” said mayor Arne Lie.</p>" * 9)
    old = os.umask(0)
    try:
        ran = stack.run("up", "--once", "--inbox", str(stack.inbox), ONRECORD_EXTRACTOR="quoted", **places)
        assert stack.run("backup", str(stack.home.parent / "all.dump"), **places).returncode == 0
    finally:
        os.umask(old)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert stat.S_IMODE((stack.home.parent / "all.dump").stat().st_mode) == 0o600
    open_to_all = [path for path in stack.home.rglob("*") if path.lstat().st_mode & 0o007 and not path.is_symlink()]
    assert [path for path in open_to_all if path.name != ".gitignore" and not in_copies(path, stack.home)] == []
    assert [path for path in stack.inbox.iterdir() if path.name != "a.html"] == []
    assert list(own.iterdir()) == []


def in_copies(path: Path, home: Path) -> bool:
    """True for the servers' programs, which are copied if the servers' user cannot reach the wheel."""
    return "-" in path.relative_to(home).parts[0]


@pytest.mark.parametrize(
    ("archive", "home"),
    [
        ("in", None),
        ("in/", None),
        (".", None),  # its folder `in` is the watched one
        ("link", None),
        (None, "in"),
        (None, "in/house"),
        (None, "."),
        (None, "link/house"),
        (None, "in/a/../house"),
    ],
)
def test_it_would_read_what_it_wrote(tmp_path: Path, archive: str | None, home: str | None) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in")
    inbox = Inbox("in", (tmp_path / "in").resolve())
    with pytest.raises(InboxError, match=r"Set ONRECORD_ARCHIVE|set ONRECORD_HOME"):
        check_places([inbox], tmp_path / archive if archive else None, tmp_path / home if home else None)


def test_what_is_archived_from_one_folder_is_not_read_in_another(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "done" / "in").mkdir(parents=True)
    inboxes = [Inbox("in", (tmp_path / "in").resolve()), Inbox("other", (tmp_path / "done" / "in").resolve())]
    with pytest.raises(InboxError, match="from where they would be read again"):
        check_places(inboxes, tmp_path / "done", None)
    check_places(inboxes, tmp_path / "in" / "done", None)


@pytest.mark.parametrize(
    ("archive", "home"),
    [("in/done", None), ("done", None), (None, "in/.onrecord"), (None, ".onrecord"), ("../x", "../y")],
)
def test_sensible_places_are_taken(tmp_path: Path, archive: str | None, home: str | None) -> None:
    (tmp_path / "in").mkdir()
    inbox = Inbox("in", (tmp_path / "in").resolve())
    check_places([inbox], tmp_path / archive if archive else None, tmp_path / home if home else None)


@pytest.mark.parametrize("command", ["up", "watch"])
def test_the_commands_refuse_before_they_start_anything(stack: Stack, command: str) -> None:
    for settings in (
        {"ONRECORD_HOME": str(stack.inbox / "house")},
        {"ONRECORD_AFTER": "archive", "ONRECORD_ARCHIVE": str(stack.inbox.parent)},
    ):
        ran = stack.run(command, "--once", "--inbox", str(stack.inbox), **settings)
        assert ran.returncode == 1, ran.stdout
        assert len(ran.stderr.splitlines()) == 1
        assert str(stack.inbox) in ran.stderr
    assert list(stack.inbox.iterdir()) == []
    assert not stack.home.exists()


def test_a_port_is_not_open_unless_asked_for(stack: Stack) -> None:
    ran = stack.run("sql", "SELECT inet_server_port() IS NULL AS socket_only", "-f", "json")
    assert ran.returncode == 1  # there is no HOME yet
    assert stack.run("up", "--once", "--inbox", str(stack.inbox)).returncode == 0
    ran = stack.run("sql", "SELECT inet_server_port() IS NULL AS socket_only", "-f", "json")
    assert '"socket_only": true' in ran.stdout
