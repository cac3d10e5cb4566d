"""Codes instead of sentences: for the queues and the trouble of a process, and for why a file is not moved

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = sa.ARRAY(sa.Text())

# The sentences that earlier releases stored. Only this migration reads them.
OLD_PROCESSES = """
UPDATE processes SET
    queues = ARRAY(SELECT word FROM string_to_table(detail, ', ') AS told(word)
                   WHERE kind IN ('worker', 'backfill') AND word IN ('intake', 'articles', 'backfill')),
    trouble = CASE WHEN kind IN ('worker', 'backfill') THEN CASE
        WHEN detail LIKE '%waits for the database: %' THEN 'database'
        WHEN detail LIKE '%none reaches this worker%' THEN 'deaf'
        WHEN detail LIKE '%Another release has migrated the database%' THEN 'other_schema' END END,
    folders_away = ARRAY(SELECT found[1] FROM regexp_matches(detail, '(?:^|, )([^,]*) \\(away\\)', 'g') AS found
                         WHERE kind = 'watch'),
    events_lost = CASE WHEN kind = 'watch' THEN
        coalesce(substring(detail FROM '; events were lost ([0-9]{1,9}) ')::integer, 0) ELSE 0 END,
    detail = CASE WHEN kind IN ('worker', 'backfill')
        THEN nullif(regexp_replace(detail, '^((intake|articles|backfill)(, |$))+', ''), '') ELSE detail END
WHERE detail IS NOT NULL
"""
OLD_FILES = """
UPDATE files SET after_reason = CASE
    WHEN after_message LIKE 'Archiving failed%' OR after_message LIKE 'Deleting failed%' THEN 'failed'
    WHEN after_message LIKE 'No archive%' THEN 'no_archive'
    WHEN after_message LIKE 'The file has changed since%' THEN 'changed'
    ELSE 'left_alone' END
WHERE after_message IS NOT NULL
"""
TOLD_BY_WORKERS = """
UPDATE processes SET detail = nullif(concat_ws(', ', nullif(array_to_string(queues, ', '), ''), detail), '')
WHERE kind IN ('worker', 'backfill')
"""

# Name of the check, its table, and its condition.
CHECKS = (
    ("trouble", "processes", "trouble IN ('database', 'deaf', 'other_schema')"),
    ("queues", "processes", "queues <@ ARRAY['intake', 'articles', 'backfill']"),
    ("after_reason", "files", "after_reason IN ('failed', 'no_archive', 'changed', 'left_alone')"),
    ("after_message", "files", "(after_reason IS NULL) = (after_message IS NULL)"),
)
OLD_DETAIL = "What it has to say (folders watched, why it pauses)."
DETAIL = "The same for people: folders watched, why it pauses."


def columns() -> tuple[tuple[str, sa.Column[object]], ...]:
    """Return the new columns, each with the name of its table. A column object can belong to one table only."""
    return (
        (
            "processes",
            sa.Column(
                "queues",
                TEXTS,
                server_default="{}",
                nullable=False,
                comment="Queues that this worker serves; empty: those of its kind.",
            ),
        ),
        (
            "processes",
            sa.Column(
                "trouble",
                sa.Text(),
                nullable=True,
                comment="Code of why a worker does not get on: database, deaf or other_schema.",
            ),
        ),
        (
            "processes",
            sa.Column(
                "folders_away",
                TEXTS,
                server_default="{}",
                nullable=False,
                comment="Folders of this watcher that are not there.",
            ),
        ),
        (
            "processes",
            sa.Column(
                "events_lost",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="How often the kernel dropped events of this watcher; scans made up for it.",
            ),
        ),
        (
            "files",
            sa.Column(
                "after_reason",
                sa.Text(),
                nullable=True,
                comment="Code of why archiving or deleting has not been done yet: failed, no_archive, changed or left_alone.",
            ),
        ),
    )


def upgrade() -> None:
    """Apply the change."""
    for table, column in columns():
        op.add_column(table, column)
    op.execute(OLD_PROCESSES)
    op.execute(OLD_FILES)
    for name, table, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    op.alter_column("processes", "detail", comment=DETAIL, existing_comment=OLD_DETAIL)


def downgrade() -> None:
    """Take the change back."""
    op.alter_column("processes", "detail", comment=OLD_DETAIL, existing_comment=DETAIL)
    for name, table, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.execute(TOLD_BY_WORKERS)
    for table, column in columns():
        op.drop_column(table, column.name)
