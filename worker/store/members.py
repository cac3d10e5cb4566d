"""The writes of intake about the members of a file: their documents, and their positions in the file."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.parse.article import Member
from worker.reasons import FORGOTTEN_MESSAGE, Reason
from worker.store import marks, outcome, ringing
from worker.store.db import many_rows
from worker.store.files import FileClaim

# The bytes of all members travel as one value: the driver escapes an array of `bytea`, which takes four times as long.
# What a person had forgotten is left out.
ADD_DOCUMENTS = text(
    f"""
    INSERT INTO documents (sha256, media_type, raw, name, rung_at)
    SELECT sha256, media_type, substring(CAST(:raws AS bytea) FROM first FOR size), name,
           CASE WHEN {ringing.room("documents", ":most")} > 0 THEN now() END
    FROM unnest(
        CAST(:hashes AS bytea[]), CAST(:media_types AS text[]), CAST(:firsts AS int[]), CAST(:sizes AS int[]),
        CAST(:names AS text[])
    ) WITH ORDINALITY AS r (sha256, media_type, first, size, name, place)
    WHERE NOT EXISTS (SELECT FROM forgotten m WHERE m.hash = r.sha256 AND m.kind = 'document')
    ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING sha256, media_type, id, rung_at IS NOT NULL AS rung
    """
)
# Of a document that a person had forgotten only the hash is stored.
ADD_FORGOTTEN = text(
    """
    INSERT INTO documents (sha256, media_type, name, state, reason, message, finished_at)
    SELECT sha256, media_type, name, 'ignored', :reason, :message, now()
    FROM unnest(CAST(:hashes AS bytea[]), CAST(:media_types AS text[]), CAST(:names AS text[]))
        AS r (sha256, media_type, name)
    ORDER BY sha256, media_type
    ON CONFLICT DO NOTHING
    """
)
DOCUMENTS_OF = text(
    """
    SELECT d.sha256, d.media_type, d.id
    FROM unnest(CAST(:hashes AS bytea[]), CAST(:media_types AS text[])) AS r (sha256, media_type)
    JOIN documents d ON d.sha256 = r.sha256 AND d.media_type = r.media_type
    """
)
ADD_PLACES = many_rows.adding(
    "file_documents",
    *("file_id bigint", "position bigint", "member text", "document_id bigint", "reason text", "message text"),
    on_conflict="ON CONFLICT DO NOTHING",
)
LOCK_EMPTIED = text("""SELECT 1 FROM documents WHERE id = :id AND raw IS NULL FOR UPDATE""")
REVIVE = text(
    f"""
    UPDATE documents
    SET raw = :raw, state = 'waiting', reason = NULL, message = NULL, finished_at = NULL, strikes = 0,
        rung_at = CASE WHEN {ringing.room("documents", ":most")} > 0 THEN now() END
    WHERE id = :id
    RETURNING rung_at IS NOT NULL
    """
)
HOLDERS = text("""SELECT DISTINCT file_id FROM file_documents WHERE document_id = :id""")


class Added(NamedTuple):
    """The ids of the documents of a batch, and those of them that are new or wait again, and count as rung."""

    documents: list[int]
    rung: list[int]


def add_members(
    connection: Connection, claim: FileClaim, position: int, members: Sequence[Member], *, most: int = 0
) -> Added:
    """Store a batch of members at consecutive positions.

    The documents that now wait count as rung at once if fewer than `most` doorbells are outstanding.
    """
    hashed = [(hashlib.sha256(member.raw).digest(), member) for member in members]
    sound = {(digest, member.media_type): member for digest, member in hashed if member.reason is None}
    documents, rung = _add_documents(connection, sound, claim.row.shown, most)
    places = [
        {
            "file_id": claim.id,
            "position": position + offset,
            "member": member.name,
            "document_id": documents.get((digest, member.media_type)) if member.reason is None else None,
            "reason": member.reason,
            "message": member.message,
        }
        for offset, (digest, member) in enumerate(hashed)
    ]
    many_rows.add(connection, ADD_PLACES, places)
    return Added(list(documents.values()), rung)


Content = tuple[bytes, str]
"""The SHA-256 and the media type, which together identify a document."""


def _add_documents(
    connection: Connection, members: dict[Content, Member], shown: str, most: int
) -> tuple[dict[Content, int], list[int]]:
    """Store the documents that are new; return the ids of all the documents, new and old, and those that are rung."""
    if not members:
        return {}, []
    # Every worker inserts documents in the same order. So two workers with the same members may wait for each other,
    # but never in a deadlock.
    contents = sorted(members)
    sizes = [len(members[content].raw) for content in contents]
    values = {
        "raws": b"".join(members[content].raw for content in contents),
        "firsts": [1 + end - size for end, size in zip(accumulate(sizes), sizes, strict=True)],
        "sizes": sizes,
        "names": [members[content].name or shown for content in contents],
        "most": most,
    }
    added = connection.execute(ADD_DOCUMENTS, values | _columns(contents)).all()
    documents = {(row.sha256, row.media_type): row.id for row in added}
    rung = [row.id for row in added if row.rung]
    left = sorted(members.keys() - documents.keys())
    forgotten = marks.among(connection, {sha256 for sha256, _ in left}, "document")
    unwanted = [content for content in left if content[0] in forgotten]
    if unwanted:
        names = [members[content].name or shown for content in unwanted]
        values = {"names": names, "reason": Reason.FORGOTTEN.value, "message": FORGOTTEN_MESSAGE}
        connection.execute(ADD_FORGOTTEN, values | _columns(unwanted))
    if left:
        documents |= {(row.sha256, row.media_type): row.id for row in connection.execute(DOCUMENTS_OF, _columns(left))}
        for content in left:
            if content[0] not in forgotten:
                document_id = documents[content]
                if _revive(connection, document_id, members[content].raw, most):
                    rung.append(document_id)
    return documents, sorted(rung)


def _columns(contents: Sequence[Content]) -> dict[str, list[Any]]:
    return {"hashes": [sha256 for sha256, _ in contents], "media_types": [media_type for _, media_type in contents]}


def _revive(connection: Connection, document_id: int, raw: bytes, most: int) -> bool:
    """If this document was emptied, and the decision to forget it was undone, store its bytes again and let it wait.

    Return whether it counts as rung.
    """
    if connection.execute(LOCK_EMPTIED, {"id": document_id}).first() is None:
        return False
    is_rung = bool(connection.execute(REVIVE, {"id": document_id, "raw": raw, "most": most}).scalar())
    outcome.reopen(connection, list(connection.execute(HOLDERS, {"id": document_id}).scalars()))
    return is_rung


def batches(members: Iterable[Member], *, most: int = 500, most_bytes: int = 16_000_000) -> Iterable[list[Member]]:
    """Yield members in batches of at most `most` members and about `most_bytes` bytes, each for one transaction."""
    batch: list[Member] = []
    size = 0
    for member in members:
        batch.append(member)
        size += len(member.raw)
        if len(batch) >= most or size >= most_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
