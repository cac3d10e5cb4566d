"""Speakers across articles: the names of an article join the stored speakers."""

from worker.speakers.across.joining import join, join_forms, settle
from worker.speakers.across.name import read_name

__all__ = ["join", "join_forms", "read_name", "settle"]
