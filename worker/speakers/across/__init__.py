"""Names across articles: which speaker each name of an article is."""

from worker.speakers.across.joining import join, settle

__all__ = ["join", "settle"]
