"""What our code relies on in a session of PostgreSQL, set when the connection is made.

An administrator may have set other values for the role or the database (`ALTER ROLE … SET DateStyle = 'German'`).
They are sent as a statement, not in libpq's `options`: a pooler such as PgBouncer refuses `options`.

What is left to the administrator: `role`, memory and tablespaces, the settings of the planner (but for a few in
processes that repeat their statements, and for pages: `worker.store.db.engine`), and `default_transaction_read_only`,
with which people stop all writing on purpose (`onrecord doctor` then says so).
"""

from collections.abc import Mapping
from typing import Any

import psycopg

from worker.store.db.pooler import refuse_pooled_transactions

OWN_SCHEMA = "public"
"""The schema of our tables."""
QUESTIONS_SCHEMA = "report"
"""The schema of the views, which questions are about."""

# The values are those of PostgreSQL as it is installed, but for the search path.
VALUES: Mapping[str, str] = {
    # how values are written and read
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "backslash_quote": "safe_encoding",
    "array_nulls": "on",
    # what a statement means
    "transform_null_equals": "off",
    "quote_all_identifiers": "off",
    "gin_fuzzy_search_limit": "0",
    "row_security": "on",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
    # how long a session waits; statements that need a limit set one themselves
    "lock_timeout": "0",
    "statement_timeout": "0",
    "transaction_timeout": "0",  # since PostgreSQL 17
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
# A commit that does not wait for the disk is replaced, since a file is archived or deleted as soon as its article is
# committed. Other values (`local`, `remote_apply`) are the administrator's.
SETTLE = """
SELECT set_config(wanted.name, wanted.setting, %(only_this_transaction)s)
FROM unnest(CAST(%(names)s AS text[]), CAST(%(settings)s AS text[])) AS wanted (name, setting)
WHERE current_setting(wanted.name, true) IS NOT NULL
UNION ALL SELECT set_config('synchronous_commit', 'on', %(only_this_transaction)s)
WHERE current_setting('synchronous_commit') = 'off'
"""


def settle(
    connection: psycopg.Connection, changes: Mapping[str, str] | None = None, *, schema: str = OWN_SCHEMA
) -> None:
    """Set on a new connection what our code relies on, with `changes` of single values.

    Raises `PooledTransactions` if a pooler gives every transaction to another session: nothing that is set would stay.
    """
    refuse_pooled_transactions(connection)
    before, connection.autocommit = connection.autocommit, True  # what is set in a transaction ends with a rollback
    connection.execute(SETTLE, values_of(changes, schema=schema, only_this_transaction=False), prepare=False)
    connection.autocommit = before


def values_of(changes: Mapping[str, str] | None, *, schema: str, only_this_transaction: bool) -> dict[str, Any]:
    """Return the values of the statement `SETTLE`."""
    settings = {**VALUES, "search_path": schema, **(changes or {})}
    return {
        "names": [*settings],
        "settings": [*settings.values()],
        "only_this_transaction": only_this_transaction,
    }
