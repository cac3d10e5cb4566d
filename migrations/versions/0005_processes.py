"""The table of running processes is called `processes`, since a part is a span of a quotation and nothing else

Revision: 0005, after 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CLAIMED = ("files", "documents", "reprocess_items")


def rename(old: str, new: str, claimed_by: str) -> None:
    """Rename the table, and all objects that are named after it; its rows stay."""
    op.rename_table(old, new)
    op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
    op.execute(f"ALTER INDEX ix_{old}_last_seen RENAME TO ix_{new}_last_seen")
    for kind in ("pk", "ck"):
        suffix = "" if kind == "pk" else "_kind"
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {kind}_{old}{suffix} TO {kind}_{new}{suffix}")
    for table in CLAIMED:
        op.alter_column(table, "claimed_by", comment=claimed_by)


def upgrade() -> None:
    """Apply the change."""
    rename("parts", "processes", "The process that holds the claim.")


def downgrade() -> None:
    """Take the change back."""
    rename("processes", "parts", "The part (running process) that holds the claim.")
