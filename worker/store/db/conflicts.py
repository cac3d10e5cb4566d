"""Runs a final transaction again after a conflict with another one; and the error codes that this depends on."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

Result = TypeVar("Result")

# The error codes (SQLSTATE) that the code acts on: five characters each, listed in PostgreSQL's manual, appendix A.
READ_ONLY = "25006"
"""read_only_sql_transaction"""
SILENT_TOO_LONG = "25P03"
"""idle_in_transaction_session_timeout"""
UNIQUE_VIOLATION = "23505"
FOREIGN_KEY_VIOLATION = "23503"
INSUFFICIENT_PRIVILEGE = "42501"
QUERY_CANCELED = "57014"
"""Our own statement_timeout."""

CONFLICTS = {"40001", "40P01", "55P03"}
"""serialization_failure, deadlock_detected, lock_not_available: the statement itself is correct."""

LONGEST_WORDS = 200
"""Keep at most so many characters of a driver's message."""
TRIES = 5
"""Try a final transaction at most this many times."""

PATIENCE_SQL = """SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '30s'"""
PATIENCE = text(PATIENCE_SQL)


def state_of(error: DBAPIError) -> str | None:
    """Return the SQLSTATE of an error; None if it is no answer of a server (which cannot be reached, for example)."""
    return getattr(error.orig, "sqlstate", None)


def in_words(error: SQLAlchemyError) -> str:
    """Return why a connection failed, in the words of the driver; for any other error only its type.

    The message of a server about a statement may quote an article, and logs outlive articles.
    """
    if isinstance(error, OperationalError) and state_of(error) is None and error.orig is not None:
        return " ".join(str(error.orig).split()).removeprefix("connection failed: ")[:LONGEST_WORDS]
    return type(error).__name__


class Conflict(Exception):
    """Another transaction has changed rows that this one relied on; run it again."""


def conflict(error: DBAPIError) -> bool:
    """True if a transaction failed only because of other transactions that ran at the same time."""
    return state_of(error) in CONFLICTS


def retry_on_conflict(
    engine: Engine, work: Callable[[Connection], Result], *, beginning: TextClause = PATIENCE
) -> Result:
    """Run `work` in a transaction; on a conflict with another one, roll back and run it again (five times at most).

    The transaction waits at most five seconds for a lock. So its process is never silent for so long that it is
    declared dead. `beginning` is sent first: `PATIENCE`, or `PATIENCE` together with a first lock.
    """
    for tries in range(1, TRIES + 1):
        try:
            with engine.begin() as connection:
                connection.execute(beginning)
                return work(connection)
        except Conflict:
            if tries == TRIES:
                raise
        except DBAPIError as error:
            # A unique violation: another process has just written the same row, and the next run sees that row.
            written = state_of(error) == UNIQUE_VIOLATION
            if tries == TRIES or not (conflict(error) or written):
                raise
    raise AssertionError("unreachable")
