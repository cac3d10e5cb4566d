"""From bytes to articles: `split` gives the members of a file, and `parse` gives the `Article` of a member.

Both are pure functions and keep to `Limits`. This package imports quickly, because the libraries of a format are loaded
only for its first document.
"""

from worker.parse.article import Article, Member
from worker.parse.entry import parse, split, warm
from worker.parse.format import Limits

__all__ = ["Article", "Limits", "Member", "parse", "split", "warm"]
