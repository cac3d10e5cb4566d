"""The prompt of `onrecord sql`: a statement ends with a semicolon or an empty line; `\\d` lists the views."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from worker import interrupts
from worker.cli.answers import remark, write_answer
from worker.cli.errors import Complaint, complaint_about, nearest_home, say
from worker.report.render import RowFormat

HISTORY_LINES = 1000
"""Keep at most this many lines of history."""
GREETING = "Read-only SQL on the schema `report`; end a statement with `;`. \\d lists the views, \\q quits."

LIST_VIEWS = """
SELECT c.relname AS view, obj_description(c.oid, 'pg_class') AS "a row is"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'report' AND c.relkind = 'v' ORDER BY 1
"""
LIST_COLUMNS = """
SELECT a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
       col_description(a.attrelid, a.attnum) AS "what it says"
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'report' AND c.relname = %(view)s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


def answer_line(engine: Engine, line: str, form: RowFormat) -> None:
    """Answer a statement, `\\d` or `\\d VIEW`."""
    words = line.strip().rstrip(";").split()
    if not words:
        raise Complaint("There is no statement.", 'Try: onrecord sql "SELECT speaker, quote FROM quotes LIMIT 5"')
    if words[0] in ("\\d", "\\dv", "\\d+"):
        describe(engine, words[1] if len(words) > 1 else None, form)
    elif words[0].startswith("\\"):
        raise Complaint(f"There is no command {words[0]}.", "\\d lists the views, \\d VIEW its columns, \\q quits.")
    else:
        count = write_answer(engine, line, None, form)
        if form is RowFormat.TABLE:
            remark(f"{count} row{'' if count == 1 else 's'}")


def describe(engine: Engine, view: str | None, form: RowFormat) -> None:
    """List the views, or the columns of one view."""
    if view is None:
        write_answer(engine, LIST_VIEWS, None, form)
        remark("Also report.search('words'): current quotes with these words, best first.")
    elif not write_answer(engine, LIST_COLUMNS, {"view": view.removeprefix("report.")}, form):
        raise Complaint(f"There is no view {view}.", "\\d lists the views.")


def prompt(engine: Engine, form: RowFormat) -> None:
    """Read and answer statements until `\\q` or the end of input; an error does not end the prompt."""
    remark(GREETING)
    with history():
        for line in statements():
            try:
                answer_line(engine, line, form)
            except KeyboardInterrupt:
                stopped()
            except Exception as error:
                if interrupts.heard and not isinstance(error, Complaint):  # a library has made its own error of Ctrl-C
                    stopped()
                else:
                    say(complaint_about(error))


def stopped() -> None:
    """Say that Ctrl-C has ended a statement, and go on."""
    interrupts.forget()
    remark("stopped")


def statements() -> Iterator[str]:
    """Yield the statements that the user types; Ctrl-C drops an unfinished statement."""
    lines: list[str] = []
    while True:
        try:
            line = input("    ...> " if lines else "onrecord> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            interrupts.forget()
            print()
            lines = []
            continue
        if not lines and line.strip() in ("\\q", "quit", "exit", "quit;", "exit;"):
            return
        if line.strip():
            lines.append(line)
        if lines and (not line.strip() or line.rstrip().endswith(";") or lines[0].lstrip().startswith("\\")):
            yield "\n".join(lines)
            lines = []


@contextlib.contextmanager
def history() -> Iterator[None]:
    """Let the user edit lines, and keep their history in a file. Without readline, read plain lines."""
    try:
        import readline
    except ImportError:
        yield
        return
    path = history_file()
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            readline.write_history_file(path)


def history_file() -> Path:
    """Return the path of the history file: in HOME if there is a HOME, else in the user's state folder (XDG)."""
    from worker.settings import settings

    home = settings().home or nearest_home()
    if home is not None:
        return home / "sql_history"
    state_folder = os.environ.get("XDG_STATE_HOME")
    return (Path(state_folder) if state_folder else Path.home() / ".local" / "state") / "onrecord" / "sql_history"
