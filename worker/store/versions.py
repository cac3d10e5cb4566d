"""Versions of the items of agencies: only the newest version of an item puts its article into the reports.

The order of the versions is stored in `item_versions`, and the newest of them in `items`. Everything else follows from
these two, so it makes no difference in which order versions arrive. A version counts as *live* if it is the newest of
its item and does not withdraw it. A document that is no version of any item is always live.

The article of a live version is in the reports, whatever becomes of its file: some agencies write every item to one
path. An article that no live document holds any more leaves them.

The row of the item is locked first, then the files, in ascending order, then the articles
(`worker.store.db.decision_lock`).
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

LIVE = """(NOT EXISTS (
    SELECT FROM item_versions lv JOIN items li ON li.id = lv.item_id
    WHERE lv.document_id = {document} AND (lv.withdrawn OR li.newest IS DISTINCT FROM lv.document_id)))"""
"""True if a document is live (SQL); `document` is a column with its id."""

IS_VERSION = """EXISTS (SELECT FROM item_versions iv WHERE iv.document_id = {document})"""
"""True if a document is a version of an item (SQL)."""

# A document that is no version holds its article as long as no newer content has replaced it at its path, which
# `outcome.WITHDRAW` does for files of one article that were there all the time.
HELD = """EXISTS (
    SELECT FROM documents hd
    LEFT JOIN item_versions hv ON hv.document_id = hd.id
    LEFT JOIN items hi ON hi.id = hv.item_id
    WHERE hd.article_id = {article} AND CASE
        WHEN hv.document_id IS NOT NULL THEN NOT hv.withdrawn AND hi.newest = hv.document_id
        ELSE EXISTS (
            SELECT FROM file_documents hp JOIN files hf ON hf.id = hp.file_id
            WHERE hp.document_id = hd.id AND (hf.current OR hf.members > 1 OR hf.missing_since IS NOT NULL
                                              OR hf.after_done_at IS NOT NULL)) END)"""
"""True if a document holds an article in the reports (SQL); `article` is a column with the article's id."""

# Each version waits here for the transaction of any other version of its item, and then sees what that one wrote.
LOCK_ITEM = text(
    """INSERT INTO items (key) VALUES (:key) ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id"""
)
STORED = text(
    """
    SELECT v.item_id, i.key, v.revision, v.withdrawn
    FROM item_versions v JOIN items i ON i.id = v.item_id WHERE v.document_id = :document
    """
)
ADD = text(
    """
    INSERT INTO item_versions (document_id, item_id, revision, withdrawn)
    VALUES (:document, :item, :revision, :withdrawn)
    ON CONFLICT (document_id) DO UPDATE
    SET item_id = excluded.item_id, revision = excluded.revision, withdrawn = excluded.withdrawn
    """
)
REMOVE = text("""DELETE FROM item_versions WHERE document_id = :document""")
RETURN = text(
    """
    UPDATE articles a SET current = true
    FROM documents d
    WHERE d.id = :document AND a.id = d.article_id AND NOT a.current AND EXISTS (
        SELECT FROM file_documents p JOIN files f ON f.id = p.file_id WHERE p.document_id = d.id AND f.current)
    """
)
# The number of a document grows with the time of its arrival, whichever worker stores it.
NEWEST = """
    SELECT nv.document_id FROM item_versions nv WHERE nv.item_id = {item}
    ORDER BY nv.revision DESC NULLS FIRST, nv.document_id DESC LIMIT 1
"""
SET_NEWEST = text(
    f"""
    UPDATE items i SET newest = ({NEWEST.format(item="i.id")}) WHERE id = :item
    RETURNING (SELECT count(*) = 1 AND NOT bool_or(v.withdrawn) FROM item_versions v WHERE v.item_id = i.id)
    """
)
# While these files are locked, no other transaction settles them or makes another content the current one at a path.
LOCK_FILES = text(
    """
    SELECT id FROM files WHERE id IN (
        SELECT p.file_id FROM item_versions v
        JOIN documents d ON d.id = v.document_id
        JOIN documents o ON o.id = d.id OR o.article_id = d.article_id
        JOIN file_documents p ON p.document_id = o.id
        WHERE v.item_id = :item)
    ORDER BY id FOR NO KEY UPDATE
    """
)
# An article with a live version is shown. One that nothing holds any more leaves. Any other stays as it is.
SHOW_NEWEST = text(
    f"""
    UPDATE articles a SET current = verdict.current
    FROM (
        SELECT d.article_id AS id, CASE
            WHEN bool_or({LIVE.format(document="d.id")}) THEN true
            WHEN NOT {HELD.format(article="d.article_id")} THEN false END AS current
        FROM item_versions v JOIN documents d ON d.id = v.document_id
        WHERE v.item_id = :item AND d.article_id IS NOT NULL GROUP BY d.article_id) verdict
    WHERE a.id = verdict.id AND a.current <> verdict.current
    """
)
# Agencies also send a version again with another headline and the same text. The article was stored from the version
# that came first, and takes over what the newest one says, unless it was stored from a source of another kind.
FOLLOW_NEWEST = text(
    """
    UPDATE articles a
    SET title = s.title, url = s.url, authors = s.authors, outlet_id = s.outlet_id,
        published_at = s.published_at, date_source = s.date_source
    FROM items i
    JOIN item_versions n ON n.document_id = i.newest AND NOT n.withdrawn
    JOIN article_sources s ON s.document_id = n.document_id
    JOIN documents d ON d.article_id = s.article_id AND d.state = 'stored' AND d.id <> n.document_id
    JOIN item_versions v ON v.document_id = d.id AND v.item_id = n.item_id
    WHERE i.id = :item AND a.id = s.article_id
    """
)
TELL = text(
    """
    UPDATE documents d SET message = told.message
    FROM (
        SELECT v.document_id, CASE
            WHEN n.withdrawn AND n.document_id = v.document_id
            THEN 'With this version the agency withdraws the item, so the reports leave all its versions out.'
            WHEN n.withdrawn
            THEN 'The agency has withdrawn this item, so the reports leave this version out; '
                 || '`report.withdrawals` names the notice.'
            WHEN nd.article_id IS NULL
            THEN 'A later version of this item was forgotten, so the reports show none.'
            WHEN v.withdrawn OR nd.article_id IS DISTINCT FROM vd.article_id
            THEN 'The reports show a later version of this item instead; `report.withdrawals` names it.' END AS message
        FROM items i
        JOIN item_versions n ON n.document_id = i.newest
        JOIN documents nd ON nd.id = n.document_id
        JOIN item_versions v ON v.item_id = i.id
        JOIN documents vd ON vd.id = v.document_id
        WHERE i.id = :item) told
    WHERE d.id = told.document_id AND d.state IN ('stored', 'duplicate') AND d.message IS DISTINCT FROM told.message
    """
)
# A file of many articles says in its members what became of each; `outcome.SETTLE` counts them when the file ends.
TELL_FILES = text(
    """
    UPDATE files f SET message = told.message
    FROM (
        SELECT p.file_id, nullif(concat_ws(' ', o.note, d.message), '') AS message
        FROM item_versions v
        JOIN documents d ON d.id = v.document_id
        JOIN file_documents p ON p.document_id = d.id
        JOIN files o ON o.id = p.file_id AND o.members = 1
        WHERE v.item_id = :item) told
    WHERE f.id = told.file_id AND f.state IN ('stored', 'duplicate') AND f.message IS DISTINCT FROM told.message
    """
)
HIDE_UNHELD = text(
    f"""
    UPDATE articles a SET current = false
    WHERE a.id = ANY(CAST(:articles AS bigint[])) AND a.current AND NOT {HELD.format(article="a.id")} AND EXISTS (
        SELECT FROM documents d JOIN item_versions v ON v.document_id = d.id WHERE d.article_id = a.id)
    """
)


