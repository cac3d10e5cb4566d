"""HOME is HOME: its data belong to the folder, not to its path, however it is moved, copied, replaced or named."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from worker.embedded import identity
from worker.embedded.elsewhere import POINTER, STORES, abandoned, where
from worker.embedded.errors import HomeUnusable, UpRunning
from worker.embedded.home import find_home
from worker.embedded.layout import lay_out
from worker.embedded.servers import Servers, embedded_servers
from worker.embedded.uplock import UpLock

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")

ODD = "it's a, b"
"""A name for which the sockets are in /tmp."""

LAYING_OUT = """
import sys
from pathlib import Path
from worker.embedded.layout import lay_out
print(lay_out(Path(sys.argv[1])).store)
"""


@pytest.fixture
def locked(folder: Path) -> Iterator[Path]:
    """A folder that the servers' user cannot enter. After the test, the servers below it are stopped."""
    place = folder / "locked"
    place.mkdir(mode=0o700)
    yield place
    for home in place.iterdir():
        try:
            servers = Servers(lay_out(home))
        except HomeUnusable:
            continue
        servers.valkey.stop()
        servers.postgres.stop()
    for store in stores_below(place):
        shutil.rmtree(store)


def stores_below(place: Path) -> list[Path]:
    """Return the stores of HOMEs that are or were below a folder; other tests may run at the same time."""
    owners = {store: identity.read(store) for store in STORES.glob("*")}
    return [store for store, owner in owners.items() if owner is not None and place in Path(owner.home).parents]


def mark(home: Path, number: int) -> None:
    """Write a number into the database of a HOME."""
    with embedded_servers(home, valkey=False, durable=False) as servers, servers.postgres.connect() as connection:
        connection.execute("create table if not exists kept (number int)")
        connection.execute("insert into kept values (%s)", [number])


def marks(home: Path) -> list[int]:
    """Return the numbers in the database of a HOME."""
    with embedded_servers(home, valkey=False, durable=False) as servers, servers.postgres.connect() as connection:
        if connection.execute("select to_regclass('kept')").fetchone() == (None,):
            return []
        return [number for (number,) in connection.execute("select number from kept order by 1")]


