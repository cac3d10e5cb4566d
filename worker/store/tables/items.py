"""The tables of the items of agencies, and of the documents that are versions of them."""

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.tables.base import Base, Key


class Item(Base):
    """What an agency publishes under one id, in any number of versions (`worker.dedupe.identity`)."""

    __tablename__ = "items"
    __table_args__ = ({"comment": "What an agency publishes under one id: the reports show its newest version."},)

    id: Mapped[Key]
    key: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of the id, and of who gave it if it is not unique in the world."
    )
    newest: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), comment="The document of its last version.")


class ItemVersion(Base):
    """A document that is a version of an item. It stays when a person has the document forgotten."""

    __tablename__ = "item_versions"
    __table_args__ = (
        Index("ix_item_versions_item_id", "item_id"),
        {"comment": "Which documents are versions of which item, and in what order."},
    )

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id"), primary_key=True, autoincrement=False, comment="The document."
    )
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), comment="The item it is a version of.")
    revision: Mapped[str | None] = mapped_column(
        Text(collation="C"),
        comment="The number or time of the version; the last version has the greatest. Null comes after all others.",
    )
    withdrawn: Mapped[bool] = mapped_column(comment="Whether this version withdraws the item.")
