"""Chaos: a random generator with a given seed chooses which process is broken next, and what is dropped next."""

import io
import json
import random
import signal
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress

import psutil
from redis.exceptions import RedisError

from tests.faults.invented import Article, invented
from tests.faults.newsroom import Drop
from tests.faults.upped import Upped

# how often each kind is chosen
TARGETS = {
    "pool": 6,
    "parsing child": 3,
    "worker": 3,
    "watch": 3,
    "beat": 1,
    "PostgreSQL": 2,
    "PostgreSQL backend": 3,
    "Valkey": 2,
    "broker flushed": 2,
}
DROPS = {"article": 60, "copy": 10, "edit": 14, "zip": 8, "lines": 8}
LONGEST_STOP = 8.0
EITHER = frozenset({"stored", "duplicate"})  # of two equal texts, the text that is read first is the original
# From these numbers on, articles are dropped only in files of many articles, or only as edits.
CONTAINED, EDITED = 1_000_000, 2_000_000


class Chaos:
    """Breaks a newsroom that `up` runs. A stopped process goes on when its time, at most `LONGEST_STOP`, is over."""

    def __init__(self, newsroom: Upped, seed: int) -> None:
        self._newsroom = newsroom
        self._chance = random.Random(seed)
        self._stopped: list[tuple[float, psutil.Process]] = []

    def break_something(self) -> None:
        """Let one fault happen."""
        kind = self._chance.choices([*TARGETS], [*TARGETS.values()])[0]
        stops = self._chance.random() < 0.3
        lasts, which = self._chance.uniform(0.5, LONGEST_STOP), self._chance.random()
        if kind == "broker flushed":
            with suppress(OSError, RedisError):  # the broker may be away, or stopped
                self._newsroom.flush_broker()
                self._newsroom.fault(kind)
            return
        there = self._newsroom.below().get(kind, [])
        if not there:
            return
        victim = there[int(which * len(there))]
        with suppress(psutil.Error):
            if stops:
                victim.send_signal(signal.SIGSTOP)
                self._stopped.append((time.monotonic() + lasts, victim))
            else:
                victim.send_signal(signal.SIGKILL)
            self._newsroom.fault(f"{'stop' if stops else 'kill -9'} of {kind}")

    def let_go_on(self, *, all_of_them: bool = False) -> None:
        """Resume the processes that have been stopped for long enough."""
        due = [one for one in self._stopped if all_of_them or one[0] <= time.monotonic()]
        for one in due:
            self._stopped.remove(one)
            with suppress(psutil.Error):
                one[1].send_signal(signal.SIGCONT)


class Deliveries:
    """Drops files: articles, copies of articles under other names, edits of a file, archives, files of lines."""

    def __init__(self, newsroom: Upped, seed: int) -> None:
        self._newsroom = newsroom
        self._chance = random.Random(seed + 1)
        self._number = 0
        self._plain: list[Article] = []
        self._editions: dict[str, tuple[int, int]] = {}  # for each name, the article and its latest edition

    def drop_something(self) -> None:
        """Drop one file."""
        self._number += 1
        kind = self._chance.choices([*DROPS], [*DROPS.values()])[0]
        if kind == "edit":
            self._edit()
        elif kind == "zip":
            self._contain(f"{self._number:04}.zip", zipped)
        elif kind == "lines":
            self._contain(f"{self._number:04}.jsonl", lined)
        elif kind == "copy" and self._plain:
            self._newsroom.drop(self._chance.choice(self._plain), f"{self._number:04}-copy.txt", *EITHER)
        else:
            article = invented(self._number)
            self._plain.append(article)
            self._newsroom.drop(article, f"{self._number:04}.txt", *EITHER)

    def expect_last_editions(self) -> None:
        """Expect the last content of each edited name. The contents in between may never have been read."""
        for name, (number, edition) in self._editions.items():
            self._newsroom.note(name, invented(number, edition), "stored")

    def _edit(self) -> None:
        name = f"edited-{self._chance.randrange(6)}.txt"
        number, edition = self._editions.get(name, (EDITED + len(self._editions), 0))
        self._editions[name] = number, edition + 1
        self._newsroom.place(name, invented(number, edition + 1).content)

    def _contain(self, name: str, packed: Callable[[list[Article]], bytes]) -> None:
        first = CONTAINED + 100 * self._number
        articles = [invented(first + place) for place in range(self._chance.randint(3, 8))]
        self._newsroom.place(name, packed(articles))
        self._newsroom.note(name, None, "stored")
        # the members must be stored, too
        self._newsroom.drops += [Drop(name, None, article, frozenset({"stored"})) for article in articles]


def zipped(articles: list[Article]) -> bytes:
    """Return a zip archive of text files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, article in enumerate(articles):
            archive.writestr(f"{number}.txt", article.content)
    return buffer.getvalue()


def lined(articles: list[Article]) -> bytes:
    """Return JSON lines, one for each article."""
    return "".join(json.dumps({"text": article.text}) + "\n" for article in articles).encode()
