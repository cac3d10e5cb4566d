"""The HOME: how it is found, made and refused."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from worker.embedded.errors import HomeMissing, HomeUnusable
from worker.embedded.home import find_home
from worker.settings import Settings

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


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `onrecord` in a folder, with these environment variables."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ONRECORD_")} | variables
    command = [sys.executable, "-m", "worker", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_blank_one_is_the_default_and_never_the_current_folder(folder: Path) -> None:
    assert [Settings(home=blank).home for blank in ("", " ", "\t")] == [None] * 3
    for arguments in (["status"], ["quotes"], ["export"], ["sql", "select 1"], ["doctor"]):
        ran = run(folder, *arguments, ONRECORD_HOME=" ")
        assert ran.returncode == 1
        assert f"There is no .onrecord/ in {folder}" in ran.stderr + ran.stdout
    assert not list(folder.iterdir())


def test_a_home_may_be_named_from_the_users_folder(folder: Path) -> None:
    ran = run(folder, "status", ONRECORD_HOME="~/nowhere", HOME=str(folder))
    assert f"There is no folder {folder}/nowhere" in ran.stderr
    ran = run(folder, "status", ONRECORD_HOME="~no-such-user-here/x")
    assert ran.returncode == 1
    assert "ONRECORD_HOME" in ran.stderr
    assert "no such user" in ran.stderr
    assert not list(folder.iterdir())


def test_other_blank_folders_name_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in ("HOME", "ARCHIVE", "INBOX", "DATABASE_URL", "BROKER_URL", "REPORT_URL"):
        monkeypatch.setenv(f"ONRECORD_{name}", " ")
    settings = Settings()
    assert (settings.home, settings.archive, settings.inbox) == (None, None, "")
    assert (settings.database_url, settings.broker_url, settings.report_url) == ("", "", "")
    ran = run(folder, "up", "--once", ONRECORD_INBOX=" ")
    assert ran.returncode == 1
    assert "No folder to watch" in ran.stderr
    for named in ("", "~no-such-user-here/x", "name= "):
        ran = run(folder, "up", "--once", "--inbox", named)
        assert ran.returncode == 1, ran.stderr
        assert "folder" in ran.stderr
    (folder / "circle").symlink_to("circle")
    assert "circle" in run(folder, "up", "--once", "--inbox", "circle").stderr
    assert [path.name for path in folder.iterdir()] == ["circle"]
