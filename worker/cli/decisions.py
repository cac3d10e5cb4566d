"""`onrecord decisions`: list and undo decisions."""

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_rows
from worker.cli.connection import owner_engine
from worker.cli.decision_words import change_of
from worker.cli.options import CORRECT, ReasonOption, from_one
from worker.cli.saving import OutputOption, SavedFormOption, SavedLimitOption, most_rows, save_rows
from worker.report.render import RowFormat

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

# `other` is the speaker that stays, that was told apart, or that a form was taken from. `earlier` is the name that the
# decision before this one had given; for a speaker without such a decision, the name that most articles use.
DECISIONS = """
SELECT d.id, d.decided_at, d.who, d.kind, d.quote_id, d.article_id, d.speaker_id, d.value, d.undoes, d.reason,
       u.id IS NOT NULL AS undone, u.id AS undone_by, s.name AS speaker, o.id AS other_id, o.name AS other,
       q.source_text, coalesce(e.name, f.name) AS earlier
FROM decisions d
LEFT JOIN decisions u ON u.undoes = d.id
LEFT JOIN speakers s ON s.id = d.speaker_id
LEFT JOIN speakers o
    ON o.id = CAST(coalesce(d.value ->> 'into', d.value ->> 'from', d.value -> 'refused' ->> 0) AS bigint)
LEFT JOIN quotes q ON q.id = d.quote_id
LEFT JOIN LATERAL (
    SELECT coalesce(b.value ->> 'name', 'nobody known') AS name FROM decisions b
    WHERE b.id < d.id AND NOT EXISTS (SELECT FROM decisions x WHERE x.undoes = b.id AND x.id < d.id)
      AND (d.kind IN ('set_speaker', 'no_speaker') AND b.kind IN ('set_speaker', 'no_speaker')
           AND b.article_id = d.article_id AND b.quote_id = d.quote_id
           OR d.kind = 'rename' AND b.kind = 'rename' AND b.speaker_id = d.speaker_id)
    ORDER BY b.id DESC LIMIT 1) e ON true
LEFT JOIN LATERAL (
    SELECT n.name FROM speaker_names n JOIN speakers m ON m.id = n.speaker_id
    WHERE d.kind = 'rename' AND n.status = 'joined' AND d.speaker_id IN (m.id, m.merged_into)
    GROUP BY n.name ORDER BY sum(n.articles) DESC, char_length(n.name) DESC, n.name COLLATE "C" LIMIT 1) f ON true
ORDER BY d.id DESC LIMIT :limit
"""
FOR_PEOPLE = ("id", "decided", "who", "what", "why", "holds")
FOR_PROGRAMS = (
    "id", "decided_at", "who", "kind", "about", "before", "after", "reason", "quote_id", "article_id", "speaker_id",
    "value", "undoes", "undone", "undone_by",
)  # fmt: skip


def decisions(context: typer.Context) -> None:
    """List what people decided; undo a decision."""
    if context.invoked_subcommand is None:
        list_decisions()


def list_decisions(limit: SavedLimitOption = None, form: SavedFormOption = None, output: OutputOption = None) -> None:
    """List the decisions, newest first."""
    from sqlalchemy import text

    most = most_rows(limit, output)
    with owner_engine() as engine, engine.connect() as connection:
        rows = connection.execute(text(DECISIONS), {"limit": most or None}).mappings().all()
    if output is not None:
        save_rows(FOR_PROGRAMS, [full(row) for row in rows], output, form, noun="decisions")
        return
    form = form or RowFormat.TABLE
    is_brief = form in (RowFormat.TABLE, RowFormat.WIDE)
    shown = [brief(row) if is_brief else full(row) for row in rows]
    count = write_rows(FOR_PEOPLE if is_brief else FOR_PROGRAMS, shown, form)
    if not count:
        remark("Nobody has decided anything yet.")
    elif form.is_for_people:
        remark("Take one back: onrecord decisions undo ID --reason WHY")
    remark_on_limit(count, most)


def brief(row: "RowMapping") -> tuple[object, ...]:
    """Return a decision as people read it."""
    holds = "" if row["undoes"] else f"taken back ({row['undone_by']})" if row["undone"] else "yes"
    return row["id"], row["decided_at"], row["who"], change_of(dict(row)).sentence, row["reason"], holds


def full(row: "RowMapping") -> tuple[object, ...]:
    """Return everything that is known of a decision."""
    values = {**row, **change_of(dict(row))._asdict()}
    return tuple(values[name] for name in FOR_PROGRAMS)


def undo(
    decision: Annotated[int, typer.Argument(metavar="ID", help="Its number in `decisions list`.", parser=from_one)],
    reason: ReasonOption,
) -> None:
    """Undo one decision. The undoing is stored as a decision too."""
    from worker.cli import decide, kept_marks

    with owner_engine() as engine, kept_marks.lifting(engine, decision):
        decide.undo(decision, reason)


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(invoke_without_command=True, callback=decisions)
    group.command(name="list")(list_decisions)
    group.command()(undo)
    app.add_typer(group, name="decisions", rich_help_panel=CORRECT)
