"""What a person may want forgotten: the files, articles and outlets that a command names, and what each holds."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

INBOXES = text("""SELECT id, name, path FROM inboxes ORDER BY name""")
VERSIONS = text(
    """
    SELECT id, sha256, after = 'archive' AND after_done_at IS NOT NULL AS archived, path FROM files
    WHERE inbox_id = :inbox AND shown = :shown ORDER BY id
    """
)
# `taken` are the documents that go. An article goes with them unless another document carries it, too.
COUNT_TAKEN = """
    SELECT (SELECT count(*) FROM taken) AS documents,
           (SELECT count(*) FROM (
                SELECT d.article_id FROM taken t JOIN documents d ON d.id = t.id WHERE d.article_id IS NOT NULL
                GROUP BY d.article_id
                HAVING count(*) = (SELECT count(*) FROM documents o WHERE o.article_id = d.article_id)
                ) gone) AS articles
"""
TAKEN_FROM_FILES = """
    SELECT DISTINCT document_id AS id FROM file_documents
    WHERE file_id = ANY(CAST(:files AS bigint[])) AND document_id IS NOT NULL
"""
OF_FILES = text(f"""WITH taken AS ({TAKEN_FROM_FILES}) {COUNT_TAKEN}""")
MEMBERS_OF_FILES = text("""SELECT count(*) FROM file_documents WHERE file_id = ANY(CAST(:files AS bigint[]))""")
OF_OUTLET = text(
    f"""
    WITH taken AS (
        SELECT s.document_id AS id FROM outlets o JOIN article_sources s ON s.outlet_id = o.id WHERE o.key = :key)
    {COUNT_TAKEN}
    """
)
SAME_BYTES = text(
    f"""
    WITH taken AS ({TAKEN_FROM_FILES})
    SELECT DISTINCT i.name, f.shown FROM taken t
    JOIN file_documents fd ON fd.document_id = t.id AND fd.file_id <> ALL(CAST(:files AS bigint[]))
    JOIN files f ON f.id = fd.file_id JOIN inboxes i ON i.id = f.inbox_id
    ORDER BY i.name, f.shown LIMIT :limit
    """
)
SAME_TEXT = text(
    f"""
    WITH taken AS ({TAKEN_FROM_FILES})
    SELECT DISTINCT i.name, f.shown FROM taken t
    JOIN documents d ON d.id = t.id
    JOIN documents o ON o.article_id = d.article_id AND o.id NOT IN (SELECT id FROM taken)
    JOIN file_documents fd ON fd.document_id = o.id AND fd.file_id <> ALL(CAST(:files AS bigint[]))
    JOIN files f ON f.id = fd.file_id JOIN inboxes i ON i.id = f.inbox_id
    ORDER BY i.name, f.shown LIMIT :limit
    """
)
FILES_OF_ARTICLE = text(
    """
    SELECT DISTINCT i.name, f.shown FROM documents d
    JOIN file_documents fd ON fd.document_id = d.id
    JOIN files f ON f.id = fd.file_id JOIN inboxes i ON i.id = f.inbox_id
    WHERE d.article_id = :article ORDER BY i.name, f.shown LIMIT :limit
    """
)


class Inbox(NamedTuple):
    """A watched folder: its id, its name, and its absolute path."""

    id: int
    name: str
    path: bytes


class Version(NamedTuple):
    """One content that was seen at a path; `sha256` is None if it was not read yet."""

    id: int
    sha256: bytes | None
    archived: bool
    path: bytes


class Taken(NamedTuple):
    """How many documents and articles would be removed."""

    documents: int
    articles: int


class OtherFile(NamedTuple):
    """A file: the name of its inbox, and its path below it."""

    inbox: str
    shown: str


def inboxes(connection: Connection) -> list[Inbox]:
    """Return all watched folders."""
    return [Inbox(row.id, row.name, bytes(row.path)) for row in connection.execute(INBOXES)]


def versions(connection: Connection, inbox_id: int, shown: str) -> list[Version]:
    """Return every content that was seen at a path below an inbox."""
    rows = connection.execute(VERSIONS, {"inbox": inbox_id, "shown": shown})
    return [Version(row.id, row.sha256 and bytes(row.sha256), row.archived, bytes(row.path)) for row in rows]


def of_files(connection: Connection, files: Sequence[int]) -> Taken:
    """Return what would be removed with these rows of `files`."""
    return Taken(*connection.execute(OF_FILES, {"files": numbers(files)}).one())


def members_of(connection: Connection, files: Sequence[int]) -> int:
    """Return how many members these rows of `files` hold."""
    return int(connection.execute(MEMBERS_OF_FILES, {"files": numbers(files)}).scalar_one())


def of_outlet(connection: Connection, key: str) -> Taken:
    """Return what would be removed with the outlet that has this key (its folded name)."""
    return Taken(*connection.execute(OF_OUTLET, {"key": key}).one())


def files_with_same_bytes(connection: Connection, files: Sequence[int], limit: int) -> list[OtherFile]:
    """Return up to `limit` other files that hold documents of these files: the same bytes, which are stored once."""
    rows = connection.execute(SAME_BYTES, {"files": numbers(files), "limit": limit})
    return [OtherFile(*row) for row in rows]


def files_with_same_text(connection: Connection, files: Sequence[int], limit: int) -> list[OtherFile]:
    """Return up to `limit` other files that hold an article of these files in other bytes, so that it stays."""
    rows = connection.execute(SAME_TEXT, {"files": numbers(files), "limit": limit})
    return [OtherFile(*row) for row in rows]


def files_of_article(connection: Connection, article_id: int, limit: int) -> list[OtherFile]:
    """Return up to `limit` files that hold an article."""
    rows = connection.execute(FILES_OF_ARTICLE, {"article": article_id, "limit": limit})
    return [OtherFile(*row) for row in rows]
