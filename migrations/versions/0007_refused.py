"""A refused join has no name: its two speakers are enough to identify it, and the stored name (`#7`) was invented

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; the refused joins that are stored stay."""
    op.alter_column("speaker_names", "name", nullable=True, comment="The form, without title; null for a refused join.")
    op.execute("UPDATE speaker_names SET name = NULL WHERE status = 'refused'")
    op.create_check_constraint("refused", "speaker_names", "(status = 'refused') = (name IS NULL)")
    op.create_index(
        "uq_speaker_names_refused",
        "speaker_names",
        ["speaker_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("status = 'refused'"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("uq_speaker_names_refused", "speaker_names")
    op.drop_constraint("ck_speaker_names_refused", "speaker_names")
    op.execute("UPDATE speaker_names SET name = '#' || other_id WHERE status = 'refused'")
    op.alter_column("speaker_names", "name", nullable=False, comment="The form, without title.")
