"""A state machine of hypothesis: it changes a folder in any order; at each rest it compares tables and record."""

from pathlib import Path
from typing import Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.faults.model import contents
from tests.faults.model.expected import Expected
from tests.faults.model.record import Hint, Record
from tests.faults.model.tables import Rows, Tables, unbalanced

FOLDERS = ("", "one/", "two/")
TEXTS = tuple(folder + name for folder in FOLDERS for name in ("a.txt", "b.txt"))
LEFT_OUT = ("a.part", "one/b.part")
PATHS = {
    ".txt": (*TEXTS, *LEFT_OUT),
    ".jsonl": ("d.jsonl", "e.jsonl", "one/d.jsonl"),
    ".zip": ("z.zip",),
}
ANY = tuple(path for paths in PATHS.values() for path in paths)
NUMBER = st.integers(0, 99)


def kind(path: str) -> str:
    """Return the kind of a path; a file is renamed only to a path of the same kind."""
    suffix = path[path.rindex(".") :]
    return ".txt" if suffix == ".part" else suffix


class Room(Protocol):
    """The environment in which an example runs."""

    name: str
    prefix: str

    @property
    def rows(self) -> Rows:
        """A function that runs a query on the tables."""

    def hear(self, hints: list[Hint]) -> None:
        """Pass the hints of what happened in the folder to the watcher."""

    def rest(self) -> None:
        """Wait until all is at rest."""


class FolderMachine(RuleBasedStateMachine):
    """The rules: each changes the folder in one way."""

    def __init__(self, room: Room, folder: Path, aside: Path, base: int) -> None:
        super().__init__()
        self.room = room
        self.base = base
        self.record = Record(folder, aside)
        self.expected = Expected(self.record)
        self.pace = 0
        self.changes = 0
        self.failed = False

    @initialize(
        pace=st.sampled_from((1, 3, 0)), drops=st.lists(st.tuples(st.sampled_from(ANY), NUMBER), min_size=1, max_size=4)
    )
    def begin(self, pace: int, drops: list[tuple[str, int]]) -> None:
        """Drop the first files. `pace`: the example waits for rest after so many changes; 0 means seldom."""
        for path, number in drops:
            self.put(path, number, moved=True, heard=True)
        self.pace = pace

    def pick(self, number: int, among: list[str] | tuple[str, ...] | None = None) -> str:
        """Return one of the paths `among`, or without them one of the paths that have a file."""
        choice = self.record.paths() if among is None else among
        return choice[number % len(choice)]

    def done(self, heard: bool) -> None:
        """End a change of the folder: the watcher gets its hints if they are `heard`. Wait for rest if it is time."""
        hints, self.record.hints = self.record.hints, []
        if heard:
            self.room.hear(hints)
        self.changes += 1
        if self.pace and self.changes % self.pace == 0:
            self.come_to_rest()

    def come_to_rest(self) -> None:
        """Wait until all is at rest, and compare."""
        self.room.rest()
        self.record.note_disposed()
        wrong = self.wrong()
        self.failed = bool(wrong)
        assert not wrong, "\n".join(wrong)

    def wrong(self) -> list[str]:
        """Return what is wrong in the tables now that all is at rest."""
        wrong = self.expected.wrong(Tables.look(self.room.rows, self.room.name, self.room.prefix))
        return wrong + unbalanced(self.room.rows, self.room.name)

    def lies(self) -> bool:
        """True if the folder has a file."""
        return bool(self.record.lying)

    # the changes

    @rule(path=st.sampled_from(ANY), number=NUMBER, moved=st.booleans(), heard=st.booleans())
    def put(self, path: str, number: int, moved: bool, heard: bool) -> None:
        """Create or replace a file."""
        choice = contents.choices(kind(path), self.base)
        content = choice[number % len(choice)]
        (self.record.move_in if moved else self.record.write)(path, content)
        self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, heard=st.booleans())
    def append(self, number: int, heard: bool) -> None:
        """Append to a file."""
        path = self.pick(number)
        if content := contents.grown(self.record.lying[path], self.base):
            self.record.append(path, content)
            self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, kept=st.integers(0, 2), heard=st.booleans())
    def truncate(self, number: int, kept: int, heard: bool) -> None:
        """Cut the end of a file off."""
        path = self.pick(number)
        if content := contents.shrunk(self.record.lying[path], self.base, kept):
            self.record.truncate(path, content)
            self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, other=NUMBER, heard=st.booleans())
    def rename(self, number: int, other: int, heard: bool) -> None:
        """Rename a file, perhaps over another."""
        path = self.pick(number)
        target = self.pick(other, PATHS[kind(path)])
        if target != path:
            self.record.rename(path, target)
            self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, other=NUMBER, heard=st.booleans())
    def copy(self, number: int, other: int, heard: bool) -> None:
        """Drop the same bytes again, at another path or at the same."""
        path = self.pick(number)
        self.record.move_in(self.pick(other, PATHS[kind(path)]), self.record.lying[path])
        self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, other=NUMBER, heard=st.booleans())
    def link(self, number: int, other: int, heard: bool) -> None:
        """Give a file a second name."""
        path = self.pick(number)
        target = self.pick(other, PATHS[kind(path)])
        if target not in self.record.lying:
            self.record.link(path, target)
            self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, heard=st.booleans())
    def delete(self, number: int, heard: bool) -> None:
        """Delete a file."""
        self.record.delete(self.pick(number))
        self.done(heard)

    @rule(swapped=st.booleans(), heard=st.booleans())
    def rename_folder(self, swapped: bool, heard: bool) -> None:
        """Rename an inner folder."""
        inner, target = ("two", "one") if swapped else ("one", "two")
        if (self.record.folder / inner).exists() and not (self.record.folder / target).exists():
            self.record.rename_folder(inner, target)
            self.done(heard)

    @rule(inner=st.sampled_from(("one", "two")), heard=st.booleans())
    def delete_folder(self, inner: str, heard: bool) -> None:
        """Delete an inner folder."""
        if (self.record.folder / inner).exists():
            self.record.delete_folder(inner)
            self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, time=st.integers(1, 5), heard=st.booleans())
    def touch(self, number: int, time: int, heard: bool) -> None:
        """Set a file's times."""
        self.record.touch(self.pick(number), time)
        self.done(heard)

    @precondition(lies)
    @rule(number=NUMBER, mode=st.sampled_from((0o600, 0o640, 0o644)), heard=st.booleans())
    def change_mode(self, number: int, mode: int, heard: bool) -> None:
        """Change the mode of a file."""
        self.record.change_mode(self.pick(number), mode)
        self.done(heard)

    @rule()
    def rest(self) -> None:
        """Change nothing for a while."""
        self.come_to_rest()

    def teardown(self) -> None:
        """Let all come to rest at the end of the example."""
        if not self.failed:
            self.come_to_rest()
