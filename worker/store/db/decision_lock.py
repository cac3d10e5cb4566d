"""The lock that keeps a decision of a person apart from the final transactions of articles.

It is a lock on a table without rows. Final transactions share it, so they do not wait for each other. A decision holds
it alone: it waits for the final transactions that have begun, and those that begin later wait for the decision. So the
result is as if one had come after the other. Readers cannot hold it, since they have no right to this table.

It is always the first lock of a transaction. The order of all locks is: this lock, the row of the ledger (the fence),
surnames in ascending order, the row of the article, and then the rows of quotes, speakers, statements and stories.
"""

from sqlalchemy import Connection, text

SHARE = text("""LOCK TABLE decision_lock IN ROW EXCLUSIVE MODE""")
HOLD = text("""LOCK TABLE decision_lock IN SHARE ROW EXCLUSIVE MODE""")


def share(connection: Connection) -> None:
    """Keep decisions out until the transaction ends; call it first in a transaction that changes articles."""
    connection.execute(SHARE)


def hold(connection: Connection) -> None:
    """Keep everybody else who decides, and every final transaction, out until the transaction ends."""
    connection.execute(HOLD)
