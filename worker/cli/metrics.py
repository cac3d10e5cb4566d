"""The numbers that the page's process gives to Prometheus, read from PostgreSQL when they are asked for.

The numbers are of all processes on all machines, so it makes no difference which process is asked. Labels have few
values: queues, states, reason codes, kinds of processes; never a file, a machine or a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Row, text

from worker import __version__
from worker.cli import liveness, pace
from worker.cli.health import DATABASE_BYTES, free_bytes
from worker.reasons import Hindrance
from worker.store import changes
from worker.store.states import PROCESS_KINDS

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from worker.cli.liveness import QueueLoad, RunningProcess
    from worker.settings import Settings

NEWEST = 1_000
"""Measure the stages on at most so many of the newest documents."""

# Quick in large tables: an index counts the states, and only the files with a reason are read.
FILES = text("""
SELECT state, '' AS reason, count(*) AS rows FROM files WHERE state NOT IN ('quarantined', 'ignored') GROUP BY state
UNION ALL
SELECT state, coalesce(reason, ''), count(*) FROM files WHERE state IN ('quarantined', 'ignored') GROUP BY 1, 2
ORDER BY 1, 2
""")
DOCUMENTS = text("""
SELECT state, coalesce(reason, '') AS reason, count(*) AS rows
FROM (SELECT state, reason, finished_at FROM documents ORDER BY id DESC LIMIT :most) newest
WHERE finished_at > now() - interval '1 hour' GROUP BY 1, 2 ORDER BY 1, 2
""")
# Of documents that gave an article in the last hour. An article's own reading is measured by its process.
STAGES = text("""
WITH newest AS (
    SELECT id, article_id, state, created_at, finished_at FROM documents ORDER BY id DESC LIMIT :most),
ended AS (
    SELECT n.*, (SELECT min(f.first_seen) FROM file_documents fd JOIN files f ON f.id = fd.file_id
                 WHERE fd.document_id = n.id) AS first_seen
    FROM newest n WHERE n.state = 'stored' AND n.finished_at > now() - interval '1 hour'),
spent (stage, seconds) AS (
    SELECT 'intake', extract(epoch FROM created_at - first_seen)::float FROM ended WHERE first_seen <= created_at
    UNION ALL
    SELECT 'article', extract(epoch FROM finished_at - created_at)::float FROM ended
    UNION ALL
    SELECT 'extract', e.milliseconds / 1000 FROM ended JOIN extractions e USING (article_id) WHERE e.current)
SELECT stage, count(*) AS articles, percentile_cont(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY seconds) AS seconds
FROM spent GROUP BY stage ORDER BY stage
""")
MARKS = text("""SELECT count(*) FROM change_marks""")
QUANTILES = ("0.5", "0.95", "1")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything that is measured, at one moment."""

    queues: "dict[str, QueueLoad]"
    processes: "list[RunningProcess]"
    files: list[Row[Any]]
    documents: list[Row[Any]]
    stages: list[Row[Any]]
    last_hour: pace.LastHour
    last_change: int
    marks: int
    database_bytes: int
    disk_free_bytes: int | None


def measure(connection: Connection, settings: "Settings") -> Numbers:
    """Return the numbers of this moment."""
    return Numbers(
        queues=liveness.waiting_rows(connection),
        processes=liveness.running_processes(connection, settings.seen_seconds),
        files=list(connection.execute(FILES)),
        documents=list(connection.execute(DOCUMENTS, {"most": pace.NEWEST})),
        stages=list(connection.execute(STAGES, {"most": NEWEST})),
        last_hour=pace.last_hour(connection),
        last_change=changes.latest(connection),
        marks=int(connection.execute(MARKS).scalar_one()),
        database_bytes=int(connection.execute(DATABASE_BYTES).scalar_one()),
        disk_free_bytes=free_bytes(settings),
    )


