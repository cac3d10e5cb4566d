"""The views that can be exported, and the file formats of an export."""

from enum import StrEnum

VIEWS = {
    "quotes": "quote_id",
    "candidates": "quote_id",
    "articles": "article_id",
    "files": "inbox, file, first_seen",
    "statements": "statement_id",
    "speakers": "speaker_id",
}
"""Each view, and the columns that order the view's rows, so that two exports of the same rows are equal."""


class FileFormat(StrEnum):
    """A file format for whole views."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
