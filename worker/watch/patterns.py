"""Which names are left alone: ignored files, folders that are not entered, and our own private names."""

import os
import re
from collections.abc import Callable
from fnmatch import translate

from worker.intake.disposal import PRIVATE

# A browser saves a page as NAME.html beside a folder NAME_files with its pictures and scripts.
COMPANION = b"_files"
PAGES = (b".html", b".htm", b".HTML", b".HTM")


class Patterns:
    """The ignore patterns of the settings (`fnmatch`, case ignored, matched against the file's own name)."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = [(pattern, re.compile(translate(pattern), re.IGNORECASE)) for pattern in patterns]
        self._any = re.compile("|".join(translate(pattern) for pattern in patterns), re.IGNORECASE)

    def match(self, name: bytes) -> str | None:
        """The first pattern that the name matches; None if the file is to be read."""
        text = os.fsdecode(name)
        if not self._patterns or not self._any.match(text):
            return None
        return next(pattern for pattern, expression in self._patterns if expression.match(text))


def private(name: bytes) -> bool:
    """Whether Onrecord gave the name, to a file that it archives or deletes: no sighting, not even an ignored one."""
    return name.startswith(PRIVATE)


def enters(folder: bytes, beside: Callable[[bytes], bool]) -> bool:
    """Whether a folder of this name is entered; `beside` says whether a file of a name lies next to it."""
    if folder.startswith(b"."):
        return False
    if not folder.endswith(COMPANION):
        return True
    page = folder.removesuffix(COMPANION)
    return not any(beside(page + suffix) for suffix in PAGES)
