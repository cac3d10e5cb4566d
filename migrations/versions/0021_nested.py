"""Only quotes that stand inside another are in the index `ix_quotes_inside`: hardly any do, and each insert paid for it

Revision: 0021, after 0020
"""

from alembic import op
from sqlalchemy import text

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_quotes_inside", table_name="quotes")
    op.create_index("ix_quotes_inside", "quotes", ["inside"], postgresql_where=text("inside IS NOT NULL"))


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_quotes_inside", table_name="quotes")
    op.create_index("ix_quotes_inside", "quotes", ["inside"])
