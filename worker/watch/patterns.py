"""The names that a watcher leaves alone: ignored files, folders that it does not enter, and Onrecord's own names."""

import os
import re
from collections.abc import Callable
from fnmatch import translate

from worker.intake.disposal import PRIVATE
from worker.parse.naming import is_made_folder

# A browser saves a page as NAME.html, and its pictures and scripts in a folder NAME_files beside it.
COMPANION = b"_files"
PAGES = (b".html", b".htm", b".HTML", b".HTM")


class Patterns:
    """The ignore patterns of the settings: `fnmatch` patterns for a file's name without its folder; case is ignored."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = [(pattern, re.compile(translate(pattern), re.IGNORECASE)) for pattern in patterns]
        self._any = re.compile("|".join(translate(pattern) for pattern in patterns), re.IGNORECASE)

    def match(self, name: bytes) -> str | None:
        """Return the first pattern that the name matches; None if the file is to be read."""
        text = os.fsdecode(name)
        if not self._patterns or not self._any.match(text):
            return None
        return next(pattern for pattern, expression in self._patterns if expression.match(text))


def private(name: bytes) -> bool:
    """True if Onrecord gave this name to a file that it is archiving or deleting. Such a file gets no row at all."""
    return name.startswith(PRIVATE)


def enters(folder: bytes, beside: Callable[[bytes], bool]) -> bool:
    """True if scans enter a folder of this name. `beside(name)` says whether a file `name` is next to the folder."""
    if is_made_folder(os.fsdecode(folder)):
        return False
    if not folder.endswith(COMPANION):
        return True
    page = folder.removesuffix(COMPANION)
    return not any(beside(page + suffix) for suffix in PAGES)
