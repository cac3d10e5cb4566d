"""The views that can be exported, and the file formats of an export."""

from enum import StrEnum
from pathlib import Path

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
    """A format of a file with rows; a file's ending names its format."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"

    @property
    def is_binary(self) -> bool:
        """True if no terminal can show it."""
        return self in (FileFormat.PARQUET, FileFormat.XLSX)


def named_by_ending(path: Path) -> FileFormat | None:
    """Return the format that the ending of a file's name says; None if it says none."""
    return called(path.suffix.lower().removeprefix("."))


def called(name: str) -> FileFormat | None:
    """Return the format with this name; None if there is none. (`in` takes a text only from Python 3.12 on.)"""
    return FileFormat(name) if name in set(FileFormat) else None
