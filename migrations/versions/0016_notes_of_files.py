"""A file that is stored keeps a sentence about the whole of it: "99 of 100 articles were found."

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COMMENT = "What splitting says about the whole file, as part of message."


def upgrade() -> None:
    """Apply the change."""
    op.add_column("files", sa.Column("note", sa.Text(), nullable=True, comment=COMMENT))


def downgrade() -> None:
    """Take the change back. The sentences stay in the messages."""
    op.drop_column("files", "note")
