"""The tables of articles, of the outlets and documents that carried them, and of stories with their fingerprints."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.tables.base import NOW, Base, Key

DATE_SOURCE = "Where the date was found; 'no zone' means it had no zone and was read as UTC."


class Outlet(Base):
    """A publisher."""

    __tablename__ = "outlets"
    __table_args__ = ({"comment": "A publisher."},)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(comment="Its name, as first seen.")
    key: Mapped[str] = mapped_column(unique=True, comment="Its name folded for look-up (case, spaces).")


class Story(Base):
    """The near-duplicates of one text: syndicated and lightly edited copies. They are kept, linked, and count once."""

    __tablename__ = "stories"
    __table_args__ = ({"comment": "Near-duplicates of one text: kept, linked, counted once."},)

    id: Mapped[Key]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When its first article was stored.")


class Article(Base):
    """One distinct text."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("canonical_hash"),
        # The foreign key of `quotes` refers to both columns, so that no quote can reach past the end of the text.
        UniqueConstraint("id", "length"),
        # This index includes the id, so that finding a story's first and last articles costs the same in a story of any
        # size.
        Index("ix_articles_story_id", "story_id", "id"),
        Index("ix_articles_outlet_id", "outlet_id"),
        Index("ix_articles_day", sql("coalesce(published_at, stored_at)")),
        Index("ix_articles_language", "language"),
        # A search looks thousands of articles up, and reads no more of them than this.
        Index(
            "ix_articles_day_of",
            "id",
            postgresql_include=["published_at", "stored_at", "language"],
            postgresql_where=sql("current"),
        ),
        Index("ix_articles_unreconciled", "id", postgresql_where=sql("NOT reconciled")),
        CheckConstraint("0 <= body_start AND body_start <= body_end AND body_end <= char_length(text)", name="body"),
        {"comment": "One distinct text; offsets of quotes count its code points."},
    )

    id: Mapped[Key]
    title: Mapped[str | None] = mapped_column(comment="Headline.")
    text: Mapped[str] = mapped_column(comment="The text as decoded, untouched.")
    length: Mapped[int] = mapped_column(
        Integer, Computed("char_length(text)", persisted=True), comment="Code points of the text."
    )
    body_start: Mapped[int] = mapped_column(
        Integer, comment="Where the body starts (after the dateline), in code points."
    )
    body_end: Mapped[int] = mapped_column(Integer, comment="Where the body ends (before the trailer), in code points.")
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"), comment="Its outlet, as first found.")
    url: Mapped[str | None] = mapped_column(comment="Its address, as first found.")
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", comment="Its authors, as first found.")
    published_at: Mapped[datetime | None] = mapped_column(comment="When it was published; never a file's time.")
    date_source: Mapped[str | None] = mapped_column(comment=DATE_SOURCE)
    language: Mapped[str | None] = mapped_column(comment="ISO 639-1 code of its language.")
    dateline: Mapped[str | None] = mapped_column(comment="Its dateline ('TEHRAN').")
    licence: Mapped[str | None] = mapped_column(comment="The licence sentence it carries.")
    warnings: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", comment="What parsing had to mend.")
    canonical_hash: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of the normalised body (with url or outlet and title, for short texts)."
    )
    sketch: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}", comment="Its sampled shingle hashes, sorted."
    )
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), comment="The story it belongs to.")
    current: Mapped[bool] = mapped_column(
        server_default=sql("true"), comment="False once a newer version at the same path has replaced it."
    )
    reconciled: Mapped[bool] = mapped_column(
        server_default=sql("false"), comment="Whether the reconciling job has looked at it once."
    )
    stored_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was stored.")


class ArticleSource(Base):
    """One document that carried an article, with the outlet, address, title, authors and date that it gave."""

    __tablename__ = "article_sources"
    __table_args__ = (
        PrimaryKeyConstraint("article_id", "document_id", postgresql_include=["outlet_id"]),
        Index("ix_article_sources_document_id", "document_id"),
        Index("ix_article_sources_outlet_id", "outlet_id"),
        {"comment": "Every place an article was found in; exact syndication keeps both outlets."},
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), comment="The article.")
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), comment="The document.")
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"), comment="The outlet found there.")
    url: Mapped[str | None] = mapped_column(comment="The address found there.")
    title: Mapped[str | None] = mapped_column(comment="The headline found there.")
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", comment="The authors found there.")
    published_at: Mapped[datetime | None] = mapped_column(comment="The date found there.")
    date_source: Mapped[str | None] = mapped_column(comment=DATE_SOURCE)
    identifier: Mapped[str | None] = mapped_column(comment="The id that a database or an agency gave it there.")
    revision: Mapped[str | None] = mapped_column(comment="The number or time of the version there.")
    section: Mapped[str | None] = mapped_column(comment="The section it stood in there.")
    wire: Mapped[str | None] = mapped_column(comment="The news agency that it is from, as far as it says so there.")
    format: Mapped[str | None] = mapped_column(
        comment="The database that it was exported from, or else the format it came in."
    )


class Fingerprint(Base):
    """One sampled hash of a story; it stands for five consecutive words of one of its articles."""

    __tablename__ = "fingerprints"
    __table_args__ = ({"comment": "Sampled shingle hashes of stories, for finding near-duplicates."},)

    hash: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="64-bit hash of five words.")
    story_id: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        comment="A story that has these words.",
    )
