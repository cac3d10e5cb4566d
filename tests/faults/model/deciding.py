"""The machine with the rules of people: they decide and undo, while files come and go."""

from collections import Counter
from pathlib import Path
from typing import Protocol

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import Engine

from tests.faults.model.machine import NUMBER, FolderMachine, Room
from tests.faults.model.operations import ABOUT_QUOTES, ABOUT_SPEAKERS, FORGETTING, Chooser, Hands, Operation
from tests.faults.model.steps import Result, result_of
from worker.checks.check import check
from worker.store.decisions import Undecidable

KIND = st.sampled_from((*ABOUT_SPEAKERS, *ABOUT_QUOTES, "undo", *FORGETTING))


class PeoplesRoom(Room, Protocol):
    """The environment of an example with people who decide."""

    @property
    def engine(self) -> Engine:
        """The database."""

    @property
    def hands(self) -> Hands:
        """What the people can do."""


class DecidingMachine(FolderMachine):
    """The machine with decisions of every kind, and their undoing. `counts` says what all the examples did."""

    def __init__(self, room: PeoplesRoom, folder: Path, aside: Path, base: int, counts: Counter[str]) -> None:
        super().__init__(room, folder, aside, base)
        self.people = room
        self.chooser = Chooser(room.rows, room.hands, self.expected, room.name, room.prefix)
        self.counts = counts
        self.rested = False
        self.begun: set[str] = set()  # removals that died after their decision: the same command goes on with them

    def come_to_rest(self) -> None:
        """Let removals end that died, then wait until all is at rest, and compare."""
        self.people.hands.go_on()
        self.chooser.forgot()
        super().come_to_rest()

    def wrong(self) -> list[str]:
        """Return what is wrong in the tables now that all is at rest, also by what people decided."""
        self.counts["rests compared"] += 1
        self.rested = True
        decided = self.chooser.decided.wrong(self.chooser.people())
        return [*super().wrong(), *decided, *map(str, check(self.people.engine))]

    @invariant()
    def count(self) -> None:
        """Count an operation: this is called after each rule."""
        self.counts["operations"] += 1

    def operation(self, kind: str, number: int, other: int) -> Operation | None:
        """Return a decision of a kind. If there is nothing yet to decide about, first wait until all is at rest."""
        self.expected.look()
        operation = self.chooser.operation(kind, number, other)
        if operation is None and not self.rested:
            self.come_to_rest()
            operation = self.chooser.operation(kind, number, other)
        return operation

    def decide(self, kind: str, number: int, other: int) -> None:
        """Let a person make a decision."""
        if operation := self.operation(kind, number, other):
            self.judge(operation, result_of(operation.make))

    @rule(kind=st.sampled_from(ABOUT_SPEAKERS), number=NUMBER, other=NUMBER)
    def decide_about_speakers(self, kind: str, number: int, other: int) -> None:
        """Let a person decide about speakers."""
        self.decide(kind, number, other)

    @rule(kind=st.sampled_from(ABOUT_QUOTES), number=NUMBER, other=NUMBER)
    def decide_about_quotes(self, kind: str, number: int, other: int) -> None:
        """Let a person correct a quote."""
        self.decide(kind, number, other)

    @rule(number=NUMBER, other=NUMBER)
    def undo(self, number: int, other: int) -> None:
        """Let a person undo a decision."""
        self.decide("undo", number, other)

    @rule(kind=st.sampled_from(FORGETTING), number=NUMBER, other=NUMBER)
    def forget(self, kind: str, number: int, other: int) -> None:
        """Let a person have something forgotten."""
        self.decide(kind, number, other)

    def judge_both(self, *pair: tuple[Operation, Result]) -> None:
        """Judge two decisions that were made at the same time, in the order of their rows."""
        self.chooser.at_once = True
        for operation, result in sorted(pair, key=lambda one: self.chooser.first_row(one[0])):
            self.judge(operation, result, alone=False)

    def judge(self, operation: Operation, result: Result, *, alone: bool = True) -> None:
        """Keep what a decision has stored. Fail if it ended with an error, or was refused without a cause.

        `alone` is false if something else happened at the same time: then it may have been refused for that.
        """
        self.chooser.at_once = not alone
        made = self.chooser.noted(operation)
        self.counts[operation.what.split()[0]] += 1
        if result.died:
            if made and operation.what.startswith("forget"):
                self.begun.add(operation.what)
            return
        if isinstance(result.error, Undecidable):
            assert not made, f"{operation.what} was refused, and is stored: {made}"
            assert not alone or operation.refused is not False, f"{operation.what} was refused: {result.error}"
        elif result.error is not None:
            raise result.error
        else:
            assert not alone or operation.refused is not True, f"{operation.what} should have been refused"
            stored = made or operation.what.startswith("undo") or operation.what in self.begun
            assert stored or not alone, f"{operation.what} was not refused, and nothing is stored"
