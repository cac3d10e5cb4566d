"""`docs/reference.md` names exactly the settings and the commands that exist."""

import re
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import typer

from worker.cli.commands import MODULES, registered
from worker.extract.version import GENERATIONS
from worker.report.ready import REPORTS
from worker.setting import Secret, rule_of
from worker.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "reference.md").read_text(encoding="utf-8")


def row(field: Field[Any]) -> str:
    """Return the row that the table must have for a setting."""
    default = "one a core" if field.default_factory is not MISSING else field.default
    if isinstance(default, Secret):
        default = default.reveal()
    if isinstance(default, bool):
        shown = "on" if default else "off"
    elif isinstance(default, int | float):
        shown = f"{default:,}"
    else:
        shown = f"`{default}`" if default and default != "one a core" else str(default or "empty")
    return f"| `ONRECORD_{field.name.upper()}` | {shown} | {rule_of(field).description} |"


def test_the_settings_are_the_table() -> None:
    expected = [row(field) for field in fields(Settings)]
    rows = [line for line in PAGE.splitlines() if line.startswith("| `ONRECORD_")]
    assert rows == expected, "docs/reference.md should have:\n" + "\n".join(expected)


def names(group: typer.Typer, before: str = "onrecord") -> set[str]:
    """Return the names of all commands of a group."""
    commands = {
        f"{before} {command.name or command.callback.__name__}"
        for command in group.registered_commands
        if command.callback
    }
    for subgroup in group.registered_groups:
        assert subgroup.typer_instance is not None
        name = f"{before} {subgroup.name}"
        commands |= {name} | names(subgroup.typer_instance, name)
    return commands


def test_the_commands_are_all_there() -> None:
    documented = set(re.findall(r"^\| `(onrecord [a-z-]+(?: [a-z]+)?)", PAGE, re.MULTILINE))
    assert documented == {name for module in MODULES for name in names(registered(module))}


def test_each_module_has_the_commands_that_the_list_names() -> None:
    for module, listed in MODULES.items():
        assert {name.removeprefix("onrecord ") for name in names(registered(module)) if name.count(" ") == 1} == {
            *listed
        }


def test_the_reports_are_all_there() -> None:
    for report in REPORTS.values():
        assert re.search(rf"^\| `{report.name}[ `]", PAGE, re.MULTILINE), report.name


def test_the_generations_of_the_extractor_are_those_of_the_release() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| (\d+) \|$", PAGE, re.M)
    assert {mode.value: str(number) for mode, number in GENERATIONS.items()}.items() <= set(rows)
