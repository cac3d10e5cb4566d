"""Documents: raw articles as they came, each parsed once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, deferred, mapped_column

from worker.store.base import NOW, Base, Claimable, Key, among

DOCUMENT_STATES = ("waiting", "working", "stored", "duplicate", "quarantined", "ignored")
DOCUMENT_OPEN = ("waiting", "working")


class Document(Claimable, Base):
    """One raw article as it came."""

    __tablename__ = "documents"
    __table_args__ = (
        among("state", DOCUMENT_STATES, "state"),
        UniqueConstraint("sha256", "media_type"),
        Index("ix_documents_waiting", "id", postgresql_where=sql("state = 'waiting' AND rung_at IS NULL")),
        Index("ix_documents_rung", "rung_at", postgresql_where=sql("state = 'waiting' AND rung_at IS NOT NULL")),
        Index("ix_documents_claimed", "lease_until", postgresql_where=sql("state = 'working'")),
        Index("ix_documents_article_id", "article_id"),
        CheckConstraint("(state IN ('waiting', 'working')) = (finished_at IS NULL)", name="finished"),
        CheckConstraint("(state IN ('quarantined', 'ignored')) = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("(state IN ('stored', 'duplicate')) = (article_id IS NOT NULL)", name="article"),
        CheckConstraint("state <> 'working' OR (claimed_by IS NOT NULL AND lease_until IS NOT NULL)", name="claimed"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        {"comment": "One raw article as it came: bytes that can be parsed alone."},
    )

    id: Mapped[Key]
    sha256: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the raw bytes.")
    media_type: Mapped[str] = mapped_column(comment="Which parser reads it.")
    raw: Mapped[bytes | None] = deferred(mapped_column(LargeBinary, comment="The bytes; null once forgotten."))
    name: Mapped[str | None] = mapped_column(comment="Name of the file or member it first came as.")
    state: Mapped[str] = mapped_column(server_default="waiting", comment="waiting, working; then terminal.")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), comment="The article it gave or joined.")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was split off its first file.")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When it reached its terminal state.")
