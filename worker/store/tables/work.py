"""The tables of re-processing jobs, of running processes, and of the last check of the tables."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Integer, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from worker.reasons import Hindrance
from worker.store.queues import QUEUES
from worker.store.states import ITEM_STATES, PROCESS_KINDS, RUN_STATES, listed
from worker.store.tables.base import NOW, Base, Claimable, Key, among


class ReprocessRun(Base):
    """A re-processing job."""

    __tablename__ = "reprocess_runs"
    __table_args__ = (
        among("state", RUN_STATES, "state"),
        {"comment": "A re-processing job."},
    )

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("extractor_versions.id"), comment="The version asked for.")
    selection: Mapped[str] = mapped_column(comment="What was asked for: all, outdated, since …, file ….")
    reparse: Mapped[bool] = mapped_column(server_default=sql("false"), comment="Goes back to the raw bytes.")
    scheduled: Mapped[bool] = mapped_column(server_default=sql("false"), comment="Asked for by the schedule.")
    state: Mapped[str] = mapped_column(server_default="running", comment="running, done or stopped.")
    total: Mapped[int] = mapped_column(Integer, server_default="0", comment="Articles in it.")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it was asked for.")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When the last item ended.")


class ReprocessItem(Claimable, Base):
    """One article of a re-processing job."""

    __tablename__ = "reprocess_items"
    __table_args__ = (
        among("state", ITEM_STATES, "state"),
        Index("ix_reprocess_items_article_id", "article_id"),
        Index("uq_reprocess_items_run", "run_id", "article_id", unique=True),
        Index("ix_reprocess_items_waiting", "id", postgresql_where=sql("state = 'waiting' AND rung_at IS NULL")),
        Index(
            "ix_reprocess_items_rung",
            "rung_at",
            postgresql_where=sql("state = 'waiting' AND rung_at IS NOT NULL"),
        ),
        Index("ix_reprocess_items_claimed", "lease_until", postgresql_where=sql("state = 'working'")),
        CheckConstraint("state <> 'working' OR (claimed_by IS NOT NULL AND lease_until IS NOT NULL)", name="claimed"),
        {"comment": "One article of a re-processing job: its ledger row."},
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("reprocess_runs.id", ondelete="CASCADE"), comment="The job.")
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), comment="The article.")
    state: Mapped[str] = mapped_column(server_default="waiting", comment="waiting, working; then terminal.")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When it ended.")


class Process(Base):
    """One running process."""

    __tablename__ = "processes"
    __table_args__ = (
        among("kind", PROCESS_KINDS, "kind"),
        among("trouble", tuple(Hindrance), "trouble"),
        CheckConstraint(f"queues <@ ARRAY[{listed(tuple(QUEUES))[1:-1]}]", name="queues"),
        Index("ix_processes_last_seen", "last_seen", postgresql_where=sql("stopped_at IS NULL")),
        {"comment": "One running process: what status, doctor and health checks read."},
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(comment="watch, worker, backfill or beat.")
    host: Mapped[str] = mapped_column(comment="Its machine.")
    pid: Mapped[int] = mapped_column(Integer, comment="Its process number there.")
    version: Mapped[str] = mapped_column(comment="Onrecord's version.")
    started_at: Mapped[datetime] = mapped_column(server_default=NOW, comment="When it started.")
    last_seen: Mapped[datetime] = mapped_column(server_default=NOW, comment="Its last sign of life.")
    last_finished: Mapped[datetime | None] = mapped_column(comment="When it last finished a task or a scan.")
    stopped_at: Mapped[datetime | None] = mapped_column(comment="When it stopped, or was found dead.")
    queues: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="Queues that this worker serves; empty: those of its kind."
    )
    trouble: Mapped[str | None] = mapped_column(
        comment="Code of why a worker does not get on: database, deaf, other_schema or installation."
    )
    folders_away: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="Folders of this watcher that are not there."
    )
    folders_unreadable: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="Folders that this watcher may not list, each with the error."
    )
    events_lost: Mapped[int] = mapped_column(
        Integer,
        server_default="0",
        comment="How often the kernel dropped events of this watcher; scans made up for it.",
    )
    detail: Mapped[str | None] = mapped_column(comment="The same for people: folders watched, why it pauses.")
    clock_ahead: Mapped[float | None] = mapped_column(
        Double, comment="Seconds that its machine's clock was ahead of the database's at its last sign of life."
    )


class JobLock(Base):
    """A job, or a watched folder, that only one process may have at a time (`worker.store.db.locks`)."""

    __tablename__ = "locks"
    __table_args__ = (
        {"comment": "Rows that are locked, so that only one process at a time does a job; a reader cannot lock them."},
    )

    name: Mapped[str] = mapped_column(primary_key=True, comment="What only one process may do at a time.")
    session_pid: Mapped[int | None] = mapped_column(
        Integer, comment="The session that does it until it ends: its number."
    )
    session_start: Mapped[datetime | None] = mapped_column(comment="When that session began.")


class Check(Base):
    """The latest answer to one question of the check of the tables."""

    __tablename__ = "checks"
    __table_args__ = (
        {"comment": "What the last check of the tables found: the latest answer to each of its questions."},
    )

    name: Mapped[str] = mapped_column(primary_key=True, comment="The question, as `onrecord check` names it.")
    started_at: Mapped[datetime] = mapped_column(comment="When it was last asked.")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When it was answered; null: it goes on.")
    count: Mapped[int | None] = mapped_column(comment="How many rows are wrong; null: there was no time to answer.")
    ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", comment="The first of these rows.")
    seconds: Mapped[float] = mapped_column(Double, comment="How long it took.")
    position: Mapped[int] = mapped_column(
        server_default="0", comment="The last article that was looked at, if the question goes on."
    )
