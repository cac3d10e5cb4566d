"""What the page's process can say about the whole pipeline; the command that starts it brings the functions along."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

REST = 4.0
"""After an answer, nothing is asked for so many times as long as it took: a fifth of the time is spent at the most."""

Answer = TypeVar("Answer")


class Spared(Generic[Answer]):
    """Asks, and gives the same answer (or error) again for `REST` times as long as it took.

    In a large database an answer takes seconds. Whoever asks each second then costs no more than a part of one core,
    and whoever asks meanwhile waits for the answer that is on its way, so the page keeps its threads.
    """

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._alone = threading.Lock()
        self._until = 0.0
        self._given: Answer | SQLAlchemyError | None = None

    def __call__(self) -> Answer:
        """Return an answer. Raises SQLAlchemy's errors."""
        with self._alone:
            if self._given is None or time.monotonic() >= self._until:
                begun = time.monotonic()
                try:
                    self._given = self._ask()
                except SQLAlchemyError as error:
                    self._given = error
                self._until = time.monotonic() + REST * (time.monotonic() - begun)
            if isinstance(self._given, SQLAlchemyError):
                raise self._given
            return self._given


@dataclass(frozen=True, slots=True)
class Monitor:
    """What `/health` and `/metrics` answer with. Both functions ask the database, and raise SQLAlchemy's errors.

    `problems` returns what is wrong, as `onrecord status --json` has it: `said` and `todo`. `metrics` returns the
    numbers as the text that Prometheus reads, which has the media type `media_type`. `token` is what programs on other
    machines send; empty: they cannot ask.
    """

    problems: Callable[[], Sequence[Mapping[str, str]]]
    metrics: Callable[[], bytes]
    media_type: str
    token: str = ""
