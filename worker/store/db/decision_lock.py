"""The lock that keeps a decision of a person apart from the final transactions of articles.

It is a lock on a table without rows. Final transactions share it, so they do not wait for each other. A decision holds
it alone: it waits for the final transactions that have begun, and those that begin later wait for the decision. So the
result is as if one had come after the other. Readers cannot hold it, since they have no right to this table.

It is always the first lock of a transaction. The order of all locks is: this lock, the row of the ledger (the fence),
surnames in ascending order, the row of the item that the article is a version of, files in ascending order, the row of
the article, and then the rows of quotes, speakers, statements and stories.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine, text

from worker.store.db.conflicts import PATIENCE_SQL, retry_on_conflict

Result = TypeVar("Result")

SHARE_SQL = """LOCK TABLE decision_lock IN ROW EXCLUSIVE MODE"""
HOLD_SQL = """LOCK TABLE decision_lock IN SHARE ROW EXCLUSIVE MODE"""
SHARE = text(SHARE_SQL)
HOLD = text(HOLD_SQL)
# The lock is sent together with the limits of the transaction, so that it costs an article no round trip.
BEGIN_SHARING = text(f"""{PATIENCE_SQL}; {SHARE_SQL}""")
BEGIN_HOLDING = text(f"""{PATIENCE_SQL}; {HOLD_SQL}""")


def share(connection: Connection) -> None:
    """Keep decisions out until the transaction ends; call it first in a transaction that changes articles."""
    connection.execute(SHARE)


def hold(connection: Connection) -> None:
    """Keep everybody else who decides, and every final transaction, out until the transaction ends."""
    connection.execute(HOLD)


def sharing(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run `work`, which changes articles, in a transaction with no decision beside it; see `retry_on_conflict`."""
    return retry_on_conflict(engine, work, beginning=BEGIN_SHARING)


def holding(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run `work`, which decides, in a transaction with no other beside it; see `retry_on_conflict`."""
    return retry_on_conflict(engine, work, beginning=BEGIN_HOLDING)
