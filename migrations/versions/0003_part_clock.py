"""Each running process stores how far its clock is from the database's clock

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "parts",
        sa.Column(
            "clock_ahead",
            sa.Double(),
            nullable=True,
            comment="Seconds that its machine's clock was ahead of the database's at its last sign of life.",
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("parts", "clock_ahead")
