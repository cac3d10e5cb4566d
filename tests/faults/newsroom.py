"""A newsroom under test: a folder, the real processes of Onrecord, the dropped files, and the three checks."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from tests.faults.command import Command
from tests.faults.invented import Article, invented
from tests.faults.witness import Witness
from tests.outside import client_of, messages, without_settings
from worker.checks.check import check
from worker.store.db.engine import make_engine

PATIENCE = 60.0
TERMINAL = {"stored", "duplicate", "quarantined", "ignored"}


@dataclass(frozen=True, slots=True)
class Drop:
    """One content at one path, and how it must end."""

    path: str
    sha256: str | None
    article: Article | None
    states: frozenset[str]
    reason: str | None = None


@dataclass(slots=True)
class Outcome:
    """The result of a scenario: what was broken, and what became of the files."""

    faults: Counter[str] = field(default_factory=Counter)
    files: int = 0
    lost: int = 0
    doubled: int = 0
    partial: int = 0
    looks: int = 0
    recovery: float | None = None


class Newsroom:
    """Everything that one scenario uses. `tests.faults.broken` explains the `faults` of a process."""

    def __init__(self, folder: Path, database_url: str, broker_url: str) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.marks = folder / "faults"
        self.marks.mkdir()
        self.database_url = database_url
        self.broker_url = broker_url
        self.engine: Engine = make_engine(database_url, pool_size=2, application="onrecord tests")
        self._reading: Engine = make_engine(database_url, pool_size=1, application="onrecord witness")
        self.witness = Witness(self._reading)
        self.processes: dict[str, Command] = {}
        self.drops: list[Drop] = []
        self._replaced: set[str] = set()
        self.outcome = Outcome()
        self.checked = False
        self._healed = time.monotonic()
        self._aside = folder / "aside"
        self._aside.mkdir()
        # Almost the default. With a shorter time, processes would count as dead just because the machine is busy.
        self.settings: dict[str, str] = {
            "ONRECORD_SEEN_SECONDS": "8",
            "ONRECORD_EXTRACTOR": "quoted",
            "ONRECORD_WEB_PORT": "0",
        }

    # the processes

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        """Return the environment of a process, without the developer's own settings."""
        own = {
            "ONRECORD_DATABASE_URL": self.database_url,
            "ONRECORD_REPORT_URL": self.database_url,
            "ONRECORD_BROKER_URL": self.broker_url,
            "ONRECORD_INBOX": f"news={self.inbox}",
            "ONRECORD_CONCURRENCY": "2",
            "FAULTS_FOLDER": str(self.marks),
        }
        return without_settings() | own | self.settings | settings

    def start(
        self, name: str, *arguments: str, faults: str = "", inside: Sequence[str] = (), **settings: str
    ) -> Command:
        """Start a process: `start("worker 2", "worker", "-c", "1")`. Without arguments, the name is the command.

        `inside`: words to put before the command, from `tests.surroundings`.
        """
        log = self.folder / f"{name.replace(' ', '-')}.log"
        process = Command(name, list(arguments) or [name], log, self.environment(settings), faults, inside)
        self.processes[name] = process
        process.start()
        return process

    def open(self, *names: str, faults: str = "", **settings: str) -> None:
        """Start processes (`watch` and `worker` by default), and wait until each has its row in `processes`."""
        for name in names or ("watch", "worker"):
            self.start(
                name, *(["worker", "--queue", "backfill"] if name == "backfill" else []), faults=faults, **settings
            )
        self.wait(lambda: set(names or ("watch", "worker")) <= self.alive(), "all processes are up")
        if not self.witness.looks:
            self.witness.start()

    def alive(self) -> set[str]:
        """Return the kinds of processes that have not stopped and had a heartbeat in the last three seconds."""
        seen = "stopped_at IS NULL AND last_seen > clock_timestamp() - interval '3 s'"
        return {row[0] for row in self.rows(f"SELECT DISTINCT kind FROM processes WHERE {seen}")}

    def close(self) -> None:
        """End all processes that were started."""
        self.witness.end()
        for process in self.processes.values():
            process.send(signal.SIGCONT)
        for process in self.processes.values():
            process.end(10)
        self.engine.dispose()
        self._reading.dispose()

    # dropping

    def drop(self, article: Article | int, name: str | None = None, *states: str) -> Drop:
        """Write an article elsewhere and move it in, as careful programs do. Expect one of `states`, or `stored`."""
        if isinstance(article, int):
            name, article = name or f"{article:05}.txt", invented(article)
        assert name is not None
        self.place(name, article.content)
        return self.note(name, article, *(states or ("stored",)))

    def place(self, name: str, content: bytes) -> Path:
        """Move a file into the inbox, but expect nothing of it (yet)."""
        aside, path = self._aside / name.replace("/", "_"), self.inbox / name
        aside.write_bytes(content)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.rename(path)
        return path

    def note(self, name: str, article: Article | None, *states: str, reason: str | None = None) -> Drop:
        """Expect that this content at this path ends in one of `states`; with `reason`, also for this reason."""
        sha256 = article.sha256 if article else None
        drop = Drop(name, sha256, article, frozenset(states), reason)
        self.drops.append(drop)
        self.outcome.files += 1
        return drop

    def drop_all(self, numbers: Iterable[int]) -> None:
        """Drop articles by their numbers."""
        for number in numbers:
            self.drop(number)

    def replaced(self, article: Article) -> None:
        """Expect that this article is no longer in the reports, because a newer version has replaced it."""
        self._replaced.add(article.text)

    # breaking

    def fault(self, what: str, times: int = 1) -> None:
        """Count a fault for the table."""
        self.outcome.faults[what] += times

    def healed(self) -> None:
        """Note that nothing is broken from now on. The time until recovery begins here."""
        self._healed = time.monotonic()

    def met(self, point: str) -> list[int]:
        """Return the ids of the processes in which the fault of a point has happened so far."""
        marks = (mark.read_text() for mark in sorted(self.marks.glob(f"{point.replace(' ', '_')}.*")))
        return [int(process) for process in marks if process]  # a mark may not be written yet

    def let_go(self) -> None:
        """Let all processes go on that hang because of the action `hang`."""
        (self.marks / "let-go").touch()

    def flush_broker(self) -> None:
        """Empty the broker."""
        with client_of(self.broker_url) as client:
            client.flushall()

    # looking

    def reserved(self) -> int:
        """Return the number of messages that a worker has taken from the broker, but not begun yet.

        For each of them a row waits that was rung for, and the broker has no message.
        """
        queues = {"intake": "files", "articles": "documents"}
        rung = sum(
            int(self.rows(f"SELECT count(*) FROM {table} WHERE state = 'waiting' AND rung_at IS NOT NULL")[0][0])
            for table in queues.values()
        )
        with client_of(self.broker_url) as client:
            return rung - sum(messages(client, queue) for queue in queues)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query; no rows while the database is away."""
        try:
            with self.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query), values)]
        except SQLAlchemyError as error:
            if getattr(error, "connection_invalidated", False) or "connect" in str(error):
                return []
            raise

    def states(self) -> Counter[str]:
        """Return how many files are in each state. Files that a pattern ignores do not count."""
        query = "SELECT state, count(*) FROM report.files WHERE reason IS DISTINCT FROM 'pattern' GROUP BY 1"
        return Counter(dict(self.rows(query)))

    def versions(self, name: str) -> list[tuple[str | None, str, str | None, bool]]:
        """Return the contents seen at a path, oldest first: SHA-256, state, reason, whether the content is current."""
        query = "SELECT encode(sha256, 'hex'), state, reason, current FROM files WHERE shown = :name ORDER BY id"
        return self.rows(query, name=name)

    def strikes(self) -> list[int]:
        """Return the strikes of every document and file that has strikes."""
        query = "SELECT strikes FROM files WHERE strikes > 0 UNION ALL SELECT strikes FROM documents WHERE strikes > 0"
        return sorted(row[0] for row in self.rows(query))

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
        """Wait until `condition` is true. After `seconds`, fail with `what`, the states of the files and the logs."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"== {name}\n{process.said()[-6000:]}" for name, process in self.processes.items())
                raise AssertionError(f"after {seconds:g} s still not: {what}; files {dict(self.states())}\n{logs}")
            time.sleep(0.05)

    # the three checks

    def at_rest(self) -> bool:
        """True if every drop has a row, and every row is in a final state."""
        states = self.states()
        return set(states) <= TERMINAL and states.total() >= len({(drop.path, drop.sha256) for drop in self.drops})

    def check(self, seconds: float = PATIENCE) -> Outcome:
        """Wait until all is at rest.

        Then check that counts reconcile, that nothing is lost, doubled or half shown, and that `onrecord check` finds
        nothing wrong.
        """
        self.wait(self.at_rest, "every file has ended", seconds)
        self.outcome.recovery = time.monotonic() - self._healed
        self.witness.end()
        wrong = [*self.not_reconciled(), *self.not_once(), *self.witness.partial(), *map(str, check(self.engine))]
        self.outcome.partial = len(self.witness.partial())
        self.outcome.looks = self.witness.looks
        self.checked = True
        assert not wrong, "\n".join(wrong[:20])
        assert self.witness.looks > 0
        return self.outcome

    def not_reconciled(self) -> list[str]:
        """Return the drops that have no right row in `report.files`, and the rows whose members do not add up."""
        rows = self.rows("SELECT file, sha256, state, reason FROM report.files WHERE inbox = 'news'")
        found: dict[tuple[str, str | None], list[tuple[str, str | None]]] = {}
        for file, sha256, state, reason in rows:
            for key in ((file, sha256), (file, None)) if sha256 else ((file, None),):
                found.setdefault(key, []).append((state, reason))
        wrong = []
        for drop in self.drops:
            ends = found.get((drop.path, drop.sha256), [])
            if not ends:
                self.outcome.lost += 1
                wrong.append(f"lost: {drop.path} has no row")
            elif drop.sha256 is not None and len(ends) > 1:
                self.outcome.doubled += 1
                wrong.append(f"doubled: {drop.path} has {len(ends)} rows")
            elif not any(state in drop.states and drop.reason in (None, reason) for state, reason in ends):
                self.outcome.lost += 1
                wrong.append(f"lost: {drop.path} is {ends}, not {sorted(drop.states)} {drop.reason or ''}")
        unequal = self.rows(
            "SELECT file FROM report.files f WHERE state IN ('stored', 'duplicate') AND members IS DISTINCT FROM"
            " members_stored + members_duplicate + members_quarantined"
            " + (SELECT count(*) FROM report.members m WHERE (m.inbox, m.file) = (f.inbox, f.file)"
            "    AND m.state = 'ignored')"
        )
        return wrong + [f"the members of {row[0]} do not add up" for row in unequal]

    def not_once(self) -> list[str]:
        """Return the dropped articles and quotations that are not in the reports, or are there more than once."""
        articles = Counter(row[0] for row in self.rows("SELECT text FROM report.articles"))
        quotes = Counter(
            (row[0], row[1])
            for row in self.rows(
                "SELECT a.text, q.quote FROM report.quotes q JOIN report.articles a USING (article_id)"
            )
        )
        wanted = {
            drop.article.text: drop.article
            for drop in self.drops
            if drop.article and drop.states <= {"stored", "duplicate"} and drop.article.text not in self._replaced
        }
        wrong = [f"still shown: {words[:60]}" for words in self._replaced & articles.keys()]
        for words, article in wanted.items():
            if articles[words] != 1:
                self._count(articles[words])
                wrong.append(f"{articles[words]} articles, not one: {words[:60]}")
            for quote in article.quotes:
                if quotes[words, quote] != 1:
                    self._count(quotes[words, quote])
                    wrong.append(f"{quotes[words, quote]} times, not once: “{quote}” in {words[:60]}")
        twice = self.rows(
            "SELECT article_id, start_char FROM report.quotes GROUP BY article_id, kind, start_char, end_char"
            " HAVING count(*) > 1"
        )
        self.outcome.doubled += len(twice)
        return wrong + [f"article {article} has a quote twice at {start}" for article, start in twice]

    def _count(self, times: int) -> None:
        if times:
            self.outcome.doubled += 1
        else:
            self.outcome.lost += 1
