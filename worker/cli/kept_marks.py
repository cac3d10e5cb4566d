"""Keeps the marks of `onrecord forget` in the HOME, and reads them from there or from a file that people name."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.answers import remark
from worker.cli.errors import Complaint

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.store.marks import DatedMark

IN_FORCE = "The decision is in force, but a backup that was made before it may bring back what it removed."


def kept_in() -> Path | None:
    """Return the file of marks of this HOME.

    A HOME that ONRECORD_HOME names is made if it does not exist. Raises `EmbeddedError` if it cannot be used: no mark
    may be lost silently. None if the database is on the user's own server and ONRECORD_HOME is not set: the nearest
    HOME may then be that of another database.
    """
    from worker.backups.marks_file import NAME
    from worker.embedded.errors import EmbeddedError
    from worker.embedded.home import find_home
    from worker.settings import settings

    named = settings().home
    if named is not None:
        return find_home(named, create=True) / NAME
    if settings().database_url:
        return None
    try:
        return find_home() / NAME
    except EmbeddedError:
        return None


def keep(engine: "Engine") -> None:
    """Write the marks of the database that the HOME does not have yet into its file."""
    from worker.backups import marks_file
    from worker.store import marks

    file = kept_in()
    if file is None:
        return
    with told(file), engine.connect() as connection:
        marks_file.keep(file, marks.every(connection))


@contextmanager
def lifting(engine: "Engine", decision: int) -> Iterator[None]:
    """Write into the HOME that the marks of a decision are lifted; the block undoes the decision.

    The lines are written before the block, so that no mark of an undone decision stays in force in the HOME, whatever
    interrupts the command. Marks that are in force after the block are written again; if the command was killed, `up`
    writes them.
    """
    from worker.backups import marks_file
    from worker.store import decisions, marks

    file, before = kept_in(), []
    if file is not None:
        with engine.connect() as connection:
            before = [
                mark for each in decisions.of_forgetting(connection, decision) for mark in marks.every(connection, each)
            ]
        with told(file):
            marks_file.append(file, before, lifted=True)
    try:
        yield
    finally:
        if before:
            keep(engine)


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Complain about a file of marks that cannot be written."""
    try:
        yield
    except OSError as error:
        message = f"{file} cannot be written ({error.strerror}). {IN_FORCE}"
        raise Complaint(message, "Mend it, then run `onrecord up`, which writes what is missing.") from error


def read(file: Path) -> "Iterable[DatedMark]":
    """Return the marks in force in a file that a person named. Complain if the file holds no mark."""
    from worker.backups import marks_file

    if not file.is_file():
        raise Complaint(f"There is no file {file}.", "Check the path.")
    bad = marks_file.damaged(file)
    if bad and not any(marks_file.lines(file)):
        raise Complaint(f"{file} is no file of marks.", f"Give the {marks_file.NAME} of a HOME, or a copy of it.")
    say_damaged(file, bad)
    return marks_file.in_force(file)


def say_damaged(file: Path, number: int) -> None:
    """Say how many lines of a file were left out."""
    if number:
        remark(f"Left out {number} line{'' if number == 1 else 's'} of {file} that cannot be read.")
