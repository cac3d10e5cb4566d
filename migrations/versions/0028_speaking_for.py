"""A search finds for whom unnamed sources speak, without reading all quotations

`ix_quotes_speaks_for` holds only the quotations of sources of whom that is known.

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_quotes_speaks_for", "quotes", ["id"], postgresql_where=sa.text("speaks_for IS NOT NULL"))


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_quotes_speaks_for", table_name="quotes")
