"""The tables of speakers, of the forms of their names, of the keys to find them, and of decisions by people."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from worker.store.tables.base import NOW, Base, Key, among

DECISION_KINDS = (
    "merge",
    "split",
    "rename",
    "set_speaker",
    "no_speaker",
    "accept",
    "reject",
    "restore",
    "forget",
    "import",
    "recut",
    "add",
    "undo",
)


class Speaker(Base):
    """A person or body that was quoted."""

    __tablename__ = "speakers"
    __table_args__ = (
        among("kind", ("person", "body"), "kind"),
        Index("ix_speakers_merged_into", "merged_into", postgresql_where=sql("merged_into IS NOT NULL")),
        Index("ix_speakers_root", sql("coalesce(merged_into, id)")),
        CheckConstraint("merged_into <> id", name="merged_into"),
        UniqueConstraint("id", "is_root"),
        # A speaker can only be merged into a root, and a root with merged speakers cannot be merged itself.
        ForeignKeyConstraint(
            ["merged_into", "into_root"], ["speakers.id", "speakers.is_root"], name="fk_speakers_merged_into"
        ),
        {"comment": "A person or body that was quoted."},
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(comment="Canonical name: the form used most, unless a person chose another.")
    kind: Mapped[str] = mapped_column(comment="person or body.")
    named_by_hand: Mapped[bool] = mapped_column(server_default=sql("false"), comment="A person chose the name.")
    merged_into: Mapped[int | None] = mapped_column(comment="The speaker this one is; always a root, never a chain.")
    is_root: Mapped[bool | None] = mapped_column(
        Computed("merged_into IS NULL", persisted=True), comment="Whether it is merged into no other speaker."
    )
    into_root: Mapped[bool | None] = mapped_column(
        Computed("true", persisted=True),
        comment="Always true, so that a foreign key can ask that `merged_into` is a root.",
    )
    created_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When first seen.")


class SpeakerName(Base):
    """One form of a speaker's name, and why it was joined to the speaker; or a proposed or refused join."""

    __tablename__ = "speaker_names"
    __table_args__ = (
        among("status", ("joined", "proposed", "refused"), "status"),
        UniqueConstraint("speaker_id", "name", "status"),
        CheckConstraint("(status = 'refused') = (name IS NULL)", name="refused"),
        Index(
            "uq_speaker_names_refused",
            "speaker_id",
            "other_id",
            unique=True,
            postgresql_where=sql("status = 'refused'"),
        ),
        Index("ix_speaker_names_name", "name"),
        Index("ix_speaker_names_other_id", "other_id", postgresql_where=sql("other_id IS NOT NULL")),
        Index("ix_speaker_names_listed_id", "listed_id", postgresql_where=sql("listed_id IS NOT NULL")),
        {"comment": "Every form of a speaker's name, with the evidence of its join; also proposed joins."},
    )

    id: Mapped[Key]
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id", ondelete="CASCADE"), comment="The speaker.")
    name: Mapped[str | None] = mapped_column(comment="The form, without title; null for a refused join.")
    status: Mapped[str] = mapped_column(server_default="joined", comment="joined, proposed, or refused by a person.")
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("speakers.id", ondelete="CASCADE"),
        comment="Of a proposed join: the speaker that may be the same.",
    )
    articles: Mapped[int] = mapped_column(Integer, server_default="0", comment="Articles that use this form.")
    evidence: Mapped[str] = mapped_column(comment="Why it was joined or proposed.")
    confidence: Mapped[float] = mapped_column(Float, comment="How sure the join is, 0 to 1.")
    roles: Mapped[list[str]] = mapped_column(JSONB, server_default="[]", comment="Roles seen with this form.")
    listed_id: Mapped[int | None] = mapped_column(
        ForeignKey("listed_speakers.id", ondelete="SET NULL"),
        comment="The speaker of imported lists that has this form as a name.",
    )


class SpeakerKey(Base):
    """One key by which a speaker is found, made of a folded word of the speaker's names."""

    __tablename__ = "speaker_keys"
    __table_args__ = (
        Index("ix_speaker_keys_speaker_id", "speaker_id"),
        {"comment": "Folded words of speakers' names (transliterations fold alike), for look-up."},
    )

    key: Mapped[str] = mapped_column(primary_key=True, comment="The folded word.")
    speaker_id: Mapped[int] = mapped_column(
        ForeignKey("speakers.id", ondelete="CASCADE"), primary_key=True, comment="A speaker that has it."
    )


class ListedSpeaker(Base):
    """A person or body that rows of imported lists are about; it need not be quoted anywhere."""

    __tablename__ = "listed_speakers"
    __table_args__ = (
        UniqueConstraint("identity"),
        {"comment": "People and bodies of the lists that people imported, whether they are quoted or not."},
    )

    id: Mapped[Key]
    identity: Mapped[str] = mapped_column(comment="What makes two rows mean one: the QID; without one, name and role.")
    name: Mapped[str] = mapped_column(comment="The name for reports: that of the first row in force.")
    qid: Mapped[str | None] = mapped_column(comment="The number at Wikidata, such as Q42; null: not given.")


