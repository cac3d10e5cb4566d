"""`onrecord decisions` and `onrecord forget`: list and undo decisions, and remove articles for good."""

import sys
from typing import Annotated

import typer

from worker.cli.answers import remark, remark_on_limit
from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.cli.options import CORRECT, LIMIT, FormOption, LimitOption, ReasonOption, from_one
from worker.report.render import RowFormat, render

DECISIONS = """
SELECT d.id, d.decided_at, d.who, d.kind, d.quote_id, d.article_id, d.speaker_id, d.value, d.undoes, d.reason,
       EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id) AS undone
FROM decisions d ORDER BY d.id DESC LIMIT :limit
"""


def decisions(context: typer.Context) -> None:
    """List what people decided; undo a decision."""
    if context.invoked_subcommand is None:
        list_decisions()


def list_decisions(limit: LimitOption = LIMIT, form: FormOption = RowFormat.TABLE) -> None:
    """List the decisions, newest first."""
    from sqlalchemy import text

    with owner_engine() as engine, engine.connect() as connection:
        result = connection.execute(text(DECISIONS), {"limit": limit or None})
        count = render(list(result.keys()), (tuple(row) for row in result), form, sys.stdout)
    if not count:
        remark("Nobody has decided anything yet.")
    remark_on_limit(count, limit)


def undo(
    decision: Annotated[int, typer.Argument(metavar="ID", help="Its number in `decisions list`.", parser=from_one)],
    reason: ReasonOption,
) -> None:
    """Undo one decision. The undoing is stored as a decision too."""
    from worker.cli import decide

    decide.undo(decision, reason)


def forget(
    reason: ReasonOption,
    article: Annotated[
        int | None, typer.Option("--article", metavar="INTEGER", parser=from_one, help="This article_id.")
    ] = None,
    file: Annotated[str | None, typer.Option("--file", help="All articles of this file.")] = None,
    outlet: Annotated[str | None, typer.Option("--outlet", help="All articles of this outlet.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove articles and their quotes for good.

    The same text is not stored again, unless the decision is undone. Your files are not touched.
    """
    if sum(option is not None for option in (article, file, outlet)) != 1:
        raise Complaint("Say what to forget.", "Give one of --article N, --file F and --outlet O.")
    subject = f"article {article}" if article else f"file {file}" if file else f"outlet {outlet}"
    if not yes:
        if not sys.stdin.isatty():
            raise Complaint(f"There is no terminal to ask whether to remove {subject}.", "Add --yes to remove it.")
        if not typer.confirm(f"Remove {subject} and all its quotes?"):
            raise typer.Exit(1)
    from worker.cli import decide

    decide.forget(article=article, file=file, outlet=outlet, reason=reason)


def register(app: typer.Typer) -> None:
    """Add the group and `forget`."""
    group = typer.Typer(invoke_without_command=True, callback=decisions)
    group.command(name="list")(list_decisions)
    group.command()(undo)
    app.add_typer(group, name="decisions", rich_help_panel=CORRECT)
    app.command(rich_help_panel=CORRECT)(forget)
