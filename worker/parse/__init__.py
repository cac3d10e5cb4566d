"""Bytes to articles: `split` gives the members of a file, `parse` the `Article` of a member, both within `Limits`.

Both are pure. This package imports quickly: a format's libraries are loaded when its first document comes.
"""

from worker.parse.article import Article, Member
from worker.parse.entry import parse, split, warm
from worker.parse.format import Limits

__all__ = ["Article", "Limits", "Member", "parse", "split", "warm"]
