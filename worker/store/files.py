"""What intake writes: the content of a file at its path, its documents and their places, and early ends."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from worker.parse.article import Member
from worker.reasons import Refused
from worker.store import decisions, outcome
from worker.store.ledger import Claim, fence
from worker.store.sightings import Stat
from worker.store.tables.models import Document, File, FileDocument

WHOLE = ("split", "stored", "duplicate")  # states of a file that was taken in
MOST_KNOWN = 50  # rows of one content that are looked at


@dataclass(frozen=True, slots=True)
class Seen:
    """A content as it was read at a path: the SHA-256 of the bytes, and the file's stat."""

    sha256: bytes
    stat: Stat

    def columns(self) -> dict[str, Any]:
        """The columns of `files` that hold it."""
        return {"sha256": self.sha256, **self.stat._asdict()}


@dataclass(frozen=True, slots=True)
class Known:
    """Rows that already hold the content that a claimed file turned out to have."""

    here: int | None  # the same path had it before
    moved: Sequence[tuple[int, bytes]]  # current rows of the inbox with this inode and these bytes: perhaps renamed
    split: int | None  # the first file of any path whose documents are known
    unread: frozenset[int]  # rows to be read again: refused as a whole, or forgotten and perhaps let in again


def known(connection: Connection, claim: Claim, seen: Seen) -> Known:
    """Look the content up."""
    emptied = (
        select(FileDocument.file_id)
        .join(Document, Document.id == FileDocument.document_id)
        .where(FileDocument.file_id == File.id, Document.raw.is_(None))
        .exists()
    )
    refused = (
        select(FileDocument.file_id).where(FileDocument.file_id == File.id, FileDocument.document_id.is_(None)).exists()
    )
    columns = (File.id, File.inbox_id, File.path, File.inode, File.current, File.state, File.members)
    inbox, path = claim.row.inbox_id, claim.row.path
    # Those that matter most come first: one text under ten thousand names must not cost ten thousand rows a file.
    rows = connection.execute(
        select(*columns, emptied.label("emptied"), refused.label("refused"))
        .where(File.sha256 == seen.sha256, File.id != claim.id)
        .order_by(
            and_(File.inbox_id == inbox, File.path == path).desc(),
            and_(File.inbox_id == inbox, File.inode == seen.stat.inode, File.current).desc(),
            and_(File.state.in_(WHOLE), File.members > 0).desc(),
            File.id,
        )
        .limit(MOST_KNOWN)
    ).all()
    here = next((row.id for row in rows if row.inbox_id == inbox and row.path == path), None)
    moved = [
        (row.id, row.path)
        for row in rows
        if row.inbox_id == inbox and row.path != path and row.inode == seen.stat.inode and row.current
    ]
    # Only a file that was taken in whole is shared from; `members` is set by the end of its splitting.
    whole = sorted((row for row in rows if row.state in WHOLE and row.members), key=lambda row: row.id)
    done = next((row.id for row in whole if not row.emptied and not row.refused), None)
    ended = [row for row in rows if row.state in ("quarantined", "ignored") and not row.members]
    return Known(here, moved, done, frozenset(row.id for row in rows if row.emptied or row in ended))


def displace(connection: Connection, claim: Claim) -> int | None:
    """Make room for a new current content at the claimed row's path; the row it replaces, if it was there until now."""
    displaced = connection.execute(
        update(File)
        .where(File.inbox_id == claim.row.inbox_id, File.path == claim.row.path, File.current, File.id != claim.id)
        .values(current=False)
        .returning(File.id, File.missing_since, File.after_done_at)
    ).first()
    if displaced is None or displaced.missing_since or displaced.after_done_at:
        return None
    return int(displaced.id)


def adopt(connection: Connection, claim: Claim, older: int, seen: Seen) -> None:
    """Give the claimed row's place to an older row with the same bytes: touched, come back, or renamed."""
    fence(connection, claim)
    replaces = displace(connection, claim)
    connection.execute(File.__table__.delete().where(File.id == claim.id))  # type: ignore[attr-defined]
    connection.execute(
        update(File)
        .where(File.id == older)
        .values(
            **seen.columns(),
            path=claim.row.path,
            shown=claim.row.shown,
            current=True,
            missing_since=None,
            after=claim.row.after,
            after_done_at=None,
            after_reason=None,
            after_message=None,
            replaces=replaces if replaces != older else File.replaces,
        )
    )


def read_again(connection: Connection, file_id: int) -> None:
    """Let a file that has ended wait to be read once more."""
    free = {"reason": None, "message": None, "finished_at": None, "rung_at": None}
    again = {"state": "waiting", "members": 0, "strikes": 0, **free}
    connection.execute(update(File).where(File.id == file_id).values(again))


