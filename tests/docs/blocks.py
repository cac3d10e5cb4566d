"""The fenced blocks of a page, and what a test does with each; CONTRIBUTING.md says how to write them.

* A block without a language is run, in the order of the page. Lines that begin with `$ ` are commands, and what follows
  each is what it prints; without such lines the whole block is a script.
* A `text` block is what the terminal of `up` prints next.
* A block with a language and a name (```csv people.csv) is a file of this name. Other languages are for people only.
* `<!-- not run: WHY -->` before a block: the test leaves it out. `<!-- up is stopped here -->`: it presses Ctrl-C.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n+)?^ *```(?P<language>\w*) *(?P<file>\S*)\n(?P<text>.*?)^ *```$", re.M | re.S
)
NOT_RUN, STOPPED = "not run: ", "up is stopped here"


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block, with the place where it begins as `page.md:12`."""

    place: str
    language: str
    file: str
    text: str
    note: str

    @property
    def is_run(self) -> bool:
        """True if a test runs its commands."""
        return not self.language and not self.note.startswith(NOT_RUN)

    @property
    def starts_up(self) -> bool:
        """True if it is the command that goes on running in a terminal of its own."""
        return self.is_run and self.text.strip() == "make up"


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what it prints; None if the page does not show it."""

    command: str
    printed: str | None


def blocks_of(page: Path) -> Iterator[Block]:
    """Iterate over the blocks of a page, in its order."""
    text = page.read_text(encoding="utf-8")
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start("text"))
        yield Block(f"{page.name}:{line}", fence["language"], fence["file"], fence["text"], fence["note"] or "")


def steps_of(block: Block) -> Iterator[Step]:
    """Iterate over the commands of a block. A command goes on in the next line while a quotation mark is open."""
    if not re.search(r"^\$ ", block.text, re.M):
        yield Step(block.text, None)
        return
    for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        lines = part.splitlines(keepends=True)
        length = next(length for length in range(1, len(lines) + 1) if is_whole("".join(lines[:length])))
        yield Step("".join(lines[:length]), "".join(lines[length:]) or None)


def is_whole(command: str) -> bool:
    """True if no quotation mark of a command is open."""
    try:
        shlex.split(command, comments=True)
    except ValueError:
        return False
    return True
