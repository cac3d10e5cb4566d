"""The tables of quotes and their speakers, of extractor versions and their runs, of changes, and of statements."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.tables.base import NOW, Base, Key, among

KINDS = ("direct", "mixed", "indirect")
SOURCE_KINDS = ("person", "body", "unnamed", "none")


class ExtractorVersion(Base):
    """One version of the extractor; a version with a lower generation than the running one is outdated."""

    __tablename__ = "extractor_versions"
    __table_args__ = (
        Index(
            "uq_extractor_versions_identity",
            "mode",
            sql("coalesce(model_hash, '')"),
            "generation",
            unique=True,
        ),
        {"comment": "One extractor; a lower generation is outdated."},
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(comment="How reports name it: mode, generation, start of the model's hash.")
    mode: Mapped[str] = mapped_column(comment="Which kind of extractor: rules, or the name of a model.")
    model_hash: Mapped[str | None] = mapped_column(comment="SHA-256 of the model file; null for rules.")
    generation: Mapped[int] = mapped_column(Integer, comment="Grows when the extractor gets better.")
    first_used: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it first ran here.")


class Extraction(Base):
    """One run of an extractor version on one article."""

    __tablename__ = "extractions"
    __table_args__ = (
        Index("uq_extractions_current", "article_id", unique=True, postgresql_where=sql("current")),
        Index("ix_extractions_version_id", "version_id", postgresql_where=sql("current")),
        UniqueConstraint("id", "article_id"),
        {"comment": "One extractor version run on one article; one is current."},
    )

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), comment="The article.")
    version_id: Mapped[int] = mapped_column(ForeignKey("extractor_versions.id"), comment="The extractor.")
    current: Mapped[bool] = mapped_column(server_default=sql("true"), comment="Whether readers see its quotes.")
    quotes: Mapped[int] = mapped_column(Integer, comment="How many quotations it found.")
    milliseconds: Mapped[float] = mapped_column(Float, comment="Time taken to extract and name.")
    extracted_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was stored.")


class Quote(Base):
    """One quotation in one article."""

    __tablename__ = "quotes"
    __table_args__ = (
        among("kind", KINDS, "kind"),
        among("source_kind", SOURCE_KINDS, "source_kind"),
        ForeignKeyConstraint(
            ["article_id", "article_length"],
            ["articles.id", "articles.length"],
            ondelete="CASCADE",
            onupdate="CASCADE",
            name="fk_quotes_article",
        ),
        ForeignKeyConstraint(
            ["extraction_id", "article_id"],
            ["extractions.id", "extractions.article_id"],
            name="fk_quotes_extraction",
        ),
        Index("ix_quotes_article_id", "article_id"),
        Index("ix_quotes_extraction_id", "extraction_id"),
        Index("ix_quotes_statement_id", "statement_id"),
        Index("ix_quotes_inside", "inside", postgresql_where=sql("inside IS NOT NULL")),
        # Not on the name itself, which may be longer than an entry of an index.
        Index("ix_quotes_speaks_for", "id", postgresql_where=sql("speaks_for IS NOT NULL")),
        Index("ix_quotes_search", "search", postgresql_using="gin"),
        CheckConstraint("0 <= start_char AND start_char < end_char AND end_char <= article_length", name="offsets"),
        # `parts` holds a start and an end for each part. The first start is `start_char`, and the last end is
        # `end_char`.
        CheckConstraint(
            "cardinality(parts) >= 2 AND mod(cardinality(parts), 2) = 0 AND parts[1] = start_char"
            " AND parts[cardinality(parts)] = end_char",
            name="parts",
        ),
        CheckConstraint(
            "(source_start IS NULL) = (source_text IS NULL) AND (source_end IS NULL) = (source_text IS NULL)"
            " AND 0 <= source_start AND source_start < source_end AND source_end <= article_length",
            name="source",
        ),
        CheckConstraint(
            "(cue_start IS NULL) = (cue IS NULL) AND (cue_end IS NULL) = (cue IS NULL)"
            " AND 0 <= cue_start AND cue_start < cue_end AND cue_end <= article_length",
            name="cue",
        ),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint(
            "(context_start IS NULL) = (context_end IS NULL)"
            " AND 0 <= context_start AND context_start <= start_char AND end_char <= context_end"
            " AND context_end <= article_length",
            name="context",
        ),
        {"comment": "One quotation at one place of one article."},
    )

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(comment="The article it stands in.")
    article_length: Mapped[int] = mapped_column(
        Integer, comment="The article's length, so that offsets are checked against it."
    )
    extraction_id: Mapped[int] = mapped_column(comment="The run that found it as it is now.")
    kind: Mapped[str] = mapped_column(comment="direct, mixed or indirect.")
    text: Mapped[str] = mapped_column(comment="Its parts, joined by one space.")
    parts: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), comment="Start and end of each part in turn, in code points: {s1, e1, s2, e2, …}."
    )
    start_char: Mapped[int] = mapped_column(Integer, comment="First code point, from 0.")
    end_char: Mapped[int] = mapped_column(Integer, comment="After the last code point.")
    cue: Mapped[str | None] = mapped_column(comment="The reporting words ('said').")
    cue_start: Mapped[int | None] = mapped_column(Integer, comment="Where the cue starts.")
    cue_end: Mapped[int | None] = mapped_column(Integer, comment="Where the cue ends.")
    source_text: Mapped[str | None] = mapped_column(comment="The words that name the source ('the minister').")
    source_start: Mapped[int | None] = mapped_column(Integer, comment="Where they start.")
    source_end: Mapped[int | None] = mapped_column(Integer, comment="Where they end.")
    source_kind: Mapped[str] = mapped_column(comment="person, body, unnamed or none.")
    speaks_for: Mapped[str | None] = mapped_column(
        comment="The body or person, by its full name in the article, on whose behalf an unnamed source speaks."
    )
    confidence: Mapped[float] = mapped_column(Float, comment="How sure the extractor is, 0 to 1.")
    denied: Mapped[bool] = mapped_column(
        server_default=sql("false"), comment="The cue, or a negation of it, turns the sense: denied, did not say."
    )
    context_start: Mapped[int | None] = mapped_column(
        Integer, comment="Where the sentence before starts; null: read by a release that did not look."
    )
    context_end: Mapped[int | None] = mapped_column(Integer, comment="Where the sentence after ends.")
    statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("statements.id", ondelete="SET NULL"), comment="The statement it prints."
    )
    inside: Mapped[int | None] = mapped_column(
        ForeignKey("quotes.id", ondelete="SET NULL"), comment="The outer quotation, if nested."
    )
    current: Mapped[bool] = mapped_column(server_default=sql("true"), comment="Whether readers see it.")
    rejected: Mapped[bool] = mapped_column(server_default=sql("false"), comment="A person said it is no quotation.")
    accepted: Mapped[bool] = mapped_column(
        server_default=sql("false"), comment="A person said it is one, or who said it: shown below the floor too."
    )
    added: Mapped[bool] = mapped_column(
        server_default=sql("false"), comment="A person added it, or keeps it; no extractor reads it."
    )
    read_as: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="What the extractor read, where a person cut the words anew: kind, text, parts, context."
    )
    language: Mapped[str | None] = mapped_column(comment="ISO 639-1 code of the article's language.")
    search: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed("quote_words(language, text)", persisted=True),
        comment="Words by the rules of that language, for searching.",
    )


class ConfidenceFloor(Base):
    """The one row that says from which confidence on readers see a quotation (`worker.store.floor`)."""

    __tablename__ = "confidence_floor"
    __table_args__ = (
        CheckConstraint("one_row", name="one_row"),
        CheckConstraint("least_confidence BETWEEN 0 AND 1", name="least_confidence"),
        {"comment": "One row: quotations with less confidence are candidates, which report.quotes does not show."},
    )

    one_row: Mapped[bool] = mapped_column(
        primary_key=True, server_default=sql("true"), comment="Always true, so that there is one row."
    )
    least_confidence: Mapped[float] = mapped_column(Float, comment="ONRECORD_LEAST_CONFIDENCE.")


class QuoteSpeaker(Base):
    """One speaker of a quotation; a quotation of a joint source has several."""

    __tablename__ = "quote_speakers"
    __table_args__ = (
        # Only one row of a quote can have the position 0. Each list of the machine begins with it, and a person's
        # choice has it. So the tables refuse a second choice, and the machine's speakers beside a person's choice.
        PrimaryKeyConstraint("quote_id", "position", postgresql_include=["speaker_id"]),
        UniqueConstraint("speaker_id", "quote_id"),
        CheckConstraint("NOT by_hand OR position = 0", name="alone"),
        {"comment": "Who said a quotation; a joint source has several."},
    )

    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id", ondelete="CASCADE"), comment="The quotation.")
    position: Mapped[int] = mapped_column(
        Integer, server_default="0", autoincrement=False, comment="Order in a joint source, from 0."
    )
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), comment="The speaker, before merges.")
    name: Mapped[str] = mapped_column(comment="The speaker's full name in this article.")
    evidence: Mapped[str] = mapped_column(comment="The rule that decided: full name, surname, pronoun, role, a person.")
    confidence: Mapped[float] = mapped_column(Float, comment="How sure that rule is, 0 to 1.")
    by_hand: Mapped[bool] = mapped_column(server_default=sql("false"), comment="Decided by a person.")


class QuoteHistory(Base):
    """One change of a quote by a re-processing."""

    __tablename__ = "quote_history"
    __table_args__ = (
        among("change", ("changed", "removed", "added"), "change"),
        Index("ix_quote_history_quote_id", "quote_id"),
        {"comment": "What a re-processing changed: the old values, and both versions."},
    )

    id: Mapped[Key]
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id", ondelete="CASCADE"), comment="The quotation.")
    change: Mapped[str] = mapped_column(comment="changed, removed or added.")
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="The old values; null for an added one.")
    old_version_id: Mapped[int | None] = mapped_column(ForeignKey("extractor_versions.id"), comment="Version before.")
    new_version_id: Mapped[int] = mapped_column(ForeignKey("extractor_versions.id"), comment="Version after.")
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When.")


class Statement(Base):
    """One thing that one speaker said, wherever it was printed."""

    __tablename__ = "statements"
    __table_args__ = (
        Index("ix_statements_owner", "owner"),
        {"comment": "One thing said, wherever it was printed: same speaker, same words (light edits allowed)."},
    )

    id: Mapped[Key]
    owner: Mapped[int] = mapped_column(comment="The speaker; or minus the story, where the source has no name.")
    text: Mapped[str] = mapped_column(comment="Its words, as first stored.")


class StatementKey(Base):
    """One hash of words of a statement, by which the statement is found."""

    __tablename__ = "statement_keys"
    __table_args__ = ({"comment": "Sampled hashes of a statement's words, for finding it again."},)

    owner: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="As in statements.")
    hash: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="64-bit hash of three words.")
    statement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="The statement.")


class KeysToSettle(Base):
    """An owner that may still have keys of statements that a decision gave to another owner."""

    __tablename__ = "keys_to_settle"
    __table_args__ = (
        {"comment": "Owners that may still have keys of statements that were given to another owner; usually empty."},
    )

    owner: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="The owner before; as in statements."
    )
    after_hash: Mapped[int] = mapped_column(
        server_default="-9223372036854775808", comment="Its keys up to this hash are done."
    )
    after_quote: Mapped[int] = mapped_column(comment="Quotes after this may not have found their statements.")
