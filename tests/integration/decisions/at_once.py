"""Two transactions at once: one is held open at its critical moment until the other one waits for it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine, text

Result = TypeVar("Result")

PATIENCE = 30.0
WAITING = text(
    """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
    """
)


class Held(Generic[Result]):
    """Work that stops, inside its transaction, after its last statement, until `go` is called."""

    def __init__(self, work: Callable[[Connection], Result]) -> None:
        self._work = work
        self.reached = Event()
        self._released = Event()

    def __call__(self, connection: Connection) -> Result:
        result = self._work(connection)
        self.reached.set()
        assert self._released.wait(PATIENCE)
        return result

    def go(self) -> None:
        """Let the transaction end."""
        self._released.set()


def until_they_wait(engine: Engine, waiting: int) -> None:
    """Return as soon as so many sessions wait for a lock in this database."""
    end = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(WAITING).scalar_one() < waiting:
            assert time.monotonic() < end, "nobody waits for a lock"
            time.sleep(0.01)


@contextmanager
def meanwhile(
    engine: Engine,
    first: Callable[[Engine, Callable[[Connection], Result]], Result],
    work: Callable[[Connection], Result],
    *others: Callable[[], object],
) -> Iterator[tuple[Result, list[object]]]:
    """Hold `work` open in the transaction that `first` makes, until each of `others` waits; then yield all results.

    The others begin one after the other, each as soon as the one before it waits.
    """
    held = Held(work)
    with ThreadPoolExecutor(1 + len(others)) as threads:
        began: Future[Result] = threads.submit(first, engine, held)
        later: list[Future[object]] = []
        try:
            assert held.reached.wait(PATIENCE), began.exception(0) if began.done() else "not reached"
            for other in others:
                later.append(threads.submit(other))
                until_they_wait(engine, len(later))
        finally:
            held.go()
        yield began.result(PATIENCE), [future.result(PATIENCE) for future in later]
