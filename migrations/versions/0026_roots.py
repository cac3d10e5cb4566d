"""A speaker's page finds the speaker, and all who were merged into it, by an index

* `ix_speakers_root` is on what every view calls `speaker_id`.
* `ix_speakers_merged_into` holds only the few speakers that were merged, so that a new speaker is still one entry.

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_speakers_merged_into", table_name="speakers")
    op.create_index(
        "ix_speakers_merged_into", "speakers", ["merged_into"], postgresql_where=sa.text("merged_into IS NOT NULL")
    )
    op.create_index("ix_speakers_root", "speakers", [sa.text("coalesce(merged_into, id)")])
    op.execute("ANALYZE speakers")  # or the planner knows nothing about the expression, until autovacuum comes


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_speakers_root", table_name="speakers")
    op.drop_index("ix_speakers_merged_into", table_name="speakers")
    op.create_index("ix_speakers_merged_into", "speakers", ["merged_into"])
