"""The locks of jobs are rows of a table (before: advisory locks, which anybody who can connect can hold)

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "locks",
        sa.Column("name", sa.Text(), nullable=False, comment="What only one process may do at a time."),
        sa.Column("session_pid", sa.Integer(), comment="The session that does it until it ends: its number."),
        sa.Column("session_start", sa.DateTime(timezone=True), comment="When that session began."),
        sa.PrimaryKeyConstraint("name", name="pk_locks"),
        comment="Rows that are locked, so that only one process at a time does a job; a reader cannot lock them.",
    )
    op.execute("INSERT INTO locks (name) VALUES ('reconcile'), ('make a job'), ('schedule'), ('sweep'), ('beat')")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("locks")
