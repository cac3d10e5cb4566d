"""A watcher tells which folders it may not list, so that health checks can say it

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "processes",
        sa.Column(
            "folders_unreadable",
            ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Folders that this watcher may not list, each with the error.",
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("processes", "folders_unreadable")
