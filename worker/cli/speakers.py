"""`onrecord speakers`: lists the speakers and their names, and corrects them: merge, refuse, split, rename, import."""

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_answer
from worker.cli.connection import reader_login
from worker.cli.options import CORRECT, ReasonOption
from worker.cli.saving import OutputOption, SavedFormOption, SavedLimitOption, most_rows, save
from worker.report.question import containing
from worker.report.render import RowFormat

SPEAKERS = """
SELECT speaker_id, speaker, kind, statements, quotes, articles, names
FROM speakers s
WHERE %(search)s::text IS NULL OR EXISTS (
    SELECT 1 FROM speaker_names n WHERE n.speaker_id = s.speaker_id AND n.status = 'joined'
       AND (n.name ILIKE %(search)s OR n.speaker ILIKE %(search)s))
ORDER BY statements DESC, quotes DESC, speaker
LIMIT %(limit)s
"""
PROPOSED_JOINS = """
SELECT speaker_id, speaker, other_id, other, name AS as_named, evidence, confidence
FROM speaker_names
WHERE status = 'proposed' AND speaker_id IS DISTINCT FROM other_id
  AND (%(search)s::text IS NULL OR speaker ILIKE %(search)s OR other ILIKE %(search)s OR name ILIKE %(search)s)
ORDER BY confidence DESC, speaker, other
LIMIT %(limit)s
"""


def speakers(context: typer.Context) -> None:
    """List the quoted speakers; merge, split and rename them."""
    if context.invoked_subcommand is None:
        list_speakers()


def list_speakers(
    proposed: Annotated[bool, typer.Option("--proposed", help="Joins that wait for your decision.")] = False,
    search: Annotated[str | None, typer.Option("--search", help="Part of any form of the name.")] = None,
    limit: SavedLimitOption = None,
    form: SavedFormOption = None,
    output: OutputOption = None,
) -> None:
    """List the speakers; with --proposed, list pairs of speakers that may be the same."""
    most = most_rows(limit, output)
    parameters = {"search": containing(search), "limit": most or None}
    statement = PROPOSED_JOINS if proposed else SPEAKERS
    if output is not None:
        save(statement, parameters, output, form, noun="proposed joins" if proposed else "speakers")
        return
    with reader_login() as reader:
        count = write_answer(reader, statement, parameters, form or RowFormat.TABLE)
    if not count:
        remark(
            "No join is proposed." if proposed else "Nobody is quoted yet." if search is None else "No such speaker."
        )
    elif proposed:
        remark(
            "The same: onrecord speakers merge A B --reason WHY; two people: onrecord speakers refuse A B --reason WHY"
        )
    remark_on_limit(count, most)


def merge(
    speaker: Annotated[str, typer.Argument(metavar="A", help="The one that stays: a name or number.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The one that is the same.")],
    reason: ReasonOption,
) -> None:
    """A and B are the same: B's quotes become A's."""
    from worker.cli import decide

    decide.merge(speaker, other, reason)


def split(
    speaker: Annotated[str, typer.Argument(metavar="SPEAKER", help="A name, or a number of `speakers list`.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="A form of the name that means somebody else.")],
    reason: ReasonOption,
) -> None:
    """NAME is not SPEAKER: the quotes under NAME go to a new speaker."""
    from worker.cli import decide

    decide.split(speaker, name, reason)


def refuse(
    speaker: Annotated[str, typer.Argument(metavar="A", help="A name, or a number of `speakers list`.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The one that is somebody else.")],
    reason: ReasonOption,
) -> None:
    """A and B are two speakers; the join of the two is not proposed again."""
    from worker.cli import decide

    decide.refuse(speaker, other, reason)


def rename(
    speaker: Annotated[str, typer.Argument(metavar="SPEAKER", help="A name, or a number of `speakers list`.")],
    name: Annotated[str, typer.Argument(metavar="NEW", help="The name for reports.")],
    reason: ReasonOption,
) -> None:
    """Choose the name that reports show for a speaker."""
    from worker.cli import decide

    decide.rename(speaker, name, reason)


def alias(
    speaker: Annotated[str, typer.Argument(metavar="SPEAKER", help="A name, or a number of `speakers list`.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Another name of the same person or body.")],
    reason: ReasonOption,
) -> None:
    """NAME is a name of SPEAKER, too: quotes under it are SPEAKER's, those that are stored and those that come."""
    from worker.cli import decide

    decide.alias(speaker, name, reason)


def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: name, aliases, role, qid, from, to.")],
    reason: Annotated[
        str | None, typer.Option("--reason", "-r", metavar="WHY", help="Why; stored with the decision.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would join, name and propose.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the good rows although others are bad.")] = False,
) -> None:
    """Bring a list of speakers: their names and aliases, roles and QIDs."""
    from worker.cli import speaker_list

    speaker_list.carry_out(file, reason, dry_run=dry_run, skip_bad=skip_bad)


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(invoke_without_command=True, callback=speakers)
    group.command(name="list")(list_speakers)
    for command in (merge, refuse, split, rename, alias):
        group.command()(command)
    group.command(name="import")(import_list)
    app.add_typer(group, name="speakers", rich_help_panel=CORRECT)
