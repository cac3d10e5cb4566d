"""What people had forgotten, as the model keeps it: which documents and texts must be gone while the marks are live."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.model.contents import Content, Told
from worker.store.catalogue import outlet_key


@dataclass(slots=True)
class Mark:
    """One decision to forget: the documents (by SHA-256), texts (by key) and the outlet that must be gone."""

    decisions: frozenset[int]
    documents: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    outlet: str | None = None
    perhaps: frozenset[str] = frozenset()
    """Documents, and keys of texts, that came at the same time: they may be forgotten with the others, or stay."""
    files: frozenset[str] = frozenset()
    """The contents (by SHA-256) that were seen at the path of a forgotten file."""
    live: bool = True

    def takes(self, told: Told) -> bool:
        """True if the mark covers a document."""
        outlet = outlet_key(told.outlet) if told.outlet else None
        return (
            told.document in self.documents or told.key in self.keys or (outlet is not None and outlet == self.outlet)
        )

    def may_take(self, told: Told) -> bool:
        """True if the mark perhaps covers a document."""
        return told.document in self.perhaps or told.key in self.perhaps


@dataclass
class Forgotten:
    """All marks, and the documents whose marks were undone, with the number of drops before that."""

    marks: list[Mark] = field(default_factory=list)
    allowed: dict[str, int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """The keys of all texts that a mark ever covered."""

    def add(self, mark: Mark, known: Iterable[Content]) -> None:
        """Add a mark. `known` are the contents that were ever dropped."""
        self.marks.append(mark)
        self._touch(mark, known)

    def _touch(self, mark: Mark, known: Iterable[Content]) -> list[Told]:
        covered = [one for content in known for one in content.told if mark.takes(one) or mark.may_take(one)]
        self.touched |= {one.key for one in covered}
        return covered

    def undo(self, decision: int, known: Iterable[Content], drops: int) -> None:
        """Undo the mark of a decision. What it covered may come back from now on, and does when it is dropped again."""
        for mark in self.marks:
            if decision in mark.decisions:
                mark.live = False
                self.allowed |= {one.document: drops for one in self._touch(mark, known)}

    def look(self, known: Iterable[Content]) -> None:
        """Note which texts among all contents the live marks cover."""
        contents = list(known)
        for mark in self.marks:
            self._touch(mark, contents)

    def dropped_again(self, content: Content, drop: int) -> None:
        """Note that a content, which lies in the folder, came with the drop of this number."""
        for one in content.told:
            if self.allowed.get(one.document, drop) < drop:
                del self.allowed[one.document]

    def is_gone(self, told: Told) -> bool | None:
        """True if a document must be gone, False if it must be there, None if both are right."""
        live = [mark for mark in self.marks if mark.live]
        if any(mark.takes(told) for mark in live):
            return True
        unsure = told.document in self.allowed or any(mark.may_take(told) for mark in self.marks)
        return None if unsure else False

    def had(self, content: Content) -> bool:
        """True if a file with this content was ever forgotten as a whole."""
        return any(content.sha256 in mark.files for mark in self.marks)