def begin(connection: Connection, claim: Claim, seen: Seen) -> None:
    """Write down what the claimed file holds and that it is its path's current content."""
    replaces = displace(connection, claim)
    connection.execute(
        update(File)
        .where(File.id == claim.id)
        .values(**seen.columns(), current=True, replaces=func.coalesce(File.replaces, replaces), missing_since=None)
    )


def share(connection: Connection, claim: Claim, first: int) -> None:
    """Let the claimed file take its documents and its state from an earlier one with the same bytes."""
    copied = connection.execute(
        text(
            "INSERT INTO file_documents (file_id, position, member, document_id, reason, message)"
            " SELECT :mine, position, member, document_id, reason, message FROM file_documents WHERE file_id = :first"
            " ON CONFLICT DO NOTHING"
        ),
        {"mine": claim.id, "first": first},
    ).rowcount
    finish_split(connection, claim, copied)


def add_members(connection: Connection, claim: Claim, position: int, members: Sequence[Member]) -> list[int]:
    """Store a batch of members at consecutive positions; the ids of their documents, None left out."""
    hashed = [(hashlib.sha256(member.raw).digest(), member) for member in members]
    rows = {
        (digest, member.media_type): {
            "sha256": digest,
            "media_type": member.media_type,
            "raw": member.raw,
            "name": member.name or claim.row.shown,
        }
        for digest, member in hashed
        if member.reason is None
    }
    raw = {(digest, member.media_type): member.raw for digest, member in hashed}
    ids: dict[tuple[bytes, str], int] = {}
    if rows:
        # In one order everywhere, so that two workers with the same members wait for each other but never in a ring.
        ordered = [rows[key] for key in sorted(rows)]
        added = insert(Document).on_conflict_do_nothing()
        made = connection.execute(added.returning(Document.sha256, Document.media_type, Document.id), ordered)
        ids = {(row.sha256, row.media_type): row.id for row in made}
        missing = sorted(rows.keys() - ids.keys())
        if missing:
            found = connection.execute(
                select(Document.sha256, Document.media_type, Document.id).where(
                    tuple_(Document.sha256, Document.media_type).in_(missing)
                )
            )
            ids |= {(row.sha256, row.media_type): row.id for row in found}
            for key in missing:
                _revive(connection, ids[key], key[0], raw[key])
    places = [
        {
            "file_id": claim.id,
            "position": position + offset,
            "member": member.name,
            "document_id": ids.get((digest, member.media_type)) if member.reason is None else None,
            "reason": member.reason,
            "message": member.message,
        }
        for offset, (digest, member) in enumerate(hashed)
    ]
    connection.execute(insert(FileDocument).on_conflict_do_nothing(), places)
    return list(ids.values())


def _revive(connection: Connection, document: int, sha256: bytes, raw: bytes) -> None:
    """Let a forgotten document in again whose ban a person has lifted: it takes its bytes and waits."""
    emptied = select(Document.id).where(Document.id == document, Document.raw.is_(None)).with_for_update()
    if connection.execute(emptied).first() is None or decisions.is_forgotten(connection, document_sha256=sha256):
        return
    free = {"reason": None, "message": None, "finished_at": None, "rung_at": None, "strikes": 0}
    connection.execute(update(Document).where(Document.id == document).values(raw=raw, state="waiting", **free))
    holders = select(FileDocument.file_id).where(FileDocument.document_id == document).distinct()
    outcome.reopen(connection, list(connection.execute(holders).scalars()))


def finish_split(connection: Connection, claim: Claim, members: int) -> None:
    """All members are stored: from now on the file's state follows from theirs."""
    connection.execute(
        update(File)
        .where(File.id == claim.id)
        .values(state="split", members=members, claimed_by=None, claimed_at=None, lease_until=None)
    )


def finish_refused(connection: Connection, claim: Claim, refused: Refused) -> None:
    """End a file that gives no document."""
    fence(connection, claim)
    connection.execute(
        update(File)
        .where(File.id == claim.id)
        .values(
            state=refused.reason.state,
            reason=refused.reason,
            message=refused.message,
            finished_at=func.now(),
            claimed_by=None,
            claimed_at=None,
            lease_until=None,
        )
    )


def wait_again(connection: Connection, claim: Claim, *, rung: bool = False) -> None:
    """Put a file that is not at rest back; it is rung again by the next sweep, or by the watcher's next sighting."""
    connection.execute(
        update(File)
        .where(File.id == claim.id, File.attempt == claim.attempt, File.state == "reading")
        .values(
            state="waiting",
            claimed_by=None,
            claimed_at=None,
            lease_until=None,
            rung_at=func.now() if rung else None,
        )
    )


def batches(members: Iterable[Member], *, most: int = 500, most_bytes: int = 16_000_000) -> Iterable[list[Member]]:
    """Members in batches of at most `most` and about `most_bytes` bytes, for one transaction each."""
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
