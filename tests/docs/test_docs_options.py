"""Every command line of Onrecord on any page names a command and options that there are, also where no test runs it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.docs.blocks import blocks_of, is_whole
from tests.docs.terminals import ROOT
from worker.cli.app import app

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SPAN = re.compile(r"`(onrecord [^`\n]+)`")
END = {"|", ">", "&&", ";", "&", "||", "2>&1"}
ONRECORD: Any = typer.main.get_command(app)
BESIDE = {"--help", "-h", "--version", "--install-completion", "--show-completion"}


def lines_of(page: Path) -> Iterator[str]:
    """Iterate over what a page shows as commands: lines of blocks without a language, and code in sentences."""
    for block in blocks_of(page):
        if not block.language:
            yield from (line.removeprefix("$ ") for line in block.text.splitlines())
    yield from SPAN.findall(page.read_text(encoding="utf-8"))


def arguments_of(line: str) -> list[str]:
    """Return what stands behind `onrecord` in a command line; an empty list if it is none, or only a form of one."""
    if not is_whole(line) or re.search(r"\[|…|\\\||COMMAND", line):
        return []
    words = shlex.split(line, comments=True)
    while words and re.match(r"[A-Z_]+=", words[0]):
        del words[0]
    if words[:1] != ["onrecord"] and not line.startswith((".venv/bin/onrecord", "docker compose exec")):
        return []
    at = next((place for place, word in enumerate(words) if word.split("/")[-1] == "onrecord"), len(words))
    behind = words[at + 1 :]
    return behind[: next((place for place, word in enumerate(behind) if word in END), len(behind))]


def unknown(arguments: list[str]) -> list[str]:
    """Return the words that name no command and no option."""
    command = ONRECORD
    path = [command]
    while arguments and hasattr(command, "commands") and not arguments[0].startswith("-"):
        if arguments[0] not in command.commands:
            return [arguments[0]]
        command = command.commands[arguments.pop(0)]
        path.append(command)
    known = {option for part in path for param in part.params for option in (*param.opts, *param.secondary_opts)}
    options = [word.partition("=")[0] for word in arguments if re.match(r"--?[a-z]", word)]
    return [option for option in options if option not in known | BESIDE]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_command_lines_name_what_there_is(page: Path) -> None:
    wrong = [(line, words) for line in lines_of(page) if (words := unknown(arguments_of(line)))]
    assert wrong == []


def test_the_test_finds_what_is_wrong() -> None:
    assert unknown(arguments_of("ONRECORD_HOME=x onrecord quotes --spaeker Lavrov")) == ["--spaeker"]
    assert unknown(arguments_of("docker compose exec worker onrecord qoutes")) == ["qoutes"]
    assert unknown(arguments_of('onrecord quotes fix 12 --speaker "A -b" -r WHY | less -S')) == []
