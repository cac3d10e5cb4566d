"""One decision that is to be made; the people who make it; and the rows that it leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.faults.model.decided import Made

Note = Callable[[list["Row"]], list[Made]]
"""A function of the rows that a decision has stored; it returns what the model keeps of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `decisions`."""

    id: int
    kind: str
    speaker: int | None
    undoes: int | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """A decision that is to be made: its reason, by which its rows are found; what makes it; and what notes it.

    `refused` says whether it must be refused; None if both are right.
    """

    what: str
    reason: str
    make: Callable[[], Any]
    note: Note
    refused: bool | None = False


class Hands(Protocol):
    """What people can do. A decision that is impossible raises `Undecidable`."""

    def merge(self, speaker: int, into: int, reason: str) -> None: ...

    def split(self, speaker: int, form: str, reason: str) -> None: ...

    def refuse(self, speaker: int, other: int, reason: str) -> None: ...

    def rename(self, speaker: int, name: str, reason: str) -> None: ...

    def set_speaker(self, quote: int, speaker: int | str, reason: str) -> None: ...

    def no_speaker(self, quote: int, reason: str) -> None: ...

    def reject(self, quote: int, reason: str) -> None: ...

    def undo(self, decision: int, reason: str) -> None: ...

    def forget_article(self, article: int, reason: str) -> None: ...

    def forget_file(self, path: str, reason: str) -> None: ...

    def forget_outlet(self, outlet: str, reason: str) -> None: ...

    def go_on(self) -> None: ...
