"""What keeps the processes of `up` from their work, told on the terminal as soon as one of them says it."""

import socket
import time
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text
from sqlalchemy import Engine, Row, text

from worker.reasons import Hindrance
from worker.report.printable import printable
from worker.store.db.engine import single_statements

LOOK_SECONDS = 3.0
"""Wait so many seconds between two looks."""

SAID = text(
    """
    SELECT kind, trouble, detail, folders_away, folders_unreadable FROM processes
    WHERE host = :host AND last_seen > clock_timestamp() - interval '15 seconds' ORDER BY id
    """
)


class Hindrances:
    """Prints each hindrance once, and again if it had ended meanwhile."""

    def __init__(self, engine: Engine, console: Console) -> None:
        self._engine = engine
        self._console = console
        self._told: frozenset[str] = frozenset()
        self._looked = time.monotonic()
        self.lacks_library = False

    def look(self, *, at_once: bool = False) -> None:
        """Print what is new, if some seconds have passed since the last look. Raises SQLAlchemy's errors."""
        if not at_once and time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        with single_statements(self._engine) as connection:
            rows = connection.execute(SAID, {"host": socket.gethostname()}).all()
        self.lacks_library = any(row.trouble == Hindrance.INSTALLATION for row in rows)
        sentences = list(dict.fromkeys(sentence for row in rows for sentence in _sentences(row)))
        for sentence in sentences:
            if sentence not in self._told:
                self._console.print(Text(printable(sentence), style="yellow"), soft_wrap=True)
        self._told = frozenset(sentences)


def _sentences(row: Row[tuple[object, ...]]) -> Iterator[str]:
    for line in row.folders_unreadable:
        yield f"A folder may not be listed, so its files wait: {line}. See `namei -l`; the next scan goes on."
    for name in row.folders_away:
        yield f"The folder {name!r} is not there; its files wait until it is back."
    if row.trouble == Hindrance.INSTALLATION:
        yield f"A worker {row.detail or 'cannot load a library'}. Install Onrecord again; the files wait."
