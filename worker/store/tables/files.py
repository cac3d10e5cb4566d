"""The tables of inboxes, of the files seen in them, of documents, and of each document's position in a file."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, deferred, mapped_column

from worker.reasons import NotMoved
from worker.store.states import (
    DISPOSALS,
    DOCUMENT_OPEN,
    DOCUMENT_STATES,
    FILE_OPEN,
    FILE_STATES,
    REFUSED,
    TAKEN_IN,
    listed,
)
from worker.store.tables.base import NOW, Base, Claimable, Key, among


class Inbox(Base):
    """A watched folder."""

    __tablename__ = "inboxes"
    __table_args__ = ({"comment": "A watched folder."},)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True, comment="The folder's name in reports; its base name unless given.")
    path: Mapped[bytes] = mapped_column(LargeBinary, comment="Its last absolute path, as bytes.")
    last_scan: Mapped[datetime | None] = mapped_column(comment="When the watcher last finished a scan of it.")
    away_at: Mapped[datetime | None] = mapped_column(
        comment="When the folder was last found to be away; its files wait for a while after. Null: it is there."
    )


class File(Claimable, Base):
    """One content that was seen at one path of an inbox."""

    __tablename__ = "files"
    __table_args__ = (
        among("state", FILE_STATES, "state"),
        among("after", DISPOSALS, "after"),
        among("after_reason", tuple(NotMoved), "after_reason"),
        CheckConstraint("(after_reason IS NULL) = (after_message IS NULL)", name="after_message"),
        UniqueConstraint("inbox_id", "path", "sha256"),
        # At most one unread row for each path, so that fifty quick edits of one file do not make fifty rows.
        Index(
            "uq_files_unread",
            "inbox_id",
            "path",
            unique=True,
            postgresql_where=sql("sha256 IS NULL AND finished_at IS NULL"),
        ),
        Index("uq_files_current", "inbox_id", "path", unique=True, postgresql_where=sql("current")),
        Index("ix_files_waiting", "id", postgresql_where=sql("state = 'waiting' AND rung_at IS NULL")),
        Index("ix_files_rung", "rung_at", postgresql_where=sql("state = 'waiting' AND rung_at IS NOT NULL")),
        Index("ix_files_claimed", "lease_until", postgresql_where=sql("state = 'reading'")),
        Index("ix_files_split", "id", postgresql_where=sql("state = 'split'")),
        Index("ix_files_state_finished", "state", "finished_at"),
        Index("ix_files_sha256", "sha256"),
        Index("ix_files_after", "id", postgresql_where=sql("after <> 'keep' AND after_done_at IS NULL")),
        CheckConstraint(f"(state IN {listed(FILE_OPEN)}) = (finished_at IS NULL)", name="finished"),
        CheckConstraint(f"(state IN {listed(REFUSED)}) = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("state <> 'reading' OR (claimed_by IS NOT NULL AND lease_until IS NOT NULL)", name="claimed"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        {"comment": "One content seen at one path of an inbox: the ledger of everything dropped."},
    )

    id: Mapped[Key]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inboxes.id"), comment="The inbox it lies in.")
    path: Mapped[bytes] = mapped_column(LargeBinary, comment="Path below the inbox, exactly as the file system has it.")
    shown: Mapped[str] = mapped_column(comment="The path as text; bytes that are not UTF-8 as \\xNN.")
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary, comment="SHA-256 of the bytes; null until read.")
    size: Mapped[int | None] = mapped_column(comment="Bytes.")
    mtime_ns: Mapped[int | None] = mapped_column(comment="Modification time, ns since 1970, by the file system.")
    ctime_ns: Mapped[int | None] = mapped_column(comment="Change time, ns since 1970, by the file system.")
    inode: Mapped[int | None] = mapped_column(comment="Inode number (two's complement of 64 bits).")
    current: Mapped[bool] = mapped_column(server_default=sql("true"), comment="The newest content at this path.")
    state: Mapped[str] = mapped_column(server_default="waiting", comment="waiting, reading, split; then terminal.")
    members: Mapped[int] = mapped_column(server_default="0", comment="Documents and refused members found in it.")
    members_stored: Mapped[int] = mapped_column(server_default="0", comment="Members that gave a new article.")
    members_duplicate: Mapped[int] = mapped_column(server_default="0", comment="Members whose text was there already.")
    members_quarantined: Mapped[int] = mapped_column(server_default="0", comment="Members that are quarantined.")
    duplicate_of: Mapped[int | None] = mapped_column(
        ForeignKey("files.id", ondelete="SET NULL"), comment="The first file with the same bytes or text."
    )
    note: Mapped[str | None] = mapped_column(comment="What splitting says about the whole file, as part of message.")
    replaces: Mapped[int | None] = mapped_column(
        ForeignKey("files.id", ondelete="SET NULL"), comment="The older content at this path that this one replaced."
    )
    missing_since: Mapped[datetime | None] = mapped_column(comment="When a scan first missed the file at its path.")
    after: Mapped[str] = mapped_column(server_default="keep", comment="What is to be done once it is stored.")
    after_done_at: Mapped[datetime | None] = mapped_column(comment="When it was archived or deleted.")
    after_reason: Mapped[str | None] = mapped_column(
        comment="Code of why archiving or deleting has not been done yet: failed, no_archive, changed or left_alone."
    )
    after_message: Mapped[str | None] = mapped_column(comment="Why archiving or deleting has not been done yet.")
    forgotten_by: Mapped[int | None] = mapped_column(
        comment="The decision to forget it, made before its content was known."
    )
    first_seen: Mapped[datetime] = mapped_column(server_default=NOW, comment="When the watcher first published it.")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When it reached its terminal state.")


class Document(Claimable, Base):
    """The raw bytes of one article, as they came."""

    __tablename__ = "documents"
    __table_args__ = (
        among("state", DOCUMENT_STATES, "state"),
        UniqueConstraint("sha256", "media_type"),
        Index("ix_documents_waiting", "id", postgresql_where=sql("state = 'waiting' AND rung_at IS NULL")),
        Index("ix_documents_rung", "rung_at", postgresql_where=sql("state = 'waiting' AND rung_at IS NOT NULL")),
        Index("ix_documents_claimed", "lease_until", postgresql_where=sql("state = 'working'")),
        Index("ix_documents_article_id", "article_id"),
        CheckConstraint(f"(state IN {listed(DOCUMENT_OPEN)}) = (finished_at IS NULL)", name="finished"),
        CheckConstraint(f"(state IN {listed(REFUSED)}) = (reason IS NOT NULL)", name="reason"),
        CheckConstraint(f"(state IN {listed(TAKEN_IN)}) = (article_id IS NOT NULL)", name="article"),
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


class FileDocument(Base):
    """One document at one position in a file; or a member that was refused before it became a document."""

    __tablename__ = "file_documents"
    __table_args__ = (
        Index("ix_file_documents_document_id", "document_id"),
        CheckConstraint("(document_id IS NULL) = (reason IS NOT NULL)", name="document_or_reason"),
        {"comment": "Which documents stand in which file, in order; refused members keep their reason here."},
    )

    file_id: Mapped[int] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True, comment="The file."
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="Place in the file, from 0.")
    member: Mapped[str | None] = mapped_column(
        comment="Name of the member (path in a zip, line number); null: the file."
    )
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), comment="The document.")
    reason: Mapped[str | None] = mapped_column(comment="Reason code of a refused member.")
    message: Mapped[str | None] = mapped_column(comment="A sentence about a refused member.")
