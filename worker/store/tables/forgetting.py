"""The table of marks: hashes of what people want forgotten."""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.tables.base import Base, among

MARK_KINDS = ("document", "text", "outlet", "file")


class Mark(Base):
    """The hash of something that a person wants forgotten. The row lasts until the decision is undone."""

    __tablename__ = "forgotten"
    __table_args__ = (
        among("kind", MARK_KINDS, "kind"),
        Index("ix_forgotten_decision_id", "decision_id"),
        Index("ix_forgotten_left", "decision_id", "hash", postgresql_where=sql("NOT removed")),
        {"comment": "Hashes of what people had forgotten: nothing with such a hash is stored. No words are kept."},
    )

    hash: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="SHA-256 of the bytes, of the canonical text, or of an outlet's key."
    )
    kind: Mapped[str] = mapped_column(primary_key=True, comment="document, text, outlet or file.")
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decisions.id"), primary_key=True, comment="The decision to forget it."
    )
    removed: Mapped[bool] = mapped_column(
        server_default=sql("false"), comment="Whether everything with this hash was removed."
    )
