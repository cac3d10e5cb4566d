"""The courier: a thread of beat that follows the changes for all watch-lists, and tells their receivers.

It stands beside the queues, so a receiver that hangs delays no article. Each receiver is told in a thread of its own, a
few at a time, so it delays no other receiver for long. Beat asks with its sign of life whether anything is due; until
then the courier waits, and costs nothing.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError

from worker.deliveries import webhook
from worker.deliveries.following import SECONDS, follow
from worker.deliveries.sending import Means, tell
from worker.report.reading import become_reader
from worker.settings import Settings
from worker.store import receivers, watch_lists
from worker.store.db.conflicts import QUERY_CANCELED, in_words, state_of
from worker.store.db.engine import make_engine
from worker.store.db.session import QUESTIONS_SCHEMA

log = structlog.get_logger("onrecord.deliveries")

SENDERS = 4
"""Tell at most so many receivers at a time."""
PAUSE_SECONDS = 5.0
"""Wait so many seconds after an error of the database."""
MOST_SLOW = 5
"""Pause a watch-list if its search took too long so many times in a row."""
TOO_SLOW = f"Its search took longer than {SECONDS:.0f} s, {MOST_SLOW} times in a row."
REFUSED = "PostgreSQL cannot carry out its search."


class Courier:
    """Follows and tells until it is asked to end; `wake` says that there is something to do.

    A receiver has `seconds` to take a connection and to answer.
    """

    def __init__(self, config: Settings, seconds: float = webhook.SECONDS) -> None:
        self._config = config
        self._seconds = seconds
        self._due = threading.Event()
        self._telling: dict[int, threading.Thread] = {}
        self._slow: Counter[int] = Counter()

    def wake(self) -> None:
        """Let the courier look for what there is to do."""
        self._due.set()

    def run(self, ending: threading.Event) -> None:
        """Work until `ending` is set; afterwards `wake` once more, so that this notices."""
        self._due.wait()
        if ending.is_set():
            return
        with means_of(self._config, self._seconds) as means:
            while not ending.is_set():
                self._due.clear()
                try:
                    self.go_round(means)
                except SQLAlchemyError as error:
                    log.warning("the database does not answer; watch-lists wait", error=in_words(error))
                    ending.wait(PAUSE_SECONDS)
                except Exception:  # a fault of ours must not end the thread, or nothing would be told any more
                    log.exception("the courier failed; going on")
                    ending.wait(PAUSE_SECONDS)
                self._due.wait()
            for thread in self._telling.values():  # they use these connections
                thread.join()

    def go_round(self, means: Means) -> None:
        """Compare all changes with all watch-lists; then begin to tell the receivers that are not being told."""
        follow_all(means, self._slow)
        with means.engine.connect() as connection:
            due = receivers.due(connection)
        self._telling = {number: thread for number, thread in self._telling.items() if thread.is_alive()}
        free = SENDERS - len(self._telling)
        for number in [number for number in due if number not in self._telling][:free]:
            name = f"receiver {number}"
            self._telling[number] = threading.Thread(target=tell_all, args=(means, number), name=name, daemon=True)
            self._telling[number].start()


def tell_all(means: Means, receiver_id: int) -> None:
    """Tell a receiver everything that there is, until it fails. Whatever happens, beat asks again in two seconds."""
    try:
        while tell(means, receiver_id):
            pass
    except SQLAlchemyError as error:
        log.warning("the database does not answer; a receiver waits", receiver=receiver_id, error=in_words(error))
    except Exception:
        log.exception("telling a receiver failed; it is tried again", receiver=receiver_id)


def follow_all(means: Means, slow: Counter[int]) -> None:
    """Compare all changes with all watch-lists that are not paused.

    A watch-list whose search fails keeps no other one waiting. `slow` counts how often each took too long in a row.
    """
    with means.engine.connect() as connection:
        followed = watch_lists.followed(connection)
    for number in followed:
        try:
            while follow(means.engine, means.reader, number):
                pass
            del slow[number]
        except DBAPIError as error:
            is_slow = state_of(error) == QUERY_CANCELED
            if not is_slow and not isinstance(error, DataError):
                raise
            slow[number] += 1
            log.warning("the search of a watch-list fails", watch_list=number, error=in_words(error), is_slow=is_slow)
            if not is_slow or slow[number] >= MOST_SLOW:
                pause(means, number, TOO_SLOW if is_slow else REFUSED)
                del slow[number]


def pause(means: Means, watch_list_id: int, why: str) -> None:
    """Pause a watch-list whose search fails, so that it does not go on taking the time of the others."""
    with means.engine.begin() as connection:
        watch_lists.pause(connection, watch_list_id, why)


@contextmanager
def means_of(config: Settings, seconds: float) -> Iterator[Means]:
    """Yield what the courier needs, with connections of its own."""
    engine = make_engine(config.database_url, spare=SENDERS + 1, application="onrecord courier")
    reader = reader_of(config)
    try:
        yield Means(engine, reader, config, seconds)
    finally:
        engine.dispose()
        reader.dispose()


def reader_of(config: Settings) -> Engine:
    """Return an engine whose sessions only read, as those of the page do."""
    url = config.report_url or config.database_url
    reader = make_engine(url, spare=SENDERS, schema=QUESTIONS_SCHEMA, application="onrecord courier")
    if not config.report_url:
        event.listen(reader, "connect", become_reader)
    return reader
