"""Files of a folder that is away are not rung for, so that they do not delay the files of other folders

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "inboxes",
        sa.Column(
            "away_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the folder was last found to be away; its files wait for a while after. Null: it is there.",
        ),
    )


def downgrade() -> None:
    op.drop_column("inboxes", "away_at")
