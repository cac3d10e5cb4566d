"""A table without rows: a decision locks it alone, and the final transactions of articles share the lock

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "decision_lock",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.PrimaryKeyConstraint("id", name="pk_decision_lock"),
        comment="No rows; locked so that a decision and articles in flight do not overlap.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("decision_lock")
