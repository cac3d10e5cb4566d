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

    None if the database is on the user's own server and ONRECORD_HOME is not set: the nearest HOME may then be that of
    another database.
    """
    from worker.backups.marks_file import NAME
    from worker.embedded.errors import EmbeddedError
    from worker.embedded.home import find_home
    from worker.settings import settings

    if settings().database_url and settings().home is None:
        return None
    try:
        return find_home(settings().home) / NAME
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
    """Write into the HOME which marks of a decision are gone after the block, which undoes the decision."""
    from worker.backups import marks_file
    from worker.store import marks

    with engine.connect() as connection:
        before = list(marks.every(connection, decision))
    yield
    file = kept_in()
    if file is None or not before:
        return
    with engine.connect() as connection:
        kept = {
            (kind, hashed)
            for kind in {mark.kind for mark in before}
            for hashed in marks.among(connection, [mark.hash for mark in before if mark.kind == kind], kind)
        }
    with told(file):
        marks_file.append(file, (mark for mark in before if (mark.kind, mark.hash) not in kept), lifted=True)


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
