"""The tables of watch-lists: what is watched for, who is told, and what there was to tell."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.states import RECEIVER_KINDS, WHAT_IS_TOLD
from worker.store.tables.base import NOW, Base, Key, among


class WatchList(Base):
    """A saved search whose new quotations are told."""

    __tablename__ = "watch_lists"
    __table_args__ = ({"comment": "A saved search whose new quotations are told to feeds and receivers."},)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True, comment="Its name.")
    query: Mapped[str] = mapped_column(comment="What it watches for, as the query of the page's address.")
    feed_key: Mapped[str] = mapped_column(comment="With it, a feed reader needs no password of the page.")
    made_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was made.")
    made_by: Mapped[str] = mapped_column(comment="Who made it.")
    followed_to: Mapped[int] = mapped_column(comment="The last change that was compared with it.")
    paused_at: Mapped[datetime | None] = mapped_column(comment="Since when nothing is compared and told; null: it is.")
    failure: Mapped[str | None] = mapped_column(comment="Why Onrecord paused it; null: it did not.")


class Receiver(Base):
    """Who is told: the address of a webhook, or a mail address."""

    __tablename__ = "receivers"
    __table_args__ = (
        among("kind", RECEIVER_KINDS, "kind"),
        CheckConstraint("(kind = 'webhook') = (secret IS NOT NULL)", name="secret"),
        Index("ix_receivers_watch_list_id", "watch_list_id"),
        {"comment": "Who is told of the deliveries of a watch-list, and how far each of them was told."},
    )

    id: Mapped[Key]
    watch_list_id: Mapped[int] = mapped_column(ForeignKey("watch_lists.id", ondelete="CASCADE"), comment="Of which.")
    kind: Mapped[str] = mapped_column(comment="webhook or mail.")
    address: Mapped[str] = mapped_column(comment="Where to; often a secret, so readers see `shown`.")
    shown: Mapped[str] = mapped_column(comment="The address without what is secret in it.")
    secret: Mapped[str | None] = mapped_column(comment="The key with which messages to a webhook are signed.")
    made_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was added.")
    told_to: Mapped[int] = mapped_column(comment="The last delivery that it was told; it goes on behind it.")
    sending_to: Mapped[int | None] = mapped_column(
        comment="The last delivery of the message that is being sent; the same one is sent again after a failure."
    )
    attempt: Mapped[int] = mapped_column(server_default="0", comment="The fence: grows with every claim.")
    lease_until: Mapped[datetime | None] = mapped_column(comment="Until when a process sends to it.")
    tries: Mapped[int] = mapped_column(Integer, server_default="0", comment="Failures since it was last told.")
    next_try_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="Nothing is sent before.")
    last_told_at: Mapped[datetime | None] = mapped_column(comment="When it last took a message.")
    failing_since: Mapped[datetime | None] = mapped_column(comment="When it failed first since it was last told.")
    failure: Mapped[str | None] = mapped_column(comment="Why it failed last, or why it is paused.")
    paused_at: Mapped[datetime | None] = mapped_column(comment="Since when nothing is sent to it; null: it is.")


class Delivery(Base):
    """One thing to be told: a quotation that is new to a watch-list, or one that is withdrawn. It holds no words."""

    __tablename__ = "deliveries"
    __table_args__ = (
        among("what", WHAT_IS_TOLD, "what"),
        Index("ix_deliveries_watch_list_id", "watch_list_id", "id"),
        Index("ix_deliveries_quote", "watch_list_id", "quote_id", "id"),
        {"comment": "One thing to be told; its number orders it. The words are read when they are sent."},
    )

    id: Mapped[Key]
    watch_list_id: Mapped[int] = mapped_column(
        ForeignKey("watch_lists.id", ondelete="CASCADE"), comment="The watch-list."
    )
    what: Mapped[str] = mapped_column(comment="new or withdrawn.")
    quote_id: Mapped[int] = mapped_column(comment="The quotation; it may be gone by now.")
    article_id: Mapped[int | None] = mapped_column(comment="Its article; it may be gone by now.")
    change_id: Mapped[int] = mapped_column(comment="The change that brought it.")
    made_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was found.")
