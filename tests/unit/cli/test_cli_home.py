"""Which HOME `up` uses when nobody named one, and the HOME of a folder above is named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.cli.errors import Complaint
from worker.cli.home import choose_home, home_above, name_home_above
from worker.settings import settings


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, below one with a HOME."""
    (tmp_path / ".onrecord").mkdir()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.setenv("ONRECORD_HOME", "")
    settings.cache_clear()
    yield tmp_path / "below"
    settings.cache_clear()


def test_up_asks_before_it_uses_the_home_of_a_folder_above(below: Path) -> None:
    with pytest.raises(Complaint) as complaint:
        choose_home(None)
    assert f"--home {below.parent}/.onrecord" in complaint.value.todo
    assert "--home .onrecord" in complaint.value.todo
    choose_home(".onrecord")
    assert settings().home == Path(".onrecord")
    assert os.environ["ONRECORD_HOME"] == ".onrecord"
    with pytest.raises(Complaint):
        choose_home(" ")


def test_a_home_here_is_used_unasked(below: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name_home_above()
    assert capsys.readouterr().err == f"(HOME is {below.parent}/.onrecord, above this folder.)\n"
    (below / ".onrecord").mkdir()
    choose_home(None)
    name_home_above()
    assert home_above() is None
    assert capsys.readouterr().err == ""


def test_with_servers_of_ones_own_no_home_is_asked_for(below: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home_above() == below.parent / ".onrecord"
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://me@127.0.0.1:1/nothing")
    monkeypatch.setenv("ONRECORD_BROKER_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    choose_home(None)
