"""Speakers across articles: the names of an article join the stored speakers."""

from worker.speakers.across.joining import join, settle

__all__ = ["join", "settle"]
