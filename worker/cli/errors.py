"""Errors as people see them: what happened, what to do next, and an exit code."""

import re
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from worker.report.printable import printable

MIGRATE = "Run `onrecord migrate` (or `onrecord up`, which does it)."
LEND_ROLE = (
    "Set ONRECORD_REPORT_URL to a URL of the role onrecord_reader (docs/sql.md says how), "
    "or let an administrator run: GRANT onrecord_reader TO the owner of the tables."
)


PASSWORD = re.compile(r"(\w://[^\s/@:]*:)[^\s@]*@")
NARROW = "Narrow it (days, a speaker, fewer columns, a LIMIT); `onrecord export` writes whole views."
# SQLSTATEs of questions that take or give too much.
OF_SIZE = {
    "57014": "The question took too long and was stopped.",
    "25P03": "The answer was not read for so long that PostgreSQL closed it.",
    "53400": "The question needs more room for temporary files than a question may have, and was stopped.",
    "53200": "The question needs more memory than PostgreSQL has, and was stopped.",
    "54000": "The question makes a value larger than PostgreSQL can hold, and was stopped.",
}


class Complaint(Exception):
    """What a command cannot do: a sentence, what to do next, and the exit code."""

    def __init__(self, message: str, todo: str = "", code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo
        self.code = code


def say(complaint: Complaint) -> None:
    """Put a complaint on stderr, one or two lines."""
    print(f"onrecord: {printable(complaint.message)}", file=sys.stderr)
    if complaint.todo:
        print(f"  {printable(complaint.todo)}", file=sys.stderr)


def complaint_about(error: Exception) -> Complaint:
    """The complaint that an exception amounts to; what nobody foresaw is logged with its traceback."""
    if isinstance(error, Complaint):
        return error
    for kind in type(error).__mro__:
        explain = EXPLANATIONS.get(f"{kind.__module__}.{kind.__qualname__}")
        if explain is not None:
            return explain(error)
    return unforeseen(error)


def unforeseen(error: Exception) -> Complaint:
    """A defect of ours, most likely: the traceback goes to a file."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="onrecord-error-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as log:
        told = "".join(traceback.format_exception(error))
        log.write(without_passwords(f"onrecord {' '.join(sys.argv[1:])}\n\n{told}"))
    said = without_passwords(first_line(str(error)))
    return Complaint(
        f"Something happened that Onrecord was not made for: {type(error).__name__}: {said}",
        f"The details are in {log.name}; please report them.",
        code=70,
    )


def without_passwords(text: str) -> str:
    """The text with `***` for what stands where an address has its password."""
    return PASSWORD.sub(r"\1***@", text)


def first_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "no message")


def own_words(error: Any) -> Complaint:
    """For exceptions of ours, whose message says what to do."""
    return Complaint(str(error))


def of_system(error: OSError) -> Complaint:
    """A file or folder that cannot be used."""
    if error.filename is None:
        return Complaint(error.strerror or str(error))
    name = error.filename if isinstance(error.filename, str | bytes) else str(error.filename)
    shown = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
    return Complaint(f"{shown}: {error.strerror}.", "Check the path and your rights to it.")


def of_settings(error: Any) -> Complaint:
    """A setting that has a value of the wrong kind (pydantic)."""
    wrong = [f"ONRECORD_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
    return Complaint("; ".join(wrong), "Correct it in the environment or in .env; docs/reference.md lists them all.")


def of_sqlalchemy(error: Any) -> Complaint:
    """The driver's error inside SQLAlchemy's."""
    if isinstance(error.orig, Exception):
        return of_psycopg(error.orig)
    return Complaint(first_line(str(error)))


def of_address(_error: Any) -> Complaint:
    """A database URL that is none."""
    return Complaint(
        "ONRECORD_DATABASE_URL or ONRECORD_REPORT_URL is not an address of PostgreSQL.",
        "It looks like postgresql://user:password@host:5432/name; special characters of a password are %-encoded.",
    )


def of_psycopg(error: Any) -> Complaint:
    """What the database refused, or why it cannot be reached."""
    code = error.sqlstate
    if code is None:
        return of_connection(str(error))
    said = error.diag.message_primary or first_line(str(error))
    if code in ("3F000", "42P01", "42883") and re.search(r"schema \"report\"|relation|function", said):
        return Complaint(f"PostgreSQL says: {said}.", f"{view_names(said)} If the database is new: {MIGRATE}")
    if code == "42501" and "role" in said:
        return Complaint(f"PostgreSQL says: {said}.", LEND_ROLE)
    if code == "22023" and "role" in said:  # SET ROLE to a role that is not there
        return Complaint(f"PostgreSQL says: {said}.", MIGRATE)
    if code == "42501":
        return Complaint(f"PostgreSQL says: {said}.", "Here one reads the schema report only; `\\d` lists its views.")
    if "invalid memory alloc request size" in said:  # PostgreSQL's way of saying 54000 of a whole row
        code = "54000"
    if code in OF_SIZE:
        return Complaint(OF_SIZE[code], NARROW)
    if code == "25006":
        return Complaint(f"PostgreSQL says: {said}.", "Here one only reads; corrections have commands of their own.")
    if code.startswith(("57P", "08")):
        return of_connection(said)
    return Complaint(f"PostgreSQL says: {said}.", pointed(error))


def view_names(said: str) -> str:
    """A hint for somebody who asked for a view that is not there."""
    return "`onrecord sql '\\d'` lists the views." if "relation" in said else ""


def pointed(error: Any) -> str:
    """The server's own hint and the place in the statement."""
    place = error.diag.statement_position
    return " ".join(filter(None, (error.diag.message_hint, f"(at character {place})" if place else "")))


def of_memory(_error: Any) -> Complaint:
    """More than this process may hold."""
    return Complaint("The answer is larger than this command may hold in memory, and was stopped.", NARROW)


def of_connection(said: str) -> Complaint:
    """PostgreSQL cannot be reached, or let us not in."""
    if "out of memory" in said:  # libpq's own: a row that is too large for us
        return of_memory(said)
    if "role" in said and "does not exist" in said:
        return Complaint(f"PostgreSQL says: {first_line(said).removeprefix('connection failed: ')}", MIGRATE)
    return Complaint(
        f"PostgreSQL cannot be asked: {first_line(said).removeprefix('connection failed: ')}",
        "Check ONRECORD_DATABASE_URL and that the server runs; `onrecord doctor` looks at all of it.",
    )


# By name, so that nothing heavy is imported for a command that needs none of it.
EXPLANATIONS: dict[str, Callable[[Any], Complaint]] = {
    "builtins.MemoryError": of_memory,
    "builtins.OSError": of_system,
    "psycopg.Error": of_psycopg,
    "pydantic_core._pydantic_core.ValidationError": of_settings,
    "sqlalchemy.exc.DBAPIError": of_sqlalchemy,
    "sqlalchemy.exc.ArgumentError": of_address,
    "worker.embedded.errors.EmbeddedError": own_words,
    "worker.reasons.Refused": own_words,
    "worker.report.answer.NotAQuestion": own_words,
    "worker.report.day.NotADay": own_words,
    "worker.store.decisions.Undecidable": own_words,
    "worker.store.db.schema.OtherSchema": own_words,
    "worker.watch.inbox.InboxError": own_words,
    "worker.watch.watcher.AlreadyWatched": own_words,
}


def nearest_home() -> Path | None:
    """The nearest `.onrecord/` here or above."""
    here = Path.cwd()
    return next((folder / ".onrecord" for folder in (here, *here.parents) if (folder / ".onrecord").is_dir()), None)
