"""The guard: beat puts back the settings of the analysts' role, and ends their overlong sessions."""

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from worker.store import readers
from worker.store.db.conflicts import INSUFFICIENT_PRIVILEGE, state_of
from worker.store.db.engine import single_statements

log = structlog.get_logger("onrecord.beat")


ROUND_SECONDS = 2.0
"""Wait so many seconds between two looks at the analysts' role and sessions."""


class Guard:
    """Looks after the sessions of analysts. On some servers our user may not do that; then `doctor` says so."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._has_told = False
        self._sound: list[str] | None = None
        """The settings of the role when they were last looked through, and put back."""

    def run(self, ending: threading.Event) -> None:
        """Look after them until `ending` is set."""
        while not ending.wait(ROUND_SECONDS):
            self.look_after()

    def look_after(self) -> None:
        """End overlong sessions, and put back the settings of the role. After an error, the next round tries again."""
        try:
            with single_statements(self._engine) as connection:
                if not readers.exists(connection):
                    return
                ended = readers.end_overlong(connection)
                is_changed = readers.configured(connection) != self._sound
            strange = self._put_back() if is_changed else []
        except SQLAlchemyError as error:
            # The database is away, or an analyst changes the role at the same moment, or we may not do this at all.
            state = state_of(error) if isinstance(error, DBAPIError) else None
            if state == INSUFFICIENT_PRIVILEGE and not self._has_told:
                log.warning("this user may not look after the role onrecord_reader", error=type(error).__name__)
                self._has_told = True
            return
        if ended:
            log.warning("sessions of analysts were ended: they took too long", step="guard", sessions=ended)
        if strange:
            names = sorted({setting.split("=")[0] for setting in strange})
            log.warning("the settings of the role onrecord_reader were put back", step="guard", settings=names)

    def _put_back(self) -> list[str]:
        """Put back the settings of the role; return what was not as it should be."""
        with self._engine.begin() as connection:
            strange = readers.put_back(connection)
            self._sound = readers.configured(connection)
        return strange
