"""The one way in which every decision of a person is carried out, by a command or by the page.

A decision holds the decision lock (`worker.store.db.decision_lock`) for the whole of its transaction. So it never
overlaps with another decision, nor with the final transaction of an article: the result is as if one had come after the
other. Whatever a decision depends on (a speaker looked up by name, a quote, another decision) must be read inside its
transaction. Then whoever comes late decides about what is stored now.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from worker.speakers.across import unlisting
from worker.store import moves
from worker.store.db import decision_lock
from worker.store.db.conflicts import TRIES, Conflict, conflict
from worker.store.decisions import Undecidable

Result = TypeVar("Result")

BUSY = "Other work held the same rows for too long, and nothing was decided; give the command again."


class _Unfinished(Exception):
    """Another decision, about a large speaker, has just been made, and its quotes are still to be moved."""


def decide(
    engine: Engine,
    work: Callable[[Connection], Result],
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Result:
    """Run the `work` of a decision in one transaction, alone; commit it, and return its result.

    What earlier decisions left to be done is done first; `on_progress` is called as `unlisting.finish` does. After a
    conflict (a deadlock, a lock that is not free in time) everything is rolled back, and `work` is called again, five
    times in all. So `work` may change nothing but the database; print the result after this function returns. Then
    call `unlisting.finish`, since a decision about a large speaker may leave quotes to be moved.

    Raise `Undecidable` with a sentence if `work` raises it, or if the last try ends in a conflict, too.
    """

    def alone(connection: Connection) -> Result:
        if moves.any_left(connection):
            raise _Unfinished
        return work(connection)

    try:
        for _ in range(TRIES):
            unlisting.finish(engine, on_progress)
            with suppress(_Unfinished):
                return decision_lock.holding(engine, alone)
    except Conflict as error:
        raise Undecidable(BUSY) from error
    except DBAPIError as error:
        if conflict(error):
            raise Undecidable(BUSY) from error
        raise
    raise Undecidable(BUSY)