class StoredVersion(NamedTuple):
    """A version as it is stored: its item with the item's key, and its place among the versions."""

    item_id: int
    key: bytes
    revision: str | None
    is_withdrawn: bool


def lock(connection: Connection, key: bytes) -> int:
    """Lock an item until the transaction ends, and add it if it is new; return its id."""
    return int(connection.execute(LOCK_ITEM, {"key": key}).scalar_one())


def add(connection: Connection, item: int, document_id: int, revision: str | None, *, is_withdrawn: bool) -> None:
    """Store that a document is a version of an item, which the caller has locked."""
    values = {"document": document_id, "item": item, "revision": revision, "withdrawn": is_withdrawn}
    connection.execute(ADD, values)


def remove(connection: Connection, document_id: int) -> None:
    """Store that a document is no version of any item: its article is in the reports if a current file holds it."""
    connection.execute(REMOVE, {"document": document_id})
    connection.execute(RETURN, {"document": document_id})


def stored(connection: Connection, document_id: int) -> StoredVersion | None:
    """Return the version that a document is; None if it is no version of any item."""
    row = connection.execute(STORED, {"document": document_id}).first()
    return StoredVersion(*row) if row else None


def order(connection: Connection, item: int) -> bool:
    """Store which version of an item is the newest; the caller has locked the item.

    Return True if it has only one version, which does not withdraw it.
    """
    return bool(connection.execute(SET_NEWEST, {"item": item}).scalar_one())


def show(connection: Connection, item: int) -> None:
    """Show the newest version of an item in the reports, and no other; say so in the messages of the versions.

    The caller has locked the item, ordered its versions, and stored how their documents ended.
    """
    connection.execute(LOCK_FILES, {"item": item})
    connection.execute(SHOW_NEWEST, {"item": item})
    connection.execute(FOLLOW_NEWEST, {"item": item})
    connection.execute(TELL, {"item": item})
    connection.execute(TELL_FILES, {"item": item})


def hide_unheld(connection: Connection, articles: Collection[int]) -> None:
    """Let those of the articles leave the reports that no document holds there, after some were forgotten."""
    connection.execute(HIDE_UNHELD, {"articles": numbers(articles)})
