"""The register of the three queues: all code gets a queue's name, table, states and task from here.

The models of the tables are loaded only when `Queue.table` is read, so that a health check stays light.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.store.states import State

if TYPE_CHECKING:
    from sqlalchemy import Table


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of the broker, and the ledger table that its messages are about."""

    name: str
    table_name: str
    claimed: str  # the state of a claimed row
    struck_out: str  # the terminal state of a row with too many strikes
    advice: str  # what to do about such a row
    task: str  # the task that a message of this queue names
    kind: str  # the kind of process that serves this queue, as in `processes.kind`
    since: str  # SQL for the moment since which a row waits that was never claimed

    @property
    def table(self) -> "Table":
        """Return the table whose rows wait."""
        from worker.store.tables.models import Base

        return Base.metadata.tables[self.table_name]


FEW = 8
"""So many rows at most that come together are fresh: they are rung for at once, whatever waits, and are done first."""

LOOK = "Look at the file, then try again with `onrecord retry`."
KEPT = "It keeps its quotes; a newer extractor reads it again, and so does `onrecord reprocess --all`."
RUN_SINCE = "(SELECT r.created_at FROM reprocess_runs r WHERE r.id = run_id)"
INTAKE = Queue("intake", "files", State.READING, State.QUARANTINED, LOOK, "intake.read", "worker", "first_seen")
ARTICLES = Queue(
    "articles", "documents", State.WORKING, State.QUARANTINED, LOOK, "article.process", "worker", "created_at"
)
BACKFILL = Queue("backfill", "reprocess_items", "working", "failed", KEPT, "article.reprocess", "backfill", RUN_SINCE)
QUEUES = {queue.name: queue for queue in (INTAKE, ARTICLES, BACKFILL)}


def queues_for(kind: str) -> list[str]:
    """Return the names of the queues that a process of this kind serves by default."""
    return [queue.name for queue in QUEUES.values() if queue.kind == kind]


def kind_for(names: Iterable[str]) -> str:
    """Return the kind of a worker that serves these queues: `backfill` if it serves no other, else `worker`."""
    return BACKFILL.kind if set(names) == {BACKFILL.name} else INTAKE.kind
