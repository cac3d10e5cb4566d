"""Versions of the items of agencies, and what each source of an article is: id, section, agency, format

Of articles that were stored before, `onrecord reprocess --all --reparse` reads this from the stored documents.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from worker.report import views

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SOURCE = {
    "identifier": "The id that a database or an agency gave it there.",
    "revision": "The number or time of the version there.",
    "section": "The section it stood in there.",
    "wire": "The news agency that it is from, as far as it says so there.",
    "format": "The database that it was exported from, or else the format it came in.",
}


def upgrade() -> None:
    """Apply the change."""
    for name, comment in SOURCE.items():
        op.add_column("article_sources", sa.Column(name, sa.Text(), nullable=True, comment=comment))
    op.create_table(
        "items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column(
            "key",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the id, and of who gave it if it is not unique in the world.",
        ),
        sa.Column("newest", sa.BigInteger(), nullable=True, comment="The document of its last version."),
        sa.ForeignKeyConstraint(["newest"], ["documents.id"], name=op.f("fk_items_newest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("key", name=op.f("uq_items_key")),
        comment="What an agency publishes under one id: the reports show its newest version.",
    )
    op.create_table(
        "item_versions",
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="The document."),
        sa.Column("item_id", sa.BigInteger(), nullable=False, comment="The item it is a version of."),
        sa.Column(
            "revision",
            sa.Text(collation="C"),
            nullable=True,
            comment="The number or time of the version; the last version has the greatest. "
            "Null comes after all others.",
        ),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, comment="Whether this version withdraws the item."),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_item_versions_document_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_item_versions")),
        comment="Which documents are versions of which item, and in what order.",
    )
    op.create_index("ix_item_versions_item_id", "item_versions", ["item_id"])


def downgrade() -> None:
    """Take the change back. Articles that a later version had replaced stay out of the reports."""
    views.drop(op.get_bind())
    op.drop_table("item_versions")
    op.drop_table("items")
    for name in SOURCE:
        op.drop_column("article_sources", name)
