"""Work that dies, or waits, before one of its steps. A step is a statement or a commit."""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

Work = Callable[[], Any]
LONGEST = 60.0
"""Wait at most this many seconds for work that runs in a thread."""

BLOCKED = text("""
SELECT EXISTS (SELECT FROM pg_stat_activity
               WHERE datname = current_database() AND state <> 'idle' AND wait_event_type = 'Lock')
""")
TERMINATE = text("""SELECT pg_terminate_backend(:pid)""")


class Killed(BaseException):
    """The work's process was killed. No `except Exception` of the product catches it, as none could."""


@dataclass(slots=True)
class Result:
    """How some work ended: with a value, or with an error; `died` if its process or its connection was killed."""

    value: Any = None
    error: Exception | None = None
    died: bool = False


@dataclass
class Steps:
    """Watches an engine. Each thread may have one function that is called before each of its steps."""

    engine: Engine
    _before: dict[int, Callable[[Connection], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._step)
        event.listen(self.engine, "commit", self._step)

    def _step(self, connection: Connection, *_: Any) -> None:
        if before := self._before.get(threading.get_ident()):
            before(connection)

    @contextmanager
    def _called(self, before: Callable[[Connection], None]) -> Any:
        self._before[threading.get_ident()] = before
        try:
            yield
        finally:
            del self._before[threading.get_ident()]

    @staticmethod
    def whole(work: Work) -> Result:
        """Do some work undisturbed."""
        return result_of(work)

    def kill(self, work: Work, step: int) -> Result:
        """Do some work whose process is killed before a step, counted from 1."""
        left = step

        def before(_: Connection) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed

        with self._called(before):
            return result_of(work)

    def cut(self, work: Work, step: int) -> Result:
        """Do some work whose connection the server ends before a step, counted from 1."""
        left = step

        def before(connection: Connection) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                pid = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
                with self._called(lambda _: None), self.engine.begin() as other:
                    other.execute(TERMINATE, {"pid": pid})
                self._before[threading.get_ident()] = lambda _: None

        with self._called(before):
            return result_of(work)

    def together(self, first: Work, second: Work, step: int) -> tuple[Result, Result]:
        """Let `first` wait before a step, counted from 1, until `second` has ended or waits for a lock.

        If `first` has fewer steps, `second` begins after it.
        """
        waits, goes_on = threading.Event(), threading.Event()
        results = [Result(), Result()]
        left = step

        def before(_: Connection) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                waits.set()
                goes_on.wait(LONGEST)

        def do_first() -> None:
            with self._called(before):
                results[0] = result_of(first)
            waits.set()

        def do_second() -> None:
            results[1] = result_of(second)

        threads = [threading.Thread(target=do_first), threading.Thread(target=do_second)]
        threads[0].start()
        assert waits.wait(LONGEST)
        threads[1].start()
        while threads[1].is_alive() and not self._blocked():
            time.sleep(0.002)
        goes_on.set()
        for thread in threads:
            thread.join(LONGEST)
            assert not thread.is_alive(), "two operations at once do not end"
        return results[0], results[1]

    def _blocked(self) -> bool:
        with self.engine.connect() as connection:
            return bool(connection.execute(BLOCKED).scalar_one())


def result_of(work: Work) -> Result:
    """Do some work; return its value or its error."""
    try:
        return Result(work())
    except Killed:
        return Result(died=True)
    except DBAPIError as error:
        return Result(error=error, died=error.connection_invalidated)
    except Exception as error:
        return Result(error=error)
