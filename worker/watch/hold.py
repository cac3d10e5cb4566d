"""One watcher a folder: an advisory lock that lives as long as its own connection."""

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger("onrecord.watch")


class Holds:
    """The folders that this process holds, all on one connection that does nothing else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._held: set[int] = set()

    def take(self, inbox_id: int) -> bool:
        """Try to hold a folder; False when another watcher does. Raises SQLAlchemy's errors."""
        if inbox_id in self._held:
            return True
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        key = {"key": f"onrecord watch {inbox_id}"}
        taken = self._connection.execute(text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), key)
        if not taken.scalar_one():
            return False
        self._held.add(inbox_id)
        return True

    def alive(self) -> bool:
        """Whether everything taken is still held; if not, all of it must be taken again."""
        if self._connection is None:
            return not self._held
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.drop()
            return False
        return True

    def drop(self) -> None:
        """Let everything go."""
        if self._connection is not None:
            try:
                self._connection.invalidate()  # closes it for real: a lock outlives a return to the pool
                self._connection.close()
            except SQLAlchemyError as error:
                log.debug("closing a broken connection", error=type(error).__name__)
        self._connection = None
        self._held.clear()