def run(*arguments: str, home: Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `onrecord` on a HOME."""
    environment = {**os.environ, "ONRECORD_HOME": str(home)}
    command = [sys.executable, "-m", "worker", *arguments]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def test_a_new_home_at_the_path_of_a_moved_one_has_data_of_its_own(locked: Path) -> None:
    home, old = locked / "home", locked / "old"
    find_home(home, create=True)
    mark(home, 7)
    home.rename(old)
    find_home(home, create=True)
    assert marks(home) == []
    mark(home, 8)
    assert marks(old) == [7]
    shutil.rmtree(home)
    old.rename(home)  # and back
    assert marks(home) == [7]


def test_a_home_that_is_moved_while_its_servers_run_shares_nothing_with_a_new_one(locked: Path) -> None:
    home, old = locked / "home", locked / "old"
    find_home(home, create=True)
    mark(home, 7)
    with embedded_servers(home, durable=False) as first:
        home.rename(old)
        find_home(home, create=True)
        with embedded_servers(home, durable=False) as second:
            assert first.postgres.pid() != second.postgres.pid()
            assert first.layout.sockets != second.layout.sockets
            assert first.postgres.answers()
            assert first.valkey.answers()
        assert first.postgres.answers()
        with UpLock(lay_out(old)), UpLock(lay_out(home)), pytest.raises(UpRunning), UpLock(lay_out(old)):
            pass
        assert marks(old) == [7]


@pytest.mark.parametrize("is_locked", [True, False])
def test_sockets_in_tmp_are_not_shared_by_homes_that_were_at_one_path(
    locked: Path, folder: Path, make_home: Callable[[Path], Path], is_locked: bool
) -> None:
    place = (locked if is_locked else folder) / ODD
    place.mkdir(mode=0o755)
    home, old = place / "home", place / "old"
    make_home(home)
    with embedded_servers(home, durable=False) as first:
        home.rename(old)
        make_home(home)
        with embedded_servers(home, durable=False) as second:
            assert first.layout.sockets != second.layout.sockets
            assert first.valkey.answers()
            assert first.postgres.answers()
        assert first.valkey.socket.exists()
        assert lay_out(old).sockets == first.layout.sockets
    moved = Servers(lay_out(old))  # `first` knows only the old path, so it has left its servers running
    moved.valkey.stop()
    moved.postgres.stop()
    shutil.rmtree(first.layout.sockets)


def test_a_copy_says_so_and_starts_nothing(locked: Path, folder: Path) -> None:
    home, copy, inbox = locked / "home", locked / "copy", folder / "inbox"
    inbox.mkdir()
    find_home(home, create=True)
    mark(home, 7)
    shutil.copytree(home, copy)
    for command in (["status"], ["up", "--once", "--inbox", str(inbox)], ["export"], ["worker"]):
        ran = run(*command, home=copy)
        assert ran.returncode == 1
        assert f"{copy} is a copy of {home}" in ran.stderr
        assert "Traceback" not in ran.stderr
    ran = run("doctor", home=copy)
    assert f"{copy} is a copy of {home}" in ran.stdout
    assert ran.returncode == 1
    assert not Servers(lay_out(home)).postgres.running()
    (copy / "id").unlink()
    (copy / POINTER).unlink()
    assert marks(copy) == []  # as the message says, it begins anew
    assert marks(home) == [7]


def test_a_copy_whose_original_has_moved_does_not_take_over_its_data(locked: Path) -> None:
    home, copy, moved = locked / "home", locked / "copy", locked / "moved"
    find_home(home, create=True)
    mark(home, 7)
    shutil.copytree(home, copy)
    home.rename(moved)
    with pytest.raises(HomeUnusable, match="is a copy"):
        lay_out(copy)
    assert marks(moved) == [7]
    copy.rename(home)  # the copy at the path of the original
    with pytest.raises(HomeUnusable, match=f"is a copy of {moved}"):
        lay_out(home)
    assert marks(moved) == [7]


def test_a_home_that_is_put_back_from_a_copy_says_what_to_do(locked: Path) -> None:
    home, copy = locked / "home", locked / "copy"
    find_home(home, create=True)
    mark(home, 7)
    shutil.copytree(home, copy)
    shutil.rmtree(home)
    with pytest.raises(HomeUnusable, match="If no other copy uses them, remove") as refused:
        lay_out(copy)
    store = STORES / identity.read(copy).id  # type: ignore[union-attr]
    assert f"remove {store / 'id'} and try again" in str(refused.value)
    (store / "id").unlink()
    assert marks(copy) == [7]


def test_a_home_that_is_moved_to_another_disk_finds_its_data(locked: Path) -> None:
    home, disk = locked / "home", locked / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        find_home(home, create=True)
        mark(home, 7)
        shutil.copytree(home, disk / "copy")
        with pytest.raises(HomeUnusable, match="is a copy"):
            lay_out(disk / "copy")
        shutil.rmtree(disk / "copy")
        subprocess.run(["mv", home, disk / "home"], check=True)
        with embedded_servers(disk / "home", valkey=False, durable=False):
            assert marks(disk / "home") == [7]
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)  # the writer of the log may not have ended yet
        disk.rmdir()


def test_a_home_of_an_older_release_goes_on_with_its_data(locked: Path) -> None:
    home, copy = locked / "home", locked / "copy"
    find_home(home, create=True)
    mark(home, 7)
    store = STORES / identity.read(home).id  # type: ignore[union-attr]
    older = STORES / "0123456789ab"  # older releases named it by a digest of HOME's path
    store.rename(older)
    (home / POINTER).write_text(f"{older}\n")
    (home / "id").unlink()
    (older / "id").unlink()
    shutil.copytree(home, copy)
    assert marks(home) == [7]
    assert identity.read(home) == identity.read(older)
    with pytest.raises(HomeUnusable, match="is a copy"):
        lay_out(copy)
    find_home(locked / "new", create=True)
    assert marks(locked / "new") == []


def test_the_first_line_says_where_the_data_are(locked: Path, folder: Path) -> None:
    home, inbox = locked / "home", folder / "inbox"
    inbox.mkdir()
    ran = run("up", "--once", "--inbox", str(inbox), home=home)
    assert ran.returncode == 0, ran.stderr
    sentence = where(home)
    assert sentence is not None
    assert sentence.startswith(f"The data of {home} are in {STORES}/")
    assert ran.stdout.splitlines()[0] == sentence
    with embedded_servers(home):
        assert run("status", home=home).stdout.splitlines()[0] == sentence
        assert sentence in run("status", "--json", home=home).stdout
        assert run("doctor", home=home).stdout.splitlines()[0].endswith(sentence)


def test_a_home_that_holds_its_data_says_nothing(home: Path) -> None:
    lay_out(home)
    assert where(home) is None
    assert str(STORES) not in run("status", home=home).stdout


def test_a_store_whose_home_was_removed_is_named_by_doctor(locked: Path) -> None:
    home = locked / "home"
    find_home(home, create=True)
    store = lay_out(home).store
    assert store not in dict(abandoned())
    shutil.rmtree(home)
    assert dict(abandoned())[store] == str(home)
    find_home(locked / "other", create=True)
    assert f"`rm -r {store}`" in run("doctor", home=locked / "other").stdout
    find_home(home, create=True)  # a new one at the same path does not take it over
    assert lay_out(home).store != store
    assert store in dict(abandoned())


def test_a_store_that_is_gone_says_what_to_do(locked: Path) -> None:
    home = locked / "home"
    find_home(home, create=True)
    shutil.rmtree(lay_out(home).store)
    with pytest.raises(HomeUnusable, match=f"remove {home / POINTER}"):
        lay_out(home)
    (home / POINTER).unlink()
    assert marks(home) == []


@pytest.mark.parametrize("named", ["/etc", "/var/lib/onrecord/../../../etc", "", "relative"])
def test_a_home_leads_root_to_no_other_folder(locked: Path, named: str) -> None:
    home = find_home(locked / "home", create=True)
    (home / POINTER).write_text(named)
    with pytest.raises(HomeUnusable, match="is no folder in"):
        lay_out(home)


def test_a_home_of_another_user_gets_no_data_of_others(locked: Path) -> None:
    home, trap = find_home(locked / "home", create=True), find_home(locked / "trap", create=True)
    mark(home, 7)
    stolen = identity.read(home)
    assert stolen is not None
    (trap / POINTER).write_text(str(STORES / stolen.id))
    os.chown(trap / POINTER, 65534, 65534)
    with pytest.raises(HomeUnusable, match="only root writes it"):
        lay_out(trap)
    (trap / POINTER).unlink()
    identity.write(trap, stolen.seen_at(trap))
    assert marks(trap) == []
    assert marks(home) == [7]
    (trap / "id").write_text('{"id": "../../../etc", "home": "", "device": 0, "inode": 0}')
    with pytest.raises(HomeUnusable, match="holds no id"):
        identity.read(trap)


def test_commands_that_make_a_store_at_once_make_one(locked: Path) -> None:
    home = find_home(locked / "home", create=True)
    started = [
        subprocess.Popen([sys.executable, "-c", LAYING_OUT, home], stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    stores = {process.communicate(timeout=60)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0] * 8
    assert [str(store) for store in stores_below(locked)] == list(stores)


def test_a_second_up_on_a_moved_home_is_refused(locked: Path, folder: Path) -> None:
    home, moved, inbox = locked / "home", locked / "moved", folder / "inbox"
    inbox.mkdir()
    environment = {**os.environ, "ONRECORD_HOME": str(home)}
    command = [sys.executable, "-m", "worker", "up", "--inbox", str(inbox)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert "Onrecord starts" in "".join(line for line, _ in zip(first.stdout, range(2), strict=False))
        home.rename(moved)
        ran = run("up", "--once", "--inbox", str(inbox), home=moved)
        assert ran.returncode == 1
        assert f"process {first.pid}" in ran.stderr
        moved.rename(home)
        first.send_signal(signal.SIGINT)
        assert first.wait(timeout=60) == 0
