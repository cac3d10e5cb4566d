"""What the weekly check of the tables found: one row for each of its questions

Revision: 0011, after 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "checks",
        sa.Column("name", sa.Text(), nullable=False, comment="The question, as `onrecord check` names it."),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last asked."),
        sa.Column("ended_at", sa.DateTime(timezone=True), comment="When it was answered; null: it goes on."),
        sa.Column("count", sa.BigInteger(), comment="How many rows are wrong; null: there was no time to answer."),
        sa.Column("ids", ARRAY(sa.Text()), server_default="{}", nullable=False, comment="The first of these rows."),
        sa.Column("seconds", sa.Double(), nullable=False, comment="How long it took."),
        sa.Column(
            "position",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="The last article that was looked at, if the question goes on.",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_checks"),
        comment="What the last check of the tables found: the latest answer to each of its questions.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("checks")
