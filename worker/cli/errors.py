"""The messages for errors. Each message says what happened and what to do next, and has an exit code."""

import contextlib
import os
import re
import stat
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.report.printable import printable

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy.exc import DBAPIError

    from worker.backups.errors import BackupError
    from worker.report.answer import AtPlace
    from worker.setting import WrongSettings

MIGRATE = "Run `onrecord migrate` (or `onrecord up`, which does it)."
LEND_ROLE = (
    "Set ONRECORD_REPORT_URL to a URL of the role onrecord_report (docs/sql.md says how), "
    "or let an administrator run: GRANT onrecord_reader TO the owner of the tables."
)

ERROR_FILE = "onrecord-error-"
"""The name of each file about an unforeseen error begins with this."""
PASSWORD = re.compile(r"(\w://[^\s/@:]*:)[^\s@]*@")
NARROW = "Narrow it (days, a speaker, fewer columns, a LIMIT); `onrecord export` writes whole views."
FEWER = (
    "Wait a moment and try again. If that does not help, end sessions that are left open, run fewer pool processes "
    "(ONRECORD_CONCURRENCY), or, on a server of your own, raise max_connections; `onrecord doctor` says to what."
)
# PostgreSQL's error codes (SQLSTATE) for statements that need too much time or memory.
TOO_LARGE = {
    "57014": "The question took too long and was stopped.",
    "25P03": "The answer was not read for a long time, so PostgreSQL closed the connection.",
    "53400": "The question needs more space for temporary files than is allowed, and was stopped.",
    "53200": "This question needs too much memory, and was stopped.",
    "54000": "The question makes a value larger than PostgreSQL can hold, and was stopped.",
}


