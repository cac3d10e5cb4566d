"""The quickstart and the how-to, command by command, on a fresh HOME with the seeds: they print what is shown."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import NOT_RUN, STOPPED, Block, blocks_of, steps_of
from tests.docs.terminals import ROOT, Newcomer, difference, make_clone, masked, pattern_of
from tests.faults.ground import free_port
from worker.embedded.home import find_home
from worker.embedded.layout import erase

PAGES = [ROOT / "docs" / name for name in ("quickstart.md", "how-to.md")]


@pytest.fixture
def newcomer() -> Iterator[Newcomer]:
    folder = Path(tempfile.mkdtemp(prefix="onrecord-docs-"))
    folder.chmod(0o711)  # if we are root, the server runs as another user, who must pass through
    reader = Newcomer(make_clone(folder), free_port())
    yield reader
    if reader.is_up:
        reader.presses_control_c()
    with contextlib.suppress(Exception):
        erase(find_home(folder / ".onrecord"))
    shutil.rmtree(folder, ignore_errors=True)


def follow(newcomer: Newcomer, block: Block) -> Iterator[str]:
    """Do what a block says; yield what is wrong with it."""
    if block.note == STOPPED:
        newcomer.presses_control_c()
    if block.starts_up:
        newcomer.starts(block.text.strip())
    elif block.language == "text":
        newcomer.reads(block.text)
    elif block.file:
        (newcomer.clone / block.file).write_text(block.text)
    elif block.is_run:
        for step in steps_of(block):
            code, printed = newcomer.types(newcomer.told(step.command))
            if "Traceback" in printed or (step.printed is None and code):
                yield f"{block.place}: {step.command}ended with {code} and said:\n{printed}"
            elif step.printed is not None:
                newcomer.learns(step.printed, printed)
                shown = newcomer.told(step.printed)
                if not pattern_of(shown).fullmatch(masked(printed)):
                    yield f"{block.place}: {step.command}{difference(shown, printed)}"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_pages_say_what_happens(newcomer: Newcomer) -> None:
    wrong = [sentence for page in PAGES for block in blocks_of(page) for sentence in follow(newcomer, block)]
    assert not wrong, "\n\n".join(wrong)


def test_whatever_is_not_run_says_why() -> None:
    notes = [(block.place, block.note) for page in PAGES for block in blocks_of(page) if block.note]
    assert [place for place, note in notes if note != STOPPED and not note.removeprefix(NOT_RUN).strip()] == []
    assert all(note == STOPPED or note.startswith(NOT_RUN) for _, note in notes)
