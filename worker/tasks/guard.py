"""The guard: beat puts back the settings of the analysts' role, and ends their overlong sessions."""

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from worker.store import readers
from worker.store.db.conflicts import INSUFFICIENT_PRIVILEGE, state_of

log = structlog.get_logger("onrecord.beat")


class Guard:
    """Looks after the sessions of analysts. On some servers our user may not do that; then `doctor` says so."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._has_told = False

    def look_after(self) -> None:
        """Put back the settings of the role, and end overlong sessions. Raises SQLAlchemy's errors of connections."""
        try:
            with self._engine.begin() as connection:
                if not readers.exists(connection):
                    return
                ended = readers.end_overlong(connection)
                strange = readers.put_back(connection)
        except DBAPIError as error:
            state = state_of(error)
            if state is None:
                raise  # the database is away
            # Any other error: an analyst changes the role at the same moment, for example. The next round tries again.
            if state == INSUFFICIENT_PRIVILEGE and not self._has_told:
                log.warning("this user may not look after the role onrecord_reader", error=type(error.orig).__name__)
                self._has_told = True
            return
        if ended:
            log.warning("sessions of analysts were ended: they took too long", step="guard", sessions=ended)
        if strange:
            names = sorted({setting.split("=")[0] for setting in strange})
            log.warning("the settings of the role onrecord_reader were put back", step="guard", settings=names)