class Complaint(Exception):
    """Raised when a command cannot go on: a message, what to do next, and the exit code."""

    def __init__(self, message: str, todo: str = "", code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo
        self.code = code


def say(complaint: Complaint) -> None:
    """Print a complaint on stderr, in one or two lines."""
    print(f"onrecord: {printable(complaint.message)}", file=sys.stderr)
    if complaint.todo:
        print(f"  {printable(complaint.todo)}", file=sys.stderr)


def complaint_about(error: Exception) -> Complaint:
    """Return the complaint that explains an exception. Unexpected exceptions are logged with their traceback."""
    if isinstance(error, Complaint):
        return error
    for kind in type(error).__mro__:
        explain = EXPLANATIONS.get(f"{kind.__module__}.{kind.__qualname__}")
        if explain is not None:
            return explain(error)
    return unforeseen(error)


def unforeseen(error: Exception) -> Complaint:
    """Return the complaint about an unexpected exception, most likely a bug. Its traceback is written to a file."""
    trace = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix=ERROR_FILE, suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as log:
            log.write(without_passwords(f"onrecord {' '.join(sys.argv[1:])}\n\n{trace}"))
        details = f"The details are in {log.name}; please report them."
    except OSError as fault:  # /tmp cannot be written, or is full
        details = f"The details are in no file, as none could be made ({fault.strerror}): set TMPDIR and try again."
    message = without_passwords(first_line(str(error)))
    return Complaint(
        f"Something happened that Onrecord was not made for: {type(error).__name__}: {message}",
        details,
        code=70,
    )


def remove_error_files() -> int:
    """Delete the files about unforeseen errors that this user's commands have written; return their number.

    They hold the arguments of commands, for example a speaker's name.
    """
    removed = 0
    for path in Path(tempfile.gettempdir()).glob(f"{ERROR_FILE}*.log"):
        with contextlib.suppress(OSError):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid():
                path.unlink()
                removed += 1
    return removed


def without_passwords(text: str) -> str:
    """Return the text with `***` in place of each password in a URL."""
    return PASSWORD.sub(r"\1***@", text)


def first_line(text: str) -> str:
    """Return the first line that is not blank."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "no message")


def own_words(error: Exception) -> Complaint:
    """Return the complaint for one of Onrecord's own exceptions, whose message already says what to do."""
    return Complaint(str(error))


def of_backup(error: "BackupError") -> Complaint:
    """Return the complaint about a backup that cannot be written or restored."""
    return Complaint(error.sentence, error.advice)


def of_system(error: OSError) -> Complaint:
    """Return the complaint about a file or folder that cannot be used."""
    if error.filename is None:
        return Complaint(error.strerror or str(error))
    name = error.filename if isinstance(error.filename, str | bytes) else str(error.filename)
    shown = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
    return Complaint(f"{shown}: {error.strerror}.", "Check the path and your rights to it.")


def of_import(error: ImportError) -> Complaint:
    """Return the complaint about a library that cannot be loaded."""
    return Complaint(f"A library that Onrecord needs cannot be loaded: {error}.", "Install Onrecord again.")


def of_encoding(error: UnicodeError) -> Complaint:
    """Return the complaint about a character that cannot be written, or about bytes that are no text."""
    if not isinstance(error, UnicodeEncodeError):
        return Complaint("What was read is not in UTF-8.", "Convert it to UTF-8, for example with iconv.")
    character = error.object[error.start]
    if "\ud800" <= character <= "\udfff":  # Python's form of a byte that it could not decode
        return Complaint("A name or a text that was given is not in UTF-8.", "Give it in UTF-8.")
    return Complaint(
        f"The character “{character}” cannot be written in {error.encoding}.",
        "Set PYTHONIOENCODING=utf-8 or a locale with UTF-8; --format json escapes such characters.",
    )


def of_settings(error: "WrongSettings") -> Complaint:
    """Return the complaint about settings with a wrong value."""
    advice = "Correct the setting in the environment or in .env; docs/reference.md lists all settings."
    return Complaint(str(error), advice)


def of_sqlalchemy(error: "DBAPIError") -> Complaint:
    """Return the complaint about the driver's error inside an exception of SQLAlchemy."""
    import psycopg

    if isinstance(error.orig, psycopg.Error):
        return of_psycopg(error.orig)
    return Complaint(first_line(str(error)))


def of_address(_error: Exception) -> Complaint:
    """Return the complaint about a database URL that cannot be read."""
    return Complaint(
        "ONRECORD_DATABASE_URL or ONRECORD_REPORT_URL is not an address of PostgreSQL.",
        "An address looks like postgresql://user:password@host:5432/name;"
        " special characters in the password must be %-encoded.",
    )


def of_place(error: "AtPlace") -> Complaint:
    """Return the complaint about an error at a place in the statement that was typed."""
    complaint = of_psycopg(error.error)
    return Complaint(complaint.message, " ".join(filter(None, (complaint.todo, f"({error.place})"))), complaint.code)


def of_psycopg(error: "psycopg.Error") -> Complaint:
    """Return the complaint about a statement that PostgreSQL refused, or about a failed connection."""
    code = error.sqlstate
    if code is None:
        return of_connection(str(error))
    message = error.diag.message_primary or first_line(str(error))
    if code in ("3F000", "42P01", "42883") and re.search(r"schema \"report\"|relation|function", message):
        return Complaint(f"PostgreSQL says: {message}.", f"{view_names(message)}If the database is new: {MIGRATE}")
    if code == "42501" and "role" in message:
        return Complaint(f"PostgreSQL says: {message}.", LEND_ROLE)
    if code == "22023" and "role" in message:  # SET ROLE to a role that does not exist
        return Complaint(f"PostgreSQL says: {message}.", MIGRATE)
    if code == "42501":
        return Complaint(
            f"PostgreSQL says: {message}.", "This command reads only the schema `report`; `\\d` lists its views."
        )
    if "invalid memory alloc request size" in message:  # PostgreSQL's error for a row that is too large as a whole
        code = "54000"
    if code in TOO_LARGE:
        return Complaint(TOO_LARGE[code], NARROW)
    if code == "25006":
        return Complaint(
            f"PostgreSQL says: {message}.", "This command only reads; corrections have commands of their own."
        )
    if code.startswith(("57P", "08")):
        return of_connection(message)
    return Complaint(f"PostgreSQL says: {message}.", error.diag.message_hint or "")


def view_names(message: str) -> str:
    """Return how to list the views, if the message is about a view that does not exist; otherwise an empty text."""
    return "`onrecord sql '\\d'` lists the views. " if "relation" in message else ""


def of_memory(_error: object) -> Complaint:
    """Return the complaint about an answer that needs more memory than this process may use."""
    return Complaint("The answer is larger than this command may hold in memory, and was stopped.", NARROW)


def of_connection(message: str) -> Complaint:
    """Return the complaint about a PostgreSQL server that cannot be reached or refuses our login."""
    from worker.embedded.connections import ALL_TAKEN

    if "out of memory" in message:  # reported by libpq, the client library: a row does not fit into our memory
        return of_memory(message)
    if ALL_TAKEN.search(message):
        return Complaint("All connections of PostgreSQL are taken.", FEWER)
    if "role" in message and "does not exist" in message:
        return Complaint(f"PostgreSQL says: {first_line(message).removeprefix('connection failed: ')}", MIGRATE)
    if "could not access file" in message:  # a library that the role's settings name is not there
        return Complaint(
            f"PostgreSQL says: {first_line(message).removeprefix('connection failed: ')}",
            "Somebody has changed the settings of this role. Beat puts them back within seconds; `onrecord doctor` says"
            " more.",
        )
    return Complaint(
        f"PostgreSQL cannot be asked: {first_line(message).removeprefix('connection failed: ')}",
        "Check ONRECORD_DATABASE_URL, and that the server runs; `onrecord doctor` checks both.",
    )


# The keys are the names of the exceptions, not the classes, so that a command imports no library that it does not need.
EXPLANATIONS: dict[str, Callable[[Any], Complaint]] = {
    "builtins.ImportError": of_import,
    "builtins.MemoryError": of_memory,
    "builtins.OSError": of_system,
    "builtins.UnicodeDecodeError": of_encoding,
    "builtins.UnicodeEncodeError": of_encoding,
    "psycopg.Error": of_psycopg,
    "sqlalchemy.exc.DBAPIError": of_sqlalchemy,
    "sqlalchemy.exc.ArgumentError": of_address,
    "worker.backups.errors.BackupError": of_backup,
    "worker.deliveries.making.Unusable": own_words,
    "worker.embedded.errors.EmbeddedError": own_words,
    "worker.extract.model.own_fit.BadFit": own_words,
    "worker.reasons.Refused": own_words,
    "worker.report.answer.AtPlace": of_place,
    "worker.report.answer.NotAQuestion": own_words,
    "worker.report.answer.SeveralStatements": own_words,
    "worker.report.day.NotADay": own_words,
    "worker.setting.WrongSettings": of_settings,
    "worker.store.decisions.Undecidable": own_words,
    "worker.store.db.address.NotAnAddress": of_address,
    "worker.store.db.pooler.PooledTransactions": own_words,
    "worker.store.db.schema.OtherSchema": own_words,
    "worker.watch.inbox.InboxError": own_words,
    "worker.watch.watcher.AlreadyWatched": own_words,
}


def nearest_home() -> Path | None:
    """Return the nearest `.onrecord/`, in the current folder or in a folder above it; None if there is none."""
    here = Path.cwd()
    return next((folder / ".onrecord" for folder in (here, *here.parents) if (folder / ".onrecord").is_dir()), None)
