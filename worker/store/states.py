"""The states that rows of the ledger may have, and the other short lists of values that a column may hold.

Checks of the tables, queries and commands take them from here. No model is imported, so that a health check is light.
"""

from enum import StrEnum


class State(StrEnum):
    """The states of a file, and of a document of it."""

    WAITING = "waiting"
    READING = "reading"  # of a file: claimed
    SPLIT = "split"  # of a file: its documents have not all ended
    WORKING = "working"  # of a document: claimed
    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"


TAKEN_IN = (State.STORED, State.DUPLICATE)
"""Terminal states of a row whose text is in the tables."""
REFUSED = (State.QUARANTINED, State.IGNORED)
"""Terminal states of a row that gave no article; these rows have a reason."""
ENDED = (*TAKEN_IN, *REFUSED)
"""Terminal states of files and documents."""

FILE_OPEN = (State.WAITING, State.READING, State.SPLIT)
FILE_STATES = (*FILE_OPEN, *ENDED)
DOCUMENT_OPEN = (State.WAITING, State.WORKING)
DOCUMENT_STATES = (*DOCUMENT_OPEN, *ENDED)
ITEM_OPEN = ("waiting", "working")
ITEM_STATES = (*ITEM_OPEN, "done", "unchanged", "failed", "skipped")
RUN_STATES = ("running", "done", "stopped")

DISPOSALS = ("keep", "archive", "delete")
"""What may be asked for once a file is stored."""
PROCESS_KINDS = ("watch", "worker", "backfill", "beat")


def listed(values: tuple[str, ...]) -> str:
    """Return values as SQL has them after IN: `('waiting', 'reading')`."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"
