"""What a person typed is printed as safely as what strangers wrote."""

import ast
import re
from pathlib import Path

import pytest

from worker.cli import main

CLI = Path(__file__).parents[3] / "worker" / "cli"
HOSTILE = "\x1b[31m\x9b2J\x07\u202e\r\nevil"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
SAFE_CALLS = ("printable", "printable_json")


def is_safe(call: ast.Call) -> bool:
    """True if a call of `print` prints only fixed words, or what `printable` has returned."""
    return all(
        isinstance(argument, ast.Constant)
        or (isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id in SAFE_CALLS)
        for argument in call.args
    )


@pytest.mark.parametrize("path", sorted(CLI.rglob("*.py")), ids=lambda path: path.name)
def test_every_line_is_printed_with_its_control_characters_escaped(path: Path) -> None:
    """Use `write_line`, `remark` and `say` for sentences with values."""
    if path.name in ("errors.py", "app.py"):  # `say` itself, and the version
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert [ast.unparse(call) for call in prints if not is_safe(call)] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [HOSTILE],
        [f"--{HOSTILE}"],
        ["quotes", "--kind", HOSTILE],
        ["quotes", "--limit", HOSTILE],
        ["quotes", "fix", HOSTILE],
        ["quotes", "--since", HOSTILE],
        ["quotes", HOSTILE],
        ["report", HOSTILE],
        ["extract", HOSTILE],
        ["eval", HOSTILE],
        ["eval", "a", "--predictions", f"{HOSTILE}/"],
        ["export", "-o", f"{HOSTILE}/x"],
        ["forget", "--file", HOSTILE, "--reason", "it is asked for"],
        ["worker", "--queue", HOSTILE],
        ["restore", HOSTILE],
    ],
    ids=lambda arguments: arguments[0] if len(arguments[0]) < 9 else "",
)
def test_messages(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    printed = capsys.readouterr()
    assert stop.value.code in (1, 2)
    assert printed.err
    assert not UNSAFE.search(printed.out + printed.err)
