"""Watch-lists: saved searches, who is told of new quotations, and what there was to tell

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

from worker.report import views

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    _make_watch_lists()
    _make_receivers()
    _make_deliveries()


def _make_watch_lists() -> None:
    op.create_table(
        "watch_lists",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column("name", sa.Text(), nullable=False, comment="Its name."),
        sa.Column(
            "query", sa.Text(), nullable=False, comment="What it watches for, as the query of the page's address."
        ),
        sa.Column(
            "feed_key", sa.Text(), nullable=False, comment="With it, a feed reader needs no password of the page."
        ),
        sa.Column("made_at", TIME, server_default=NOW, nullable=False, comment="When it was made."),
        sa.Column("made_by", sa.Text(), nullable=False, comment="Who made it."),
        sa.Column("followed_to", sa.BigInteger(), nullable=False, comment="The last change that was compared with it."),
        sa.Column("paused_at", TIME, comment="Since when nothing is compared and told; null: it is."),
        sa.Column("failure", sa.Text(), comment="Why Onrecord paused it; null: it did not."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_lists")),
        sa.UniqueConstraint("name", name=op.f("uq_watch_lists_name")),
        comment="A saved search whose new quotations are told to feeds and receivers.",
    )


def _make_receivers() -> None:
    op.create_table(
        "receivers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column("watch_list_id", sa.BigInteger(), nullable=False, comment="Of which."),
        sa.Column("kind", sa.Text(), nullable=False, comment="webhook or mail."),
        sa.Column("address", sa.Text(), nullable=False, comment="Where to; often a secret, so readers see `shown`."),
        sa.Column("shown", sa.Text(), nullable=False, comment="The address without what is secret in it."),
        sa.Column("secret", sa.Text(), comment="The key with which messages to a webhook are signed."),
        sa.Column("made_at", TIME, server_default=NOW, nullable=False, comment="When it was added."),
        sa.Column(
            "told_to",
            sa.BigInteger(),
            nullable=False,
            comment="The last delivery that it was told; it goes on behind it.",
        ),
        sa.Column(
            "sending_to",
            sa.BigInteger(),
            comment="The last delivery of the message that is being sent; the same one is sent again after a failure.",
        ),
        sa.Column(
            "attempt",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="The fence: grows with every claim.",
        ),
        sa.Column("lease_until", TIME, comment="Until when a process sends to it."),
        sa.Column(
            "tries", sa.Integer(), server_default="0", nullable=False, comment="Failures since it was last told."
        ),
        sa.Column("next_try_at", TIME, server_default=NOW, nullable=False, comment="Nothing is sent before."),
        sa.Column("last_told_at", TIME, comment="When it last took a message."),
        sa.Column("failing_since", TIME, comment="When it failed first since it was last told."),
        sa.Column("failure", sa.Text(), comment="Why it failed last, or why it is paused."),
        sa.Column("paused_at", TIME, comment="Since when nothing is sent to it; null: it is."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receivers")),
        sa.ForeignKeyConstraint(
            ["watch_list_id"], ["watch_lists.id"], name=op.f("fk_receivers_watch_list_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("kind IN ('webhook', 'mail')", name=op.f("ck_receivers_kind")),
        sa.CheckConstraint("(kind = 'webhook') = (secret IS NOT NULL)", name=op.f("ck_receivers_secret")),
        comment="Who is told of the deliveries of a watch-list, and how far each of them was told.",
    )
    op.create_index("ix_receivers_watch_list_id", "receivers", ["watch_list_id"])


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column("watch_list_id", sa.BigInteger(), nullable=False, comment="The watch-list."),
        sa.Column("what", sa.Text(), nullable=False, comment="new or withdrawn."),
        sa.Column("quote_id", sa.BigInteger(), nullable=False, comment="The quotation; it may be gone by now."),
        sa.Column("article_id", sa.BigInteger(), comment="Its article; it may be gone by now."),
        sa.Column("change_id", sa.BigInteger(), nullable=False, comment="The change that brought it."),
        sa.Column("made_at", TIME, server_default=NOW, nullable=False, comment="When it was found."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.ForeignKeyConstraint(
            ["watch_list_id"], ["watch_lists.id"], name=op.f("fk_deliveries_watch_list_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("what IN ('new', 'withdrawn')", name=op.f("ck_deliveries_what")),
        comment="One thing to be told; its number orders it. The words are read when they are sent.",
    )
    op.create_index("ix_deliveries_watch_list_id", "deliveries", ["watch_list_id", "id"])
    op.create_index("ix_deliveries_quote", "deliveries", ["watch_list_id", "quote_id", "id"])


def downgrade() -> None:
    """Take the change back. Watch-lists, with whom they tell, are deleted."""
    views.drop(op.get_bind())
    for table in ("deliveries", "receivers", "watch_lists"):
        op.drop_table(table)
