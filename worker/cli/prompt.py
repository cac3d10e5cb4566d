"""The prompt of `onrecord sql`: a statement ends with a semicolon or an empty line; `help` says what else there is."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from worker import interrupts
from worker.cli.answers import remark, write_answer, write_line
from worker.cli.errors import Complaint, complaint_about, nearest_home, say
from worker.cli.plural import counted
from worker.report.catalogue import LIST_COLUMNS, LIST_VIEWS
from worker.report.render import RowFormat
from worker.store.db.login import Login

HISTORY_LINES = 1000
"""Keep at most this many lines of history."""
GREETING = "Read-only SQL on the schema `report`; end a statement with `;`. \\d lists the views, help helps, \\q quits."

HELP = """
SELECT …;   a question; it ends with a semicolon or an empty line
\\d          the views
\\d VIEW     the columns of a view, and what they say
\\x          records, one column a line, instead of tables; again: tables
\\q          the end; also quit, exit and Ctrl-D

Tab completes views and columns. The arrow up brings back earlier questions. For example:

  SELECT speaker, cue, quote FROM quotes ORDER BY published_at DESC NULLS LAST LIMIT 5;
  SELECT quote_id, speaker, quote FROM search('talks -nuclear') LIMIT 5;
"""
COMMANDS = "\\d lists the views, \\d VIEW its columns, \\q quits."
FOR_HELP = frozenset({"help", "\\?", "\\h", "?"})
FOR_RECORDS = "\\x"
FOR_END = frozenset({"\\q", "quit", "exit"})


def answer_line(reader: Login, line: str, form: RowFormat) -> None:
    """Answer a statement, `help`, `\\d` or `\\d VIEW`."""
    words = line.strip().rstrip(";").split()
    if not words:
        raise Complaint("There is no statement.", 'Try: onrecord sql "SELECT speaker, quote FROM quotes LIMIT 5"')
    if words[0] in ("\\d", "\\dv", "\\d+"):
        describe(reader, words[1] if len(words) > 1 else None, form)
    elif words[0] in FOR_HELP:
        for row in HELP.strip("\n").split("\n"):
            write_line(row)
    elif words[0] == FOR_RECORDS:
        raise Complaint("\\x is for the prompt.", "Here, --expanded gives records.")
    elif words[0].startswith("\\"):
        raise Complaint(f"There is no command {words[0]}.", COMMANDS)
    else:
        count = write_answer(reader, line, None, form)
        if form.is_for_people:
            remark(counted(count, "row"))


def describe(reader: Login, view: str | None, form: RowFormat) -> None:
    """List the views, or the columns of one view."""
    if view is None:
        write_answer(reader, LIST_VIEWS, None, form)
        remark("Also report.search('words'): current quotes with these words, best first.")
    elif not write_answer(reader, LIST_COLUMNS, {"view": view.removeprefix("report.")}, form):
        raise Complaint(f"There is no view {view}.", COMMANDS)


def prompt(reader: Login, form: RowFormat) -> None:
    """Read and answer statements until `\\q` or the end of input; an error does not end the prompt."""
    remark(GREETING)
    lines: list[str] = []
    with line_editing(reader, lines):
        for line in statements(lines):
            if line.strip() == FOR_RECORDS:
                form = RowFormat.TABLE if form is RowFormat.RECORDS else RowFormat.RECORDS
                remark("Records from now on." if form is RowFormat.RECORDS else "Tables from now on, if they fit.")
                continue
            try:
                answer_line(reader, line, form)
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


def statements(lines: list[str]) -> Iterator[str]:
    """Yield the statements that the user types; Ctrl-C drops an unfinished statement. `lines` holds its lines."""
    while True:
        try:
            line = input("    ...> " if lines else "onrecord> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            interrupts.forget()
            print()
            lines.clear()
            continue
        word = line.strip().rstrip(";")
        if not lines and word in FOR_END:
            return
        if line.strip():
            lines.append(line)
        is_command = word in FOR_HELP or word.startswith("\\")
        if lines and (not line.strip() or line.rstrip().endswith(";") or (len(lines) == 1 and is_command)):
            yield "\n".join(lines)
            lines.clear()


@contextlib.contextmanager
def line_editing(reader: Login, lines: list[str]) -> Iterator[None]:
    """Let the user edit lines, complete names with Tab, and keep a history. Without readline, read plain lines.

    `lines` are the lines of the unfinished statement.
    """
    try:
        import readline
    except ImportError:
        yield
        return
    from worker.cli.completion import DELIMITERS, complete_with
    from worker.report.catalogue import columns_of_views

    path = history_file()
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)
    readline.set_completer_delims(DELIMITERS)
    readline.set_completer(complete_with(lambda: columns_of_views(reader), lambda: "".join(f"{x}\n" for x in lines)))
    is_libedit = "libedit" in (readline.__doc__ or "")  # macOS
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(None)
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
