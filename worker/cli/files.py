"""`onrecord files`: lists the dropped files, their states and the reasons."""

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_answer
from worker.cli.connection import reader_login
from worker.cli.errors import Complaint
from worker.cli.options import HAPPENED
from worker.cli.saving import OutputOption, SavedFormOption, SavedLimitOption, most_rows, save
from worker.report.render import RowFormat
from worker.store.states import State

if TYPE_CHECKING:
    from worker.store.db.login import Login

FILES = """
SELECT f.inbox, f.file, f.current, f.state, f.reason,
       coalesce(f.message, 'The same as ' || f.duplicate_of || '.') AS message,
       f.members, f.members_quarantined AS quarantined, f.first_seen
FROM files f
WHERE (%(state)s::text IS NULL OR f.state = %(state)s) AND (%(file)s::text IS NULL OR f.file = %(file)s)
ORDER BY f.first_seen DESC, f.inbox, f.file, f.current DESC
LIMIT %(limit)s
"""
MEMBERS = """
SELECT m.inbox, m.file || coalesce(':' || m.member, '') AS member, m.state, m.reason, m.message, m.article_id
FROM members m
WHERE (%(state)s::text IS NULL OR m.state = %(state)s) AND (%(file)s::text IS NULL OR m.file = %(file)s)
ORDER BY m.inbox, m.file, m.position
LIMIT %(limit)s
"""
WARNINGS = """
SELECT m.inbox, m.file || coalesce(':' || m.member, '') AS member, w.warning, m.article_id
FROM members m JOIN articles a USING (article_id) CROSS JOIN unnest(a.warnings) AS w(warning)
WHERE m.state = 'stored' AND (%(state)s::text IS NULL OR m.state = %(state)s)
  AND (%(file)s::text IS NULL OR m.file = %(file)s)
ORDER BY m.inbox, m.file, m.position, w.warning
LIMIT %(limit)s
"""
IS_THERE = """SELECT 1 FROM files f WHERE f.file = %(file)s LIMIT 1"""
BAD_MEMBERS = """
SELECT 1 FROM files WHERE state <> 'quarantined' AND members_quarantined > 0 LIMIT 1
"""


def files(
    state: Annotated[State | None, typer.Option("--state", help="Only files in this state.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="Only this file, by its path below the folder.")] = None,
    members: Annotated[bool, typer.Option("--members", "-m", help="One row for each member: dump.jsonl:17.")] = False,
    warnings: Annotated[
        bool,
        typer.Option(
            "--warnings",
            "-w",
            help="One row for each thing that reading stored articles had to mend, guess or leave out.",
        ),
    ] = False,
    limit: SavedLimitOption = None,
    form: SavedFormOption = None,
    output: OutputOption = None,
) -> None:
    """List the dropped files, the state of each file, and the reason.

    `current` is no for an older version of a file, whose path has other bytes by now.
    """
    if warnings and (members or state not in (None, State.STORED)):
        raise Complaint("--warnings is a list of its own, of stored articles.", "Ask for one list at a time.", code=2)
    most = most_rows(limit, output)
    parameters = {"state": state.value if state else None, "file": file, "limit": most or None}
    statement = MEMBERS if members else WARNINGS if warnings else FILES
    if output is not None:
        save(statement, parameters, output, form, noun="members" if members else "warnings" if warnings else "files")
        return
    form = form or RowFormat.TABLE
    with reader_login() as reader:
        count = write_answer(reader, statement, parameters, form)
        if state is State.QUARANTINED and not (members or warnings) and form is RowFormat.TABLE:
            remark_on_members(reader)
        is_known = not warnings or count > 0 or bool(file is None or exists(reader, file))
    if warnings and is_known and not count:
        remark("Nothing had to be mended, guessed or left out.")
    elif not count:
        remark("No such file." if file or state else "No file has been dropped yet.")
    remark_on_limit(count, most)


def exists(reader: "Login", file: str) -> bool:
    """True if a file with this path was ever dropped."""
    from worker.report.answer import ask

    with ask(reader, IS_THERE, {"file": file}) as answer:
        return next(answer.rows, None) is not None


def remark_on_members(reader: "Login") -> None:
    """Print a remark if stored files have quarantined members: a file with one bad member of a hundred is stored."""
    from worker.report.answer import ask

    with ask(reader, BAD_MEMBERS) as answer:
        if next(answer.rows, None) is not None:
            remark("Files that are stored have quarantined members too; --members lists them.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(files)
