"""Bytes to articles: `split` a file into members, `parse` a member into an `Article`; pure, and bounded by `Limits`.

Importing this package is light: a format's libraries are loaded when its first document comes.
"""

from worker.parse.article import Article, Member
from worker.parse.entry import parse, split, warm
from worker.parse.format import Limits

__all__ = ["Article", "Limits", "Member", "parse", "split", "warm"]
