"""Owners whose statements a decision about a large speaker gave away while their keys are still to follow

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOVE_ALL = """
UPDATE statement_keys k SET owner = s.owner FROM statements s
WHERE k.owner IN (SELECT owner FROM keys_to_settle) AND s.id = k.statement_id AND s.owner <> k.owner
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "keys_to_settle",
        sa.Column(
            "owner", sa.BigInteger(), autoincrement=False, nullable=False, comment="The owner before; as in statements."
        ),
        sa.Column(
            "after_hash",
            sa.BigInteger(),
            server_default="-9223372036854775808",
            nullable=False,
            comment="Its keys up to this hash are done.",
        ),
        sa.Column(
            "after_quote",
            sa.BigInteger(),
            nullable=False,
            comment="Quotes after this may not have found their statements.",
        ),
        sa.PrimaryKeyConstraint("owner", name="pk_keys_to_settle"),
        comment="Owners that may still have keys of statements that were given to another owner; usually empty.",
    )


def downgrade() -> None:
    """Take the change back. Keys that were left behind follow their statements first."""
    op.execute(MOVE_ALL)
    op.drop_table("keys_to_settle")
