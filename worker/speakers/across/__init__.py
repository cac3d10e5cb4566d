"""Speakers across articles: the names of an article join the stored speakers."""

from worker.speakers.across.joining import join, settle
from worker.speakers.across.name import read_name

__all__ = ["join", "read_name", "settle"]
