"""Candidates, denials and contexts of quotations

* `confidence_floor` says from which confidence on readers see a quotation; `quotes.accepted` lifts one above it, and
  `accept` is a kind of decision. Quotations about whose speaker a person has decided are accepted.
* `quotes.denied`: the cue turns the sense. It is set here where the cue alone says it; reading an article again finds
  the negations around the cue, too.
* `quotes.context_start`, `context_end`: the sentences around the quotation. They stay null until an article is read
  again.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

from worker.report import views

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "kind IN ('merge', 'split', 'rename', 'set_speaker', 'no_speaker', 'reject', 'restore', 'forget', 'undo')"
)
KINDS = (
    "kind IN ('merge', 'split', 'rename', 'set_speaker', 'no_speaker', 'accept', 'reject', 'restore', 'forget', 'undo')"
)
ACCEPTED = """
UPDATE quotes SET accepted = true WHERE id IN (
    SELECT d.quote_id FROM decisions d
    WHERE d.kind IN ('set_speaker', 'no_speaker') AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
    UNION SELECT quote_id FROM quote_speakers WHERE by_hand)
"""
# Marks of the source's own words, and cues with a negation, are left to the next reading.
DENIED = r"""
UPDATE quotes SET denied = true
WHERE kind <> 'direct' AND cue ~* '\y(den(y|ies|ied|ying)|(reject|dismiss|refute?|dispute?|decline?|refuse?)(s|es|d|ed|ing)?)\y'
  AND cue !~* '\y(not|never|cannot|without)\y|n[''’]t\y'
"""
UNDO_OF_ACCEPTED = """
DELETE FROM decisions WHERE undoes IN (SELECT id FROM decisions WHERE kind = 'accept')
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "confidence_floor",
        sa.Column(
            "one_row",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Always true, so that there is one row.",
        ),
        sa.Column("least_confidence", sa.Float(), nullable=False, comment="ONRECORD_LEAST_CONFIDENCE."),
        sa.CheckConstraint("one_row", name=op.f("ck_confidence_floor_one_row")),
        sa.CheckConstraint("least_confidence BETWEEN 0 AND 1", name=op.f("ck_confidence_floor_least_confidence")),
        sa.PrimaryKeyConstraint("one_row", name="pk_confidence_floor"),
        comment="One row: quotations with less confidence are candidates, which report.quotes does not show.",
    )
    op.execute("INSERT INTO confidence_floor (least_confidence) VALUES (0.5)")
    op.add_column(
        "quotes",
        sa.Column(
            "denied",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The cue, or a negation of it, turns the sense: denied, did not say.",
        ),
    )
    op.add_column(
        "quotes",
        sa.Column(
            "context_start",
            sa.Integer(),
            nullable=True,
            comment="Where the sentence before starts; null: read by a release that did not look.",
        ),
    )
    op.add_column(
        "quotes",
        sa.Column("context_end", sa.Integer(), nullable=True, comment="Where the sentence after ends."),
    )
    op.add_column(
        "quotes",
        sa.Column(
            "accepted",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="A person said it is one, or who said it: shown below the floor too.",
        ),
    )
    op.create_check_constraint(
        op.f("ck_quotes_context"),
        "quotes",
        "(context_start IS NULL) = (context_end IS NULL)"
        " AND 0 <= context_start AND context_start <= start_char AND end_char <= context_end"
        " AND context_end <= article_length",
    )
    op.drop_constraint(op.f("ck_decisions_kind"), "decisions", type_="check")
    op.create_check_constraint(op.f("ck_decisions_kind"), "decisions", KINDS)
    op.execute(ACCEPTED)
    op.execute(DENIED)


def downgrade() -> None:
    """Take the change back. People's decisions to accept a quotation are deleted; the release before has no word."""
    views.drop(op.get_bind())
    op.execute(UNDO_OF_ACCEPTED)
    op.execute("DELETE FROM decisions WHERE kind = 'accept'")
    op.drop_constraint(op.f("ck_decisions_kind"), "decisions", type_="check")
    op.create_check_constraint(op.f("ck_decisions_kind"), "decisions", KINDS_BEFORE)
    op.drop_constraint(op.f("ck_quotes_context"), "quotes", type_="check")
    for column in ("accepted", "context_end", "context_start", "denied"):
        op.drop_column("quotes", column)
    op.drop_table("confidence_floor")
