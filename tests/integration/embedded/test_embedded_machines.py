"""Machines that lack something: each works, or says in a sentence what it lacks."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.outside import without_settings
from tests.poor_machine import can_be_had, surrounded
from worker.embedded import layout
from worker.embedded.errors import HomeUnusable
from worker.embedded.servers import embedded_servers
from worker.settings import settings

ROOT = Path(__file__).parents[3]
STORED = "1 file: 1 stored, 0 duplicate, 0 quarantined, 0 ignored."
UNKNOWN_UID = 54_321
needs_name_spaces = pytest.mark.skipif(not can_be_had(), reason="this machine gives no name spaces")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder to another user")


def up_once(folder: Path, home: Path, *, cwd: Path = ROOT, **lacks: object) -> subprocess.CompletedProcess[str]:
    """Run `up --once` on one article, on a machine that lacks something."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "a.txt").write_text("Talks\n\nAnna Smith said: “The talks have ended well, and we shall meet again.”\n")
    own = {"ONRECORD_HOME": str(home), "ONRECORD_INBOX": str(inbox), "ONRECORD_CONCURRENCY": "1"}
    return subprocess.run(
        [*surrounded(**lacks), sys.executable, "-m", "worker", "up", "--once"],
        env=without_settings() | own | {"PYTHONPATH": str(ROOT)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=110,
    )


@needs_name_spaces
def test_a_small_dev_shm_few_open_files_and_an_open_umask_are_enough(folder: Path, home: Path) -> None:
    told = up_once(folder, home, shared_memory=65_536, files=256, umask=0)
    assert STORED in told.stdout, told.stderr
    open_to_others = [
        path
        for path in home.rglob("*")
        if not path.is_symlink() and path.lstat().st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not path.is_socket()
    ]
    assert open_to_others == []


@needs_name_spaces
def test_without_semaphores_or_temporary_files_it_says_so(folder: Path, home: Path) -> None:
    told = up_once(folder, home, shared_memory=4_096)
    assert told.returncode == 1
    assert "the system gives too few semaphores (No space left on device)" in told.stderr
    assert "/dev/shm must be a tmpfs" in told.stderr and "Traceback" not in told.stderr
    (folder / "unwritable").mkdir()
    temporary = {"read_only": [str(folder / "unwritable"), "/tmp", "/var/tmp"]}
    told = subprocess.run(
        [*surrounded(**temporary), sys.executable, "-m", "worker", "worker"],
        env=without_settings() | {"PYTHONPATH": str(ROOT)},
        cwd="/proc",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 1
    assert "no folder for temporary files" in told.stderr and "TMPDIR" in told.stderr


@needs_name_spaces
def test_a_home_that_cannot_be_written_gets_a_sentence(folder: Path, home: Path) -> None:
    told = up_once(folder, home, read_only=[str(home)])
    assert told.returncode == 1
    assert f"{home} cannot be written" in told.stderr and "set ONRECORD_HOME" in told.stderr


@needs_root
def test_a_user_number_without_an_entry_gets_a_sentence(home: Path) -> None:
    os.chown(home, UNKNOWN_UID, UNKNOWN_UID)  # root's servers run as the owner of HOME
    sentence = f"user number {UNKNOWN_UID}, for which /etc/passwd has no entry. Add one"
    with pytest.raises(HomeUnusable, match=sentence), embedded_servers(home, valkey=False, durable=False):
        pass
    assert not (home / "postgres").exists()


def test_sockets_go_where_it_can_be_written(
    folder: Path, make_home: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = make_home(folder / ("x" * 100))
    writable = folder / "run"
    writable.mkdir(mode=0o711)
    monkeypatch.setattr(layout, "SHORT", (folder / "away", folder / "none"))
    with pytest.raises(HomeUnusable, match="Set ONRECORD_HOME to a shorter path"):
        layout.lay_out(long)
    monkeypatch.setattr(layout, "SHORT", (folder / "away", writable))
    with embedded_servers(long, durable=False) as servers:
        assert servers.postgres.socket.parent.parent == writable
        assert servers.valkey.answers()
        (folder / "away").mkdir()
        assert layout.lay_out(long).sockets == servers.layout.sockets, "the folder that is in use stays in use"


def test_the_server_allows_connections_for_every_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_CONCURRENCY", "64")
    settings.cache_clear()
    try:
        with embedded_servers(home, valkey=False, durable=False) as servers, servers.postgres.connect() as connection:
            assert connection.execute("SHOW max_connections").fetchone() == (str(3 * 65 + 50 + 40),)
            if sys.platform == "linux":
                assert connection.execute("SHOW dynamic_shared_memory_type").fetchone() == ("sysv",)
    finally:
        settings.cache_clear()
