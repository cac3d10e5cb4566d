"""The states that rows of the ledger may have, and the other short lists of values that a column may hold.

The checks of the tables, the queries and the commands use these lists. This module imports no model, so that a health
check stays light.
"""

from enum import StrEnum

from worker.reasons import IGNORED


class State(StrEnum):
    """The states of files and of documents."""

    WAITING = "waiting"
    READING = "reading"  # a file that is claimed
    SPLIT = "split"  # a file that has documents which have not ended
    WORKING = "working"  # a document that is claimed
    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"


TAKEN_IN = (State.STORED, State.DUPLICATE)
"""Terminal states of a row whose text is in the tables."""
REFUSED = (State.QUARANTINED, State.IGNORED)
"""Terminal states of a row from which no article was made; these rows have a reason."""
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
"""What may be done with a stored file: leave it in its folder, archive it, or delete it."""
PROCESS_KINDS = ("watch", "worker", "backfill", "beat")
RECEIVER_KINDS = ("webhook", "mail")
WHAT_IS_TOLD = ("new", "withdrawn")
"""What a delivery says of a quotation: it is new to a watch-list, or it is withdrawn after it was told."""


def listed(values: tuple[str, ...]) -> str:
    """Return values as a list for SQL's IN: `('waiting', 'reading')`."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


STATE_OF_MEMBER = (
    f"coalesce(d.state, CASE WHEN fd.reason IN {listed(tuple(sorted(IGNORED)))} THEN 'ignored' ELSE 'quarantined' END)"
)
"""The state of a member: that of its document `d`; if it was refused, the one that its reason says (SQL).

`fd` is its row of `file_documents`. `report/views.sql` has the same words.
"""
