"""Running a final transaction, and running it again when PostgreSQL asks for that."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

Result = TypeVar("Result")

# serialization_failure, deadlock_detected, lock_not_available; unique_violation: somebody was faster.
CONFLICTS = {"40001", "40P01", "55P03", "23505"}
TRIES = 5


class Conflict(Exception):
    """Another transaction has changed what this one relied on; run it again."""


def again_on_conflict(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run `work` in a transaction; on a conflict with another one, roll back and run it once more (five times).

    It waits at most five seconds for a lock, so that a process is never silent long enough to be taken for dead.
    """
    for tries in range(1, TRIES + 1):
        try:
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '30s'"))
                return work(connection)
        except Conflict:
            if tries == TRIES:
                raise
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in CONFLICTS or tries == TRIES:
                raise
    raise AssertionError("unreachable")
