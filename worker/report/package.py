"""What can be exported, and into which file formats."""

from enum import StrEnum

# The order makes two exports of the same rows alike.
VIEWS = {
    "quotes": "quote_id",
    "articles": "article_id",
    "files": "inbox, file, first_seen",
    "statements": "statement_id",
    "speakers": "speaker_id",
}


class Package(StrEnum):
    """A file format for whole views."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
