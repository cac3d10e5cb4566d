"""The folder of one example, and the record of all contents that its paths have had."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.model.contents import Content
from worker.watch.rest import Sign

Hint = tuple[str, Sign | None]


@dataclass(slots=True)
class Line:
    """The contents of one path, oldest first (None: no file), since the last rest at which the path had no file."""

    versions: list[Content | None] = field(default_factory=lambda: [None])
    settled: int = 0  # the index of the content at the last rest

    def since(self) -> list[Content | None]:
        """Return the contents since the last rest. If the first of them has no article, add the contents before it."""
        first = self.settled
        while first and (there := self.versions[first]) is not None and there.hollow:
            first -= 1
        return self.versions[first:]

    def settle(self) -> None:
        """Note that all is at rest. If the path has no file, its earlier contents no longer count."""
        if self.versions[-1] is None:
            self.versions = [None]
        self.settled = len(self.versions) - 1


class Record:
    """Changes a folder, and records the changes. `hints` holds what the system would report to a watcher."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder = folder
        self.aside = aside
        self.lines: dict[str, Line] = {}
        self.hints: list[Hint] = []
        self.drops: dict[str, int] = {}  # for each path, the number of its last drop
        self.disposed: dict[str, str] = {}  # what Onrecord took from the folder: SHA-256 → path
        self._made = 0

    @property
    def lying(self) -> dict[str, Content]:
        """The contents that are in the folder now, by path."""
        return {path: there for path, line in self.lines.items() if (there := line.versions[-1]) is not None}

    def paths(self) -> list[str]:
        """Return the paths that have a file."""
        return sorted(self.lying)

    def _note(self, path: str, content: Content | None, *signs: Sign | None) -> None:
        self.lines.setdefault(path, Line()).versions.append(content)
        self.hints += [(path, sign) for sign in signs]

    def _note_written(self, path: str, content: Content, *signs: Sign) -> None:
        """Record that a file was written in place. All its names get the new content, but only `path` gets hints."""
        for other in self.paths():
            if other != path and os.path.samefile(self.folder / other, self.folder / path):
                self._note(other, content)
        self._note(path, content, *signs)

    @property
    def last_drop(self) -> int:
        """The number of the last drop; 0 before the first."""
        return max(self.drops.values(), default=0)

    def note_disposed(self) -> None:
        """Note the files that Onrecord has archived or deleted."""
        for path, content in self.lying.items():
            if not os.path.lexists(self.folder / path):
                self.disposed[content.sha256] = path
                self._note(path, None)

    def _new(self, content: Content) -> Path:
        self._made += 1
        made = self.aside / str(self._made)
        made.write_bytes(content.raw)
        return made

    def _to(self, path: str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def write(self, path: str, content: Content) -> None:
        """Write a file in place, as careless programs do."""
        self._to(path).write_bytes(content.raw)
        self.drops[path] = self.last_drop + 1
        self._note_written(path, content, Sign.CHANGED, Sign.CLOSED)

    def move_in(self, path: str, content: Content) -> None:
        """Write a file elsewhere and move it to `path`; it replaces the file there."""
        self._new(content).rename(self._to(path))
        self.drops[path] = self.last_drop + 1
        self._note(path, content, Sign.MOVED)

    def append(self, path: str, content: Content) -> None:
        """Append to the file at `path` so that it becomes `content`."""
        old = self.lying[path].raw
        with (self.folder / path).open("ab") as file:
            file.write(content.raw[len(old) :])
        self._note_written(path, content, Sign.CHANGED, Sign.CLOSED)

    def truncate(self, path: str, content: Content) -> None:
        """Cut the file at `path` so that it becomes `content`; the system reports no close."""
        os.truncate(self.folder / path, len(content.raw))
        self._note_written(path, content, Sign.CHANGED)

    def link(self, path: str, target: str) -> None:
        """Give a file a second name."""
        os.link(self.folder / path, self._to(target))
        self._note(target, self.lying[path], Sign.CHANGED)

    def rename(self, path: str, target: str) -> None:
        """Rename a file; it replaces the file at `target`."""
        self.drops.pop(target, None)
        if os.path.exists(self.folder / target) and os.path.samefile(self.folder / path, self.folder / target):
            return  # both names are names of one file, so the system does nothing
        (self.folder / path).rename(self._to(target))
        content = self.lying[path]
        self._note(path, None, None)
        self._note(target, content, Sign.MOVED)

    def delete(self, path: str) -> None:
        """Delete a file."""
        (self.folder / path).unlink()
        self._note(path, None, None)

    def rename_folder(self, inner: str, target: str) -> None:
        """Rename an inner folder; no folder has the new name yet."""
        (self.folder / inner).rename(self.folder / target)
        for path in [path for path in self.paths() if path.startswith(inner + "/")]:
            content = self.lying[path]
            self._note(path, None, None)
            self._note(target + path.removeprefix(inner), content, Sign.MOVED)

    def delete_folder(self, inner: str) -> None:
        """Delete an inner folder with all its files."""
        shutil.rmtree(self.folder / inner)
        for path in [path for path in self.paths() if path.startswith(inner + "/")]:
            self._note(path, None, None)

    def touch(self, path: str, number: int) -> None:
        """Set the times of a file."""
        os.utime(self.folder / path, (number, number))
        self.hints.append((path, Sign.TOUCHED))

    def change_mode(self, path: str, mode: int) -> None:
        """Change the mode of a file."""
        (self.folder / path).chmod(mode)
        self.hints.append((path, Sign.TOUCHED))
