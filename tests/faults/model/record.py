"""The folder of one example, and the record of what ever stood where in it."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.model.contents import Content
from worker.watch.rest import Sign

Hint = tuple[str, Sign | None]


@dataclass(slots=True)
class Line:
    """What stood at one path, one after the other (None: nothing), since it was last found empty at rest."""

    versions: list[Content | None] = field(default_factory=lambda: [None])
    settled: int = 0  # the one that stood there at the last rest

    def since(self) -> list[Content | None]:
        """From the last rest on; if what stood there then held no article, with what stood there before it."""
        first = self.settled
        while first and (there := self.versions[first]) is not None and there.hollow:
            first -= 1
        return self.versions[first:]

    def settle(self) -> None:
        """All is at rest: what was deleted before is a matter of the past."""
        if self.versions[-1] is None:
            self.versions = [None]
        self.settled = len(self.versions) - 1


class Record:
    """Does things to a folder, and keeps the record; what the system would tell a watcher is left in `hints`."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder = folder
        self.aside = aside
        self.lines: dict[str, Line] = {}
        self.hints: list[Hint] = []
        self._made = 0

    @property
    def lying(self) -> dict[str, Content]:
        """What lies in the folder now."""
        return {path: there for path, line in self.lines.items() if (there := line.versions[-1]) is not None}

    def paths(self) -> list[str]:
        """Where something lies."""
        return sorted(self.lying)

    def _note(self, path: str, content: Content | None, *signs: Sign | None) -> None:
        self.lines.setdefault(path, Line()).versions.append(content)
        self.hints += [(path, sign) for sign in signs]

    def _note_written(self, path: str, content: Content, *signs: Sign) -> None:
        """A file was written in place: that is seen under each of its names, and told of the one that was used."""
        for other in self.paths():
            if other != path and os.path.samefile(self.folder / other, self.folder / path):
                self._note(other, content)
        self._note(path, content, *signs)

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
        """Write in place, as careless programs do."""
        self._to(path).write_bytes(content.raw)
        self._note_written(path, content, Sign.CHANGED, Sign.CLOSED)

    def move_in(self, path: str, content: Content) -> None:
        """Write elsewhere and move to its place, over what was there."""
        self._new(content).rename(self._to(path))
        self._note(path, content, Sign.MOVED)

    def append(self, path: str, content: Content) -> None:
        """Append to what is there until it is `content`."""
        old = self.lying[path].raw
        with (self.folder / path).open("ab") as file:
            file.write(content.raw[len(old) :])
        self._note_written(path, content, Sign.CHANGED, Sign.CLOSED)

    def truncate(self, path: str, content: Content) -> None:
        """Cut what is there until it is `content`; no close is seen."""
        os.truncate(self.folder / path, len(content.raw))
        self._note_written(path, content, Sign.CHANGED)

    def link(self, path: str, target: str) -> None:
        """Give a file a second name."""
        os.link(self.folder / path, self._to(target))
        self._note(target, self.lying[path], Sign.CHANGED)

    def rename(self, path: str, target: str) -> None:
        """Rename, over what was there."""
        if os.path.exists(self.folder / target) and os.path.samefile(self.folder / path, self.folder / target):
            return  # two names of one file: the system does nothing
        (self.folder / path).rename(self._to(target))
        content = self.lying[path]
        self._note(path, None, None)
        self._note(target, content, Sign.MOVED)

    def delete(self, path: str) -> None:
        """Delete."""
        (self.folder / path).unlink()
        self._note(path, None, None)

    def rename_folder(self, inner: str, target: str) -> None:
        """Rename an inner folder to a name that is free."""
        (self.folder / inner).rename(self.folder / target)
        for path in [path for path in self.paths() if path.startswith(inner + "/")]:
            content = self.lying[path]
            self._note(path, None, None)
            self._note(target + path.removeprefix(inner), content, Sign.MOVED)

    def delete_folder(self, inner: str) -> None:
        """Delete an inner folder with all that is in it."""
        shutil.rmtree(self.folder / inner)
        for path in [path for path in self.paths() if path.startswith(inner + "/")]:
            self._note(path, None, None)

    def touch(self, path: str, number: int) -> None:
        """Set the times."""
        os.utime(self.folder / path, (number, number))
        self.hints.append((path, Sign.TOUCHED))

    def change_mode(self, path: str, mode: int) -> None:
        """Set who may do what."""
        (self.folder / path).chmod(mode)
        self.hints.append((path, Sign.TOUCHED))
