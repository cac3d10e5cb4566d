"""A watcher tells which folders it may not list, and a worker that a library is missing, so that health checks can say it

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


CODES = "trouble IN ('database', 'deaf', 'other_schema')"
CODES_NOW = "trouble IN ('database', 'deaf', 'other_schema', 'installation')"
COMMENT = "Code of why a worker does not get on: database, deaf or other_schema."
COMMENT_NOW = "Code of why a worker does not get on: database, deaf, other_schema or installation."


def change_codes(condition: str, comment: str, comment_before: str) -> None:
    """Let the column `trouble` hold these codes."""
    op.drop_constraint(op.f("ck_processes_trouble"), "processes", type_="check")
    op.create_check_constraint(op.f("ck_processes_trouble"), "processes", condition)
    op.alter_column("processes", "trouble", comment=comment, existing_comment=comment_before)


def upgrade() -> None:
    """Apply the change."""
    change_codes(CODES_NOW, COMMENT_NOW, COMMENT)
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
    op.execute("UPDATE processes SET trouble = NULL WHERE trouble = 'installation'")
    change_codes(CODES, COMMENT, COMMENT_NOW)
    op.drop_column("processes", "folders_unreadable")
