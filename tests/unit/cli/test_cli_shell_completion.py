"""Shells complete commands and options; docs/how-to.md says how to switch that on."""

import pytest

from worker.cli import main


def answered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **variables: str) -> str:
    """Return what a shell with these variables gets from the command."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    return capsys.readouterr().out


def test_bash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    variables = {"_ONRECORD_COMPLETE": "complete_bash", "COMP_WORDS": "onrecord show ", "COMP_CWORD": "2"}
    assert answered(monkeypatch, capsys, **variables).split() == ["quote", "article", "file", "speaker"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: str) -> None:
    action = {"_TYPER_COMPLETE_FISH_ACTION": "get-args"} if shell == "fish" else {}
    typed = {"_ONRECORD_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "onrecord quotes --ki"}
    assert "--kind" in answered(monkeypatch, capsys, **typed, **action)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: str
) -> None:
    assert "_ONRECORD_COMPLETE" in answered(monkeypatch, capsys, _ONRECORD_COMPLETE=f"source_{shell}")