class Collector:
    """Yields the numbers in Prometheus' form."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> "Iterator[Metric]":
        """Yield each metric with its values."""
        yield _gauge("onrecord_info", "The release; always 1.", {(__version__,): 1}, "version")
        yield from self._of_queues()
        yield from self._of_ends()
        yield from self._of_speed()
        yield from self._of_processes()
        yield _gauge(
            "onrecord_last_change_number", "Number of the last row of report.changes.", self._numbers.last_change
        )
        yield _gauge("onrecord_change_marks", "Marks of changes that are not told yet.", self._numbers.marks)
        yield _gauge("onrecord_database_bytes", "Size of the database.", self._numbers.database_bytes)
        if self._numbers.disk_free_bytes is not None:
            what = "Free bytes on the disk of HOME, as this process sees it."
            yield _gauge("onrecord_disk_free_bytes", what, self._numbers.disk_free_bytes)

    def _of_queues(self) -> "Iterator[Metric]":
        loads = {(name,): load for name, load in self._numbers.queues.items()}
        for name, what, field in (
            ("onrecord_waiting_rows", "Rows that wait for their work.", "waiting"),
            ("onrecord_claimed_rows", "Rows that are being worked on.", "claimed"),
            ("onrecord_oldest_waiting_seconds", "How long the oldest waiting row has waited; 0: none waits.", "oldest"),
        ):
            yield _gauge(name, what, {label: getattr(load, field) for label, load in loads.items()}, "queue")

    def _of_ends(self) -> "Iterator[Metric]":
        ends = ("state", "reason")
        files = {(row.state, row.reason): row.rows for row in self._numbers.files}
        yield _gauge("onrecord_files", "Files ever seen, by state and reason code.", files, *ends)
        documents = {(row.state, row.reason): row.rows for row in self._numbers.documents}
        what = "Documents that ended in the last hour, by state and reason code; at most 100,000 are counted."
        yield _gauge("onrecord_last_hour_documents", what, documents, *ends)

    def _of_speed(self) -> "Iterator[Metric]":
        hour = self._numbers.last_hour
        files = {(state,): count for state, count in hour.files.items()}
        yield _gauge("onrecord_last_hour_files", "Files that ended in the last hour.", files, "state")
        what = "Articles stored in the last hour; at most 100,000 are counted."
        yield _gauge("onrecord_last_hour_articles", what, hour.articles)
        seconds = {
            (row.stage, quantile): value
            for row in self._numbers.stages
            for quantile, value in zip(QUANTILES, row.seconds, strict=True)
        }
        what = (
            "Seconds of the newest stored articles of the last hour. intake: from the file's first sight to its"
            " documents; article: from there to the rows, with waiting; extract: reading the text alone."
        )
        yield _gauge("onrecord_stage_seconds", what, seconds, "stage", "quantile")
        measured = {(row.stage,): row.articles for row in self._numbers.stages}
        yield _gauge("onrecord_stage_articles", "The articles measured for this.", measured, "stage")

    def _of_processes(self) -> "Iterator[Metric]":
        alive = [process for process in self._numbers.processes if process.alive]
        by_kind = {(kind,): sum(process.kind == kind for process in alive) for kind in PROCESS_KINDS}
        yield _gauge("onrecord_processes", "Living processes on all machines.", by_kind, "kind")
        troubled = {(code.value,): sum(process.trouble == code for process in alive) for code in Hindrance}
        yield _gauge("onrecord_troubled_processes", "Living processes that do not get on.", troubled, "trouble")
        last = {
            (kind,): max(ended)
            for kind in PROCESS_KINDS
            if (ended := [p.last_finished.timestamp() for p in alive if p.kind == kind and p.last_finished])
        }
        what = "When a living process last finished a task (of watch: a scan; of beat: a ring)."
        yield _gauge("onrecord_last_finished_timestamp_seconds", what, last, "kind")
        scans = [p.last_finished.timestamp() for p in alive if p.kind == "watch" and p.last_finished]
        if scans:  # of several watchers, the one that is furthest behind
            yield _gauge("onrecord_last_scan_timestamp_seconds", "When the last scan of the folders ended.", min(scans))


def _gauge(name: str, what: str, values: Mapping[Any, float] | float, *labels: str) -> "Metric":
    """Return a metric with one value, or with one for each tuple of labels."""
    from prometheus_client.core import GaugeMetricFamily

    if not isinstance(values, Mapping):
        return GaugeMetricFamily(name, what, value=values)
    family = GaugeMetricFamily(name, what, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family


def exposition(engine: Engine, settings: "Settings") -> bytes:
    """Return the numbers as the text that Prometheus reads. Raises SQLAlchemy's errors if the database has none."""
    from prometheus_client import CollectorRegistry, generate_latest

    with engine.connect() as connection:
        numbers = measure(connection, settings)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector(numbers))
    return generate_latest(registry)
