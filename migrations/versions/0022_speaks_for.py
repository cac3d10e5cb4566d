"""On whose behalf a source without a name speaks: "a spokesman for Greymoor", "Boeing officials"

`quotes.speaks_for` stays null until an article is read again.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

from worker.report import views

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "quotes",
        sa.Column(
            "speaks_for",
            sa.Text(),
            nullable=True,
            comment="The body or person, by its full name in the article, on whose behalf an unnamed source speaks.",
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    views.drop(op.get_bind())
    op.drop_column("quotes", "speaks_for")
