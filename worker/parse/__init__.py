"""From bytes to articles: `split` gives the members of a file, and `parse` gives the `Article` of a member.

Both are pure functions and keep to `Limits`. This package imports quickly, because the libraries of a format are loaded
only for its first document, and the formats themselves only with `parse`, `split` or `warm`.
"""

from typing import TYPE_CHECKING

from worker.parse.article import Article, Member
from worker.parse.format import Limits

if TYPE_CHECKING:
    from worker.parse.entry import parse, split, warm

__all__ = ["Article", "Limits", "Member", "parse", "split", "warm"]

_OF_ENTRY = ("parse", "split", "warm")


def __getattr__(name: str) -> object:
    """Return `parse`, `split` or `warm`. Every command imports this package, for its settings, and few parse."""
    if name not in _OF_ENTRY:
        raise AttributeError(name)
    from worker.parse import entry

    return getattr(entry, name)
