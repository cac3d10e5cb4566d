"""When a version of an agency's item arrives, or is parsed again: which version the reports show."""

from sqlalchemy import Connection

from worker.dedupe.identity import Version
from worker.store import versions


def arrive(connection: Connection, document_id: int, version: Version | None) -> None:
    """Store which version of an item a document is, once its end is stored, and let the reports follow.

    An article without versions, as nearly all are, costs nothing here.
    """
    if version is None:
        return
    item = versions.lock(connection, version.item)
    versions.add(connection, item, document_id, version.revision, is_withdrawn=version.is_withdrawn)
    if not versions.order(connection, item).is_alone:
        versions.show(connection, item, document_id)


def read_again(connection: Connection, document_id: int, version: Version | None) -> None:
    """Store which version a document is by a new parser, and let the reports follow if that makes a difference.

    The version that was stored before may be one of another item, or none.
    """
    before = versions.stored(connection, document_id)
    same = before is not None and version is not None and before.key == version.item
    if same and (before.revision, before.is_withdrawn) == (version.revision, version.is_withdrawn):  # type: ignore[union-attr]
        return
    item = versions.lock(connection, version.item) if version else None
    if version is None or item is None:
        versions.remove(connection, document_id)
    else:
        versions.add(connection, item, document_id, version.revision, is_withdrawn=version.is_withdrawn)
        if not versions.order(connection, item).is_alone or before is not None:
            was_hidden = before is not None and not before.is_live
            versions.show(connection, item, document_id if was_hidden else None)
    if before is not None and not same:
        versions.lock(connection, before.key)
        left = versions.order(connection, before.item_id)
        versions.show(connection, before.item_id, left.newest if before.is_live else None)
