"""`onrecord files`: what became of everything that was dropped."""

from typing import Annotated, Any

import typer

from worker.cli.answers import remark, remark_on_limit, write_answer
from worker.cli.connection import reader_engine
from worker.cli.options import HAPPENED, MOST, FormOption, LimitOption
from worker.report.render import RowFormat
from worker.store.states import State

FILES = """
SELECT f.inbox, f.file, f.state, f.reason, coalesce(f.message, 'The same as ' || f.duplicate_of || '.') AS message,
       f.members, f.members_quarantined AS quarantined, f.first_seen
FROM files f
WHERE (%(state)s::text IS NULL OR f.state = %(state)s) AND (%(file)s::text IS NULL OR f.file = %(file)s)
ORDER BY f.first_seen DESC, f.inbox, f.file
LIMIT %(limit)s
"""
MEMBERS = """
SELECT m.inbox, m.file || coalesce(':' || m.member, '') AS member, m.state, m.reason, m.message, m.article_id
FROM members m
WHERE (%(state)s::text IS NULL OR m.state = %(state)s) AND (%(file)s::text IS NULL OR m.file = %(file)s)
ORDER BY m.inbox, m.file, m.position
LIMIT %(limit)s
"""
BAD_MEMBERS = "SELECT 1 FROM files WHERE state <> 'quarantined' AND members_quarantined > 0 LIMIT 1"


def files(
    state: Annotated[State | None, typer.Option("--state", help="Only those in this state.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="Only this file, by its path below the folder.")] = None,
    members: Annotated[bool, typer.Option("--members", "-m", help="A row a member: dump.jsonl:17.")] = False,
    limit: LimitOption = MOST,
    form: FormOption = RowFormat.TABLE,
) -> None:
    """What was dropped, and what became of it and why."""
    parameters: dict[str, Any] = {"state": state.value if state else None, "file": file, "limit": limit or None}
    with reader_engine() as engine:
        count = write_answer(engine, MEMBERS if members else FILES, parameters, form)
        if state is State.QUARANTINED and not members and form is RowFormat.TABLE:
            remark_on_members(engine)
    if not count:
        remark("No such file." if file or state else "Nothing was dropped yet.")
    remark_on_limit(count, limit)


def remark_on_members(engine: Any) -> None:
    """A file with one bad member of a hundred is stored; say where the bad one is to be found."""
    from worker.report.answer import ask

    with ask(engine, BAD_MEMBERS) as answer:
        if next(answer.rows, None) is not None:
            remark("Files that are stored have quarantined members too; --members lists them.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(files)
