"""The machine that is run by hand: the processes do their steps in any order, at once, or die at any step."""

from collections import Counter
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy.exc import DBAPIError

from tests.faults.model.by_hand import ByHand
from tests.faults.model.deciding import KIND, DecidingMachine
from tests.faults.model.machine import NUMBER
from tests.faults.model.operations import ABOUT_QUOTES, ABOUT_SPEAKERS, FORGETTING
from tests.faults.model.steps import Result
from worker.speakers.across import moving
from worker.store.db.conflicts import conflict
from worker.store.ledger import Lost
from worker.store.queues import ARTICLES, BACKFILL, INTAKE, Queue

WORK = st.sampled_from(("read", "process", "process", "read_again", "reconcile", "sweep", "dispose", "retry"))
SPEAKERS = st.sampled_from((*ABOUT_SPEAKERS, "undo"))
QUOTES = st.sampled_from((*ABOUT_QUOTES, "undo"))
FORGET = st.sampled_from((*FORGETTING, "undo"))
STEP = st.integers(1, 60)


class MachineByHand(DecidingMachine):
    """The machine with more rules: between two changes, the processes do steps in any order, or are killed."""

    def __init__(self, room: ByHand, folder: Path, aside: Path, base: int, counts: Counter[str]) -> None:
        super().__init__(room, folder, aside, base, counts)
        self.by_hand = room

    @initialize(
        backwards=st.booleans(),
        after=st.sampled_from(("keep", "keep", "archive", "delete")),
        batch=st.sampled_from((0, 2, 500)),
    )
    def choose(self, backwards: bool, after: str, batch: int) -> None:
        """Choose in which order a worker reads the waiting rows at a rest, and what becomes of stored files.

        A decision about a speaker with more quotes than `batch` moves them in several transactions.
        """
        self.by_hand.backwards = backwards
        moving.AT_ONCE = batch
        moving.LEAST = max(1, batch)
        self.by_hand.after(after)

    @rule()
    def scan(self) -> None:
        """Let the watcher scan."""
        self.by_hand.scan()

    @rule(seconds=st.sampled_from((0.05, 0.2, 4.0, 4.0)))
    def wait(self, seconds: float) -> None:
        """Let time pass for the watcher."""
        self.by_hand.wait(seconds)

    @rule(kind=WORK, number=NUMBER)
    def work(self, kind: str, number: int) -> None:
        """Let a worker do one piece of work."""
        if work := self.by_hand.work(kind, number, 0):
            self.worked(kind, self.by_hand.steps.whole(work), 0)

    @rule(full=st.booleans(), reparse=st.booleans(), outdated=st.booleans())
    def begin_job(self, full: bool, reparse: bool, outdated: bool) -> None:
        """Begin to read stored articles again, with a new release of the extractor."""
        self.by_hand.begin_job(full=full, reparse=reparse, outdated=outdated)

    @rule(kind=WORK, number=NUMBER, step=STEP, cut=st.booleans())
    def kill_work(self, kind: str, number: int, step: int, cut: bool) -> None:
        """Kill a worker, or its connection, at some step of its work."""
        if work := self.by_hand.work(kind, number, 0):
            steps = self.by_hand.steps
            self.worked(kind, (steps.cut if cut else steps.kill)(work, step), 0)

    @rule(kind=KIND, number=NUMBER, other=NUMBER, step=STEP, cut=st.booleans())
    def kill_decision(self, kind: str, number: int, other: int, step: int, cut: bool) -> None:
        """Kill a person's command, or its connection, at some step."""
        if operation := self.operation(kind, number, other):
            steps = self.by_hand.steps
            result = (steps.cut if cut else steps.kill)(operation.make, step)
            self.counts["kills"] += result.died
            self.judge(operation, result)

    @rule(kind=KIND, other_kind=KIND, numbers=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER), step=STEP)
    def decide_at_once(self, kind: str, other_kind: str, numbers: tuple[int, int, int, int], step: int) -> None:
        """Let two people decide at the same time."""
        self.at_once((kind, other_kind), numbers, step)

    def at_once(self, kinds: tuple[str, str], numbers: tuple[int, int, int, int], step: int) -> None:
        """Make two decisions at the same time; the second begins when the first is at a step."""
        one = self.operation(kinds[0], *numbers[:2])
        other = self.operation(kinds[1], *numbers[2:])
        if one and other:
            self.counts["at once"] += 1
            results = self.by_hand.steps.together(one.make, other.make, step)
            self.judge_both((one, results[0]), (other, results[1]))

    @rule(kind=KIND, work_kind=WORK, numbers=st.tuples(NUMBER, NUMBER, NUMBER), step=STEP, first=st.booleans())
    def decide_while_working(
        self, kind: str, work_kind: str, numbers: tuple[int, int, int], step: int, first: bool
    ) -> None:
        """Let a person decide while a worker works."""
        self.while_working(kind, work_kind, numbers, step, first=first)

    def while_working(
        self, kind: str, work_kind: str, numbers: tuple[int, int, int], step: int, *, first: bool
    ) -> None:
        """Decide while a worker works. With `first`, the decision is at its step when the work begins."""
        operation = self.operation(kind, *numbers[:2])
        work = self.by_hand.work(work_kind, numbers[2], 1)
        if operation and work:
            self.counts["at once"] += 1
            pair = (operation.make, work) if first else (work, operation.make)
            results = self.by_hand.steps.together(*pair, step)
            decided, worked = results if first else results[::-1]
            self.worked(work_kind, worked, 1)
            self.judge(operation, decided, alone=False)

    @rule(kinds=st.tuples(SPEAKERS, SPEAKERS), numbers=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER), step=STEP)
    def decide_about_speakers_at_once(
        self, kinds: tuple[str, str], numbers: tuple[int, int, int, int], step: int
    ) -> None:
        """Let two people decide about speakers, or undo a decision, at the same time."""
        self.at_once(kinds, numbers, step)

    @rule(kinds=st.tuples(QUOTES, QUOTES), number=NUMBER, others=st.tuples(NUMBER, NUMBER), step=STEP)
    def correct_a_quote_at_once(self, kinds: tuple[str, str], number: int, others: tuple[int, int], step: int) -> None:
        """Let two people correct one quote, or undo one decision, at the same time."""
        self.at_once(kinds, (number, others[0], number, others[1]), step)

    @rule(kind=FORGET, work_kind=WORK, numbers=st.tuples(NUMBER, NUMBER, NUMBER), step=STEP, first=st.booleans())
    def forget_while_working(
        self, kind: str, work_kind: str, numbers: tuple[int, int, int], step: int, first: bool
    ) -> None:
        """Let a person have something forgotten while a worker works."""
        self.while_working(kind, work_kind, numbers, step, first=first)

    @rule(kind=KIND, numbers=st.tuples(NUMBER, NUMBER, NUMBER), step=STEP, first=st.booleans())
    def decide_while_reading_again(self, kind: str, numbers: tuple[int, int, int], step: int, first: bool) -> None:
        """Let a person decide while an article is read again."""
        if not self.by_hand.waiting("reprocess_items"):
            self.by_hand.begin_job(full=numbers[2] % 2 == 0, reparse=numbers[2] % 3 == 0, outdated=False)
        self.while_working(kind, "read_again", numbers, step, first=first)

    @rule(kinds=st.tuples(WORK, WORK), numbers=st.tuples(NUMBER, NUMBER), step=STEP)
    def work_at_once(self, kinds: tuple[str, str], numbers: tuple[int, int], step: int) -> None:
        """Let two workers work at the same time."""
        one, other = (self.by_hand.work(kinds[worker], numbers[worker], worker) for worker in (0, 1))
        if one and other:
            self.counts["at once"] += 1
            results = self.by_hand.steps.together(one, other, step)
            for worker in (0, 1):
                self.worked(kinds[worker], results[worker], worker)

    @rule(number=NUMBER, queue=st.sampled_from((INTAKE, ARTICLES, BACKFILL)))
    def kill_worker(self, number: int, queue: Queue) -> None:
        """Kill a worker that has just claimed a row."""
        if waiting := self.by_hand.waiting(queue.table_name):
            self.by_hand.die(queue, waiting[number % len(waiting)])
            self.counts["kills"] += 1

    @rule()
    def kill_watcher(self) -> None:
        """Kill the watcher and start it again."""
        self.by_hand.restart_watcher()
        self.counts["kills"] += 1

    def teardown(self) -> None:
        """Let all come to rest, and count the articles that were read again."""
        super().teardown()
        [(again,)] = self.by_hand.rows("SELECT count(*) FROM reprocess_items WHERE state IN ('done', 'unchanged')")
        self.counts["read again"] += again

    def worked(self, kind: str, result: Result, worker: int) -> None:
        """Fail if work ended with an error that a worker's process would have logged as a fault."""
        self.record.note_disposed()
        error = result.error
        passing = isinstance(error, DBAPIError) and (result.died or conflict(error))
        if result.died or passing:
            self.counts["kills"] += result.died
            self.by_hand.bury(worker)
        elif error is not None and not isinstance(error, Lost):
            raise error
