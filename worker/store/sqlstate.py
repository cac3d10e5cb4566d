"""The five characters by which PostgreSQL tells its errors apart (its manual, appendix A), where we act on them."""

from sqlalchemy.exc import DBAPIError

READ_ONLY = "25006"
"""read_only_sql_transaction"""
SILENT_TOO_LONG = "25P03"
"""idle_in_transaction_session_timeout"""
UNIQUE_VIOLATION = "23505"
QUERY_CANCELED = "57014"
"""Our own statement_timeout."""

CONFLICTS = {"40001", "40P01", "55P03"}
"""serialization_failure, deadlock_detected, lock_not_available: nothing is wrong with what was asked."""


def state_of(error: DBAPIError) -> str | None:
    """The state of an error; None when no server gave it (it cannot be reached, say)."""
    return getattr(error.orig, "sqlstate", None)
