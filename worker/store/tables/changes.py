"""The tables of what readers were told: the numbered changes, what was told last, and what is to be looked at.

Triggers of the tables of quotes, articles and speakers write the marks (migration 0023), so whatever changes what
`report.quotes` shows leaves a mark in the same transaction. `worker.store.telling` turns marks into changes.
"""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, LargeBinary, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.tables.base import NOW, Base, Key, among

CHANGE_KINDS = ("added", "changed", "removed", "joined", "restored")


class Change(Base):
    """One change of what `report.quotes` shows; rows are only added, in the order of their numbers."""

    __tablename__ = "changes"
    __table_args__ = (
        among("kind", CHANGE_KINDS, "kind"),
        CheckConstraint(
            "(quote_id IS NULL) = (kind = 'restored') AND (article_id IS NULL) = (kind = 'restored')", name="about"
        ),
        {"comment": "What changed in report.quotes, numbered in the order in which readers could see it."},
    )

    change_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="Number of the change; later changes have higher numbers."
    )
    at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was numbered.")
    kind: Mapped[str] = mapped_column(comment="added, changed, removed, joined; or restored, from a backup.")
    quote_id: Mapped[int | None] = mapped_column(comment="The quote; null: all of them (restored).")
    article_id: Mapped[int | None] = mapped_column(comment="Its article.")
    what: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default="{}",
        comment="Of changed and joined: words, speaker, source, cue, place, article, statement.",
    )
    speaker_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}", comment="Its speakers, after merges; of removed: those it had."
    )
    speakers_before: Mapped[list[int] | None] = mapped_column(
        ARRAY(BigInteger), comment="The speakers that it had before; null: the same."
    )
    statement_id: Mapped[int | None] = mapped_column(comment="Its statement; of removed: the one it had.")
    statement_before: Mapped[int | None] = mapped_column(comment="The statement that it had before; null: the same.")


class ToldQuote(Base):
    """A quote that `report.quotes` shows as far as readers were told, with digests of what it shows."""

    __tablename__ = "told_quotes"
    __table_args__ = (
        Index("ix_told_quotes_article_id", "article_id"),
        {"comment": "The quotes that readers were told of and not told away, with digests of what they showed."},
    )

    quote_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="The quote.")
    article_id: Mapped[int] = mapped_column(comment="Its article.")
    speaker_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), comment="Its speakers, after merges.")
    statement_id: Mapped[int | None] = mapped_column(comment="Its statement.")
    digests: Mapped[bytes] = mapped_column(
        LargeBinary, comment="Eight bytes each for words, speaker, source, cue, place and article."
    )


class ChangeMark(Base):
    """Something that may show otherwise now: an article, a speaker, or, if neither is named, everything."""

    __tablename__ = "change_marks"
    __table_args__ = (
        CheckConstraint("article_id IS NULL OR speaker_id IS NULL", name="one"),
        {"comment": "What may show otherwise than readers were told; usually empty."},
    )

    id: Mapped[Key]
    article_id: Mapped[int | None] = mapped_column(comment="The article whose quotes are to be compared.")
    speaker_id: Mapped[int | None] = mapped_column(comment="The speaker whose quotes are to be compared.")
    after_quote: Mapped[int] = mapped_column(
        server_default=sql("0"), comment="Of a speaker and of everything: the quotes up to this one are compared."
    )
