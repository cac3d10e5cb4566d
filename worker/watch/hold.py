"""Holds: a watcher holds each of its folders by a lock in the database, so no other watcher watches them.

The locks live as long as the connection on which they were taken.
"""

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from worker.store.db.locks import of_inbox, try_to_keep

log = structlog.get_logger("onrecord.watch")

IS_ALIVE = text("""SELECT 1""")


class Holds:
    """The folders that this process holds. All their locks are on one connection, which does nothing else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._held: set[int] = set()

    def take(self, inbox_id: int) -> bool:
        """Try to hold a folder; return False if another watcher holds it. Raises SQLAlchemy's errors."""
        if inbox_id in self._held:
            return True
        if self._connection is None:
            self._connection = self._engine.connect()
        if not try_to_keep(self._connection, of_inbox(inbox_id)):
            return False
        self._held.add(inbox_id)
        return True

    def alive(self) -> bool:
        """True if we still hold every folder that we took. If not, all folders must be taken again."""
        if self._connection is None:
            return not self._held
        try:
            self._connection.execute(IS_ALIVE)
            self._connection.commit()
        except SQLAlchemyError:
            self.drop()
            return False
        return True

    def drop(self) -> None:
        """Release every folder."""
        if self._connection is not None:
            try:
                # This closes the connection. If the connection only went back to the pool, the locks would stay.
                self._connection.invalidate()
                self._connection.close()
            except SQLAlchemyError as error:
                log.debug("closing a broken connection", error=type(error).__name__)
        self._connection = None
        self._held.clear()
