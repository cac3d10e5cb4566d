"""The rows of one example, read at one moment."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.model.contents import key_of

Rows = Callable[..., list[tuple[Any, ...]]]
"""A function that runs a query with named values."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of `files`. The path is relative to the example's folder."""

    path: str
    sha256: str | None
    current: bool
    missing: bool
    state: str
    reason: str | None
    members: int
    duplicate_of: int | None
    quarantined: int = 0
    after: str = "keep"
    disposed: bool = False
    left_alone: bool = False


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A row of `documents`."""

    sha256: str
    state: str
    reason: str | None
    has_bytes: bool


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A row of `articles`."""

    id: int
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows about the files below one folder."""

    files: list[FileRow]
    documents: list[DocumentRow]
    articles: list[ArticleRow]
    quotes: dict[int, list[str]]  # for each article, the quotes in report.quotes
    rejected: set[tuple[int, str]]  # (article, quote) that people rejected; `decided` says whether rightly
    strikes: int

    @classmethod
    def look(cls, rows: Rows, inbox: str, prefix: str = "") -> "Tables":
        """Read the rows of the files of an inbox whose paths begin with `prefix`."""
        where = "i.name = :inbox AND starts_with(f.shown, :prefix)"
        given = {"inbox": inbox, "prefix": prefix}
        files = rows(
            "SELECT f.shown, encode(f.sha256, 'hex'), f.current, f.missing_since IS NOT NULL, f.state, f.reason,"
            " f.members, f.duplicate_of, f.members_quarantined, f.after, f.after_done_at IS NOT NULL,"
            f" f.after_reason IS NOT NULL FROM files f JOIN inboxes i ON i.id = f.inbox_id WHERE {where} ORDER BY f.id",
            **given,
        )
        documents = (
            "FROM files f JOIN inboxes i ON i.id = f.inbox_id JOIN file_documents fd ON fd.file_id = f.id"
            " JOIN documents d ON d.id = fd.document_id"
        )
        chosen = f"SELECT d.article_id {documents} WHERE {where}"
        articles = rows(f"SELECT a.id, a.text, a.current FROM articles a WHERE a.id IN ({chosen})", **given)
        quotes: dict[int, list[str]] = defaultdict(list)
        for article, quote in rows(
            f"SELECT article_id, quote FROM report.quotes WHERE article_id IN ({chosen}) AND kind = 'direct'"
            " ORDER BY start_char",
            **given,
        ):
            quotes[article].append(quote)
        struck = f"SELECT coalesce(sum(f.strikes), 0) + coalesce(sum(d.strikes), 0) {documents} WHERE {where}"
        return cls(
            [FileRow(row[0].removeprefix(prefix), *row[1:]) for row in files],
            [
                DocumentRow(*row)
                for row in rows(
                    "SELECT DISTINCT encode(d.sha256, 'hex'), d.state, d.reason, d.raw IS NOT NULL"
                    f" {documents} WHERE {where}",
                    **given,
                )
            ],
            [ArticleRow(number, key_of(text), current) for number, text, current in articles],
            dict(quotes),
            {
                (article, quote)
                for article, quote in rows(
                    f"SELECT article_id, text FROM quotes WHERE current AND rejected AND article_id IN ({chosen})",
                    **given,
                )
            },
            rows(struck, **given)[0][0],
        )


def unbalanced(rows: Rows, inbox: str) -> list[str]:
    """Return what does not add up in an inbox. Each stored document must give one article, and count as stored once."""
    [(stored, articles, counted)] = rows(
        "WITH mine AS (SELECT f.id, f.members_stored FROM files f JOIN inboxes i ON i.id = f.inbox_id"
        " WHERE i.name = :inbox), held AS (SELECT DISTINCT d.id, d.state, d.article_id FROM mine"
        " JOIN file_documents fd ON fd.file_id = mine.id JOIN documents d ON d.id = fd.document_id)"
        " SELECT count(*) FILTER (WHERE state = 'stored'), count(DISTINCT article_id),"
        " (SELECT coalesce(sum(members_stored), 0) FROM mine) FROM held",
        inbox=inbox,
    )
    wrong = [f"{articles} articles of {stored} stored documents"] if articles != stored else []
    if counted != stored:
        wrong.append(f"the files count {counted} stored members, there are {stored}")
    unequal = rows(
        "SELECT f.shown, f.state, members, members_stored, members_duplicate, members_quarantined FROM files f"
        " JOIN inboxes i ON i.id = f.inbox_id WHERE i.name = :inbox AND f.state IN ('stored', 'duplicate')"
        " AND members <> members_stored + members_duplicate + members_quarantined"
        " + (SELECT count(*) FROM file_documents fd JOIN documents d ON d.id = fd.document_id"
        "   WHERE fd.file_id = f.id AND d.state = 'ignored')",
        inbox=inbox,
    )
    return wrong + [f"members do not add up: {row}" for row in unequal]
