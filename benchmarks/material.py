"""The files that are dropped: invented articles, or the files of a folder of the user's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks import world

LEAST = 20
"""Fewer files than this say nothing about the cost of one."""


@dataclass(frozen=True, slots=True)
class Article:
    """A file to drop: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Material:
    """So many files, in the order in which they are dropped."""

    count: int
    files: tuple[Path, ...] = ()
    """The files of the user's own folder; without them, articles are invented."""

    def article(self, place: int) -> Article:
        """Return one file of the material. Files of a folder get numbers before their names, which then differ."""
        if self.files:
            path = self.files[place]
            return Article(f"{place:07}-{path.name}", path.read_bytes())
        return Article(f"article-{place:07}.txt", world.article(place).encode())

    def slices(self, count: int) -> list[Sequence[int]]:
        """Return the places of all files in at most so many slices of neighbours, as equal as possible."""
        count = min(count, max(1, self.count // LEAST))
        bounds = [self.count * place // count for place in range(count + 1)]
        return [range(low, high) for low, high in pairwise(bounds) if low < high]


def of_folder(folder: Path) -> Material:
    """Return all files in a folder and in its folders, but none that is hidden."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return Material(len(files), tuple(files))
