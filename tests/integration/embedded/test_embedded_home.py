"""The HOME: how it is found, made and refused."""

import os
import stat
from pathlib import Path

import pytest

from worker.embedded.errors import HomeMissing, HomeUnusable
from worker.embedded.home import find_home

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")


def test_the_nearest_one_above_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    (folder / ".onrecord").mkdir()
    (folder / "a" / ".onrecord").mkdir()
    monkeypatch.chdir(deep)
    assert find_home() == folder / "a" / ".onrecord"


def test_without_one_the_message_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(HomeMissing, match="onrecord up"):
        find_home()
    with pytest.raises(HomeMissing, match="correct ONRECORD_HOME"):
        find_home(folder / "nowhere")
    assert not list(folder.iterdir())


def test_one_is_made_private_and_left_out_of_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    home = find_home(create=True)
    assert home == folder / ".onrecord"
    assert (home / ".gitignore").read_text() == "*\n"
    # if we are root, the servers' group may pass through, but not list the folder
    assert stat.S_IMODE(home.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)


def test_a_file_in_its_place_is_refused(folder: Path) -> None:
    (folder / "taken").touch()
    with pytest.raises(HomeUnusable, match="not a folder"):
        find_home(folder / "taken", create=True)


@as_root
def test_another_users_one_must_be_named_by_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = folder / ".onrecord"
    trap.mkdir()
    os.chown(trap, 65534, 65534)
    monkeypatch.chdir(folder)
    with pytest.raises(HomeUnusable, match="another user"):
        find_home()
    assert find_home(trap) == trap