class ListRow(Base):
    """One row of an imported list."""

    __tablename__ = "list_rows"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index("ix_list_rows_decision_id", "decision_id"),
        Index("ix_list_rows_listed_id", "listed_id"),
        CheckConstraint("valid_to >= valid_from", name="valid"),
        {"comment": "Rows of the lists that people imported; a row goes when its import is undone."},
    )

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), comment="The import.")
    line: Mapped[int] = mapped_column(Integer, comment="The line of the file in which the row begins, from 1.")
    listed_id: Mapped[int] = mapped_column(ForeignKey("listed_speakers.id"), comment="The person or body.")
    name: Mapped[str] = mapped_column(comment="The name for reports.")
    role: Mapped[str | None] = mapped_column(comment="The role as the list gives it; null: not given.")
    valid_from: Mapped[date | None] = mapped_column(comment="The first day on which role and names hold.")
    valid_to: Mapped[date | None] = mapped_column(comment="The last day on which role and names hold.")
    digest: Mapped[bytes] = mapped_column(comment="A hash of the row's values: the same row is stored once.")


class ListName(Base):
    """One name of a row of an imported list, under one key by which articles find it."""

    __tablename__ = "list_names"
    __table_args__ = (
        Index("ix_list_names_key", "key"),
        {"comment": "Names and aliases in the rows of imported lists, with the keys by which they are found."},
    )

    row_id: Mapped[int] = mapped_column(
        ForeignKey("list_rows.id", ondelete="CASCADE"), primary_key=True, comment="The row."
    )
    key: Mapped[str] = mapped_column(primary_key=True, comment="The folded whole name of a person or of a body.")
    name: Mapped[str] = mapped_column(primary_key=True, comment="The name as the list gives it.")


class Decision(Base):
    """One decision by a person. Rows are only added; a later decision may undo this one."""

    __tablename__ = "decisions"
    __table_args__ = (
        among("kind", DECISION_KINDS, "kind"),
        Index("ix_decisions_article_id", "article_id"),
        Index("ix_decisions_speaker_id", "speaker_id"),
        Index("uq_decisions_undoes", "undoes", unique=True),
        CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undoes"),
        {"comment": "Decisions by people, append-only; applied last in every swap, for ever."},
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(comment="What was decided.")
    quote_id: Mapped[int | None] = mapped_column(comment="The quotation it is about.")
    article_id: Mapped[int | None] = mapped_column(comment="The article it is about.")
    speaker_id: Mapped[int | None] = mapped_column(comment="The speaker it is about.")
    value: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", comment="The rest of the decision.")
    undoes: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), comment="The decision this one undoes.")
    who: Mapped[str] = mapped_column(comment="Who decided.")
    reason: Mapped[str] = mapped_column(comment="Why.")
    decided_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When.")


class DecisionLock(Base):
    """No rows: decisions and final transactions lock this table (`worker.store.db.decision_lock`)."""

    __tablename__ = "decision_lock"
    __table_args__ = ({"comment": "No rows; locked so that a decision and articles in flight do not overlap."},)

    id: Mapped[Key]


class SurnameLock(Base):
    """A row that is only locked, for all surnames whose hash leaves its number over (`worker.store.speakers.lock`)."""

    __tablename__ = "surname_locks"
    __table_args__ = (
        {"comment": "Rows that are only locked: two articles with one surname are stored one after the other."},
    )

    id: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="What the surname's hash leaves over."
    )


class FormMove(Base):
    """A form that belongs to another speaker by now, while quotes stored under it are still to be moved."""

    __tablename__ = "form_moves"
    __table_args__ = (
        UniqueConstraint("source", "name"),
        CheckConstraint("source <> target", name="target"),
        {"comment": "Forms of large speakers whose quotes a decision left to be moved in batches; usually empty."},
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(comment="The form; it belongs to the target already.")
    source: Mapped[int] = mapped_column(
        ForeignKey("speakers.id", ondelete="CASCADE"), comment="The speaker that still has quotes under it."
    )
    target: Mapped[int] = mapped_column(
        ForeignKey("speakers.id", ondelete="CASCADE"), comment="The speaker that is to have them."
    )
    after_quote: Mapped[int] = mapped_column(server_default="0", comment="Quotes up to this are moved.")


class SpeakerToSettle(Base):
    """A speaker whose quotes still belong to statements of another owner."""

    __tablename__ = "speakers_to_settle"
    __table_args__ = (
        {"comment": "Large speakers whose statements are to go to their present owner, in batches; usually empty."},
    )

    speaker_id: Mapped[int] = mapped_column(
        ForeignKey("speakers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="The speaker."
    )
    after_quote: Mapped[int] = mapped_column(server_default="0", comment="Quotes up to this are done.")
