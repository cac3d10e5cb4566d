"""Quotations whose words a person marked

* `quotes.added`: a person added it, and no extractor reads it.
* `quotes.read_as`: what the extractor read, where a person cut the words anew.
* `recut` and `add` are kinds of decisions.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from worker.report import views

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    *("merge", "split", "rename", "set_speaker", "no_speaker", "accept", "reject", "restore", "forget"),
    *("import", "undo"),
)
NEW = ("recut", "add")
PUT_BACK = """
UPDATE quotes
SET kind = read_as ->> 'kind', text = read_as ->> 'text', parts = old.parts, start_char = old.parts[1],
    end_char = old.parts[cardinality(old.parts)], context_start = CAST(read_as -> 'context' ->> 0 AS int),
    context_end = CAST(read_as -> 'context' ->> 1 AS int)
FROM (SELECT id, ARRAY(SELECT CAST(jsonb_array_elements_text(read_as -> 'parts') AS int)) AS parts
      FROM quotes WHERE read_as IS NOT NULL) old
WHERE quotes.id = old.id
"""


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "quotes",
        sa.Column(
            "added",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="A person added it, or keeps it; no extractor reads it.",
        ),
    )
    op.add_column(
        "quotes",
        sa.Column(
            "read_as",
            postgresql.JSONB(),
            nullable=True,
            comment="What the extractor read, where a person cut the words anew: kind, text, parts, context.",
        ),
    )
    _set_kinds((*KINDS_BEFORE, *NEW))


def downgrade() -> None:
    """Take the change back: words are as the extractor read them, and what people added is gone."""
    views.drop(op.get_bind())
    op.execute("DELETE FROM decisions WHERE undoes IN (SELECT id FROM decisions WHERE kind IN ('recut', 'add'))")
    op.execute("DELETE FROM decisions WHERE kind IN ('recut', 'add')")
    op.execute(PUT_BACK)
    op.execute("DELETE FROM quotes WHERE added")
    _set_kinds(KINDS_BEFORE)
    op.drop_column("quotes", "read_as")
    op.drop_column("quotes", "added")


def _set_kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_decisions_kind"), "decisions", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_decisions_kind"), "decisions", f"kind IN ({listed})")
