"""When a version of an agency's item arrives, or is parsed again: which version the reports show."""

from sqlalchemy import Connection

from worker.dedupe.identity import Version
from worker.store import versions


def arrive(connection: Connection, document_id: int, version: Version | None, *, is_new: bool) -> None:
    """Store which version of an item a document is, once its end is stored, and let the reports follow.

    `is_new`: its text is that of no other document. An article without versions, as nearly all are, costs nothing here.
    """
    if version is not None:
        item, is_alone = _place(connection, document_id, version)
        if not (is_alone and is_new):
            versions.show(connection, item)


def read_again(connection: Connection, document_id: int, version: Version | None) -> None:
    """Store which version a document is by a new parser, and let the reports follow if that makes a difference.

    The version that was stored before may be one of another item, or none.
    """
    before = versions.stored(connection, document_id)
    if before is None and version is None:
        return
    if before is not None and version == Version(before.key, before.revision, before.is_withdrawn):
        return
    # Both items are locked before any file: two re-readings that exchange their items would wait for each other.
    keys = {*([] if before is None else [before.key]), *([] if version is None else [version.item])}
    for key in sorted(keys):
        versions.lock(connection, key)
    if version is not None:
        item, _ = _place(connection, document_id, version)
        versions.show(connection, item)
    else:
        versions.remove(connection, document_id)
    if before is not None and (version is None or before.key != version.item):
        versions.order(connection, before.item_id)
        versions.show(connection, before.item_id)


def _place(connection: Connection, document_id: int, version: Version) -> tuple[int, bool]:
    """Store a version; return its item, and True if it is the item's only version, and does not withdraw it."""
    item = versions.lock(connection, version.item)
    versions.add(connection, item, document_id, version.revision, is_withdrawn=version.is_withdrawn)
    return item, versions.order(connection, item)
