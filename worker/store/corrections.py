"""Corrections by people: the queries with which a decision reads and changes the current quotes of an article."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypedDict

from sqlalchemy import Connection, text

from worker.store.cuts import READ_PARTS
from worker.store.db import many_rows

ARTICLE_OF = text("""SELECT article_id FROM quotes WHERE id = :quote AND current""")
DAY_OF = text("""SELECT CAST(published_at AT TIME ZONE 'UTC' AS date) FROM articles WHERE id = :article""")
IS_STORED = text("""SELECT EXISTS (SELECT FROM quotes WHERE id = :quote)""")
CURRENT_QUOTES = text(
    f"""
    SELECT id, text, {READ_PARTS} AS parts, source_text, source_kind, added, rejected FROM quotes
    WHERE article_id = :article AND current ORDER BY id
    """
)
SPEAKERS = text(
    """
    SELECT q.name, q.evidence, q.confidence, s.kind
    FROM quote_speakers q JOIN speakers s ON s.id = q.speaker_id
    WHERE q.quote_id = :quote ORDER BY q.position
    """
)

RESTORE_ALL = text(
    """
    UPDATE quotes SET rejected = false, accepted = false
    WHERE article_id = :article AND current AND (rejected OR accepted)
    """
)
SET_REJECTED = text("""UPDATE quotes SET rejected = :rejected WHERE id = :quote""")
SET_ACCEPTED = text("""UPDATE quotes SET accepted = :accepted WHERE id = :quote""")
SET_SOURCE_KIND = text("""UPDATE quotes SET source_kind = :source_kind WHERE id = :quote""")
PUT_BACK = text(
    """UPDATE quotes SET source_kind = :source_kind, rejected = false, accepted = false WHERE id = :quote"""
)
REMOVE_SPEAKERS = text("""DELETE FROM quote_speakers WHERE quote_id = :quote""")
ADD_SPEAKER_BY_HAND = text(
    """
    INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence, by_hand)
    VALUES (:quote, :speaker, :name, :evidence, 1, true)
    """
)
ADD_SPEAKERS = many_rows.adding(
    "quote_speakers",
    *("quote_id bigint", "speaker_id bigint", "position integer", "name text", "evidence text", "confidence float"),
)

BY_HAND = "a person"
"""The evidence that is stored for a speaker whom a person named."""


class CurrentQuote(NamedTuple):
    """A quote of an article as it was last read; readers see it unless it is rejected, or under the floor.

    `parts` is where the extractor read it, also if a person cut its words anew. `added`: no extractor reads it.
    """

    id: int
    text: str
    parts: list[int]
    source_text: str | None
    source_kind: str
    added: bool
    rejected: bool


class MachineSpeaker(TypedDict):
    """A speaker that the machine named.

    The name and the kind are stored, not the id, because the speaker's row may be deleted or merged later.
    """

    name: str
    evidence: str
    confidence: float
    kind: str


class MachineAttribution(TypedDict):
    """The source that the machine gave a quote.

    It is stored with a decision, so that it can be put back when the decision is undone.
    """

    source_kind: str
    speakers: list[MachineSpeaker]


def article_of(connection: Connection, quote_id: int) -> int | None:
    """Return the id of the article of a current quote; None if no current quote has this id."""
    article_id = connection.execute(ARTICLE_OF, {"quote": quote_id}).scalar()
    return int(article_id) if article_id is not None else None


def day_of(connection: Connection, article_id: int) -> date | None:
    """Return the day (UTC) on which an article was published; None if it is not known."""
    day: date | None = connection.execute(DAY_OF, {"article": article_id}).scalar_one()
    return day


def is_stored(connection: Connection, quote_id: int) -> bool:
    """True if there is a quote with this id, current or not."""
    return bool(connection.execute(IS_STORED, {"quote": quote_id}).scalar_one())


def current_quotes(connection: Connection, article_id: int) -> dict[int, CurrentQuote]:
    """Return the current quotes of an article, by id."""
    rows = connection.execute(CURRENT_QUOTES, {"article": article_id})
    return {row.id: CurrentQuote(*row) for row in rows}


def attribution(connection: Connection, quote: CurrentQuote) -> MachineAttribution:
    """Return the source that a quote has now."""
    speakers: list[MachineSpeaker] = [
        {"name": row.name, "evidence": row.evidence, "confidence": row.confidence, "kind": row.kind}
        for row in connection.execute(SPEAKERS, {"quote": quote.id})
    ]
    return {"source_kind": quote.source_kind, "speakers": speakers}


def restore_all(connection: Connection, article_id: int) -> None:
    """Take back, for all current quotes of an article, that they are rejected or accepted."""
    connection.execute(RESTORE_ALL, {"article": article_id})


def set_rejected(connection: Connection, quote_id: int, rejected: bool) -> None:
    """Reject a quote, or restore it."""
    connection.execute(SET_REJECTED, {"quote": quote_id, "rejected": rejected})


def set_accepted(connection: Connection, quote_id: int, accepted: bool) -> None:
    """Let readers see a quote whatever its confidence is, or only if its confidence reaches the floor."""
    connection.execute(SET_ACCEPTED, {"quote": quote_id, "accepted": accepted})


def remove_speakers(connection: Connection, quote_id: int) -> None:
    """Delete all speakers of a quote."""
    connection.execute(REMOVE_SPEAKERS, {"quote": quote_id})


def add_speaker(connection: Connection, quote_id: int, speaker_id: int, name: str) -> None:
    """Give a quote the speaker that a person named."""
    values = {"quote": quote_id, "speaker": speaker_id, "name": name, "evidence": BY_HAND}
    connection.execute(ADD_SPEAKER_BY_HAND, values)


def set_source_kind(connection: Connection, quote_id: int, source_kind: str) -> None:
    """Set the kind of a quote's source: person, body, unnamed or none."""
    connection.execute(SET_SOURCE_KIND, {"quote": quote_id, "source_kind": source_kind})


def put_back(connection: Connection, quote_id: int, machine: MachineAttribution, speaker_ids: Sequence[int]) -> None:
    """Give a quote the source that the machine had named, instead of the source that a person named.

    `speaker_ids` holds, for each speaker in `machine`, the id of the speaker that this name belongs to now. If two
    names belong to one speaker by now, only the first of them is stored.
    """
    connection.execute(REMOVE_SPEAKERS, {"quote": quote_id})
    rows: dict[int, dict[str, object]] = {}
    for position, (speaker_id, speaker) in enumerate(zip(speaker_ids, machine["speakers"], strict=True)):
        row = {"name": speaker["name"], "evidence": speaker["evidence"], "confidence": speaker["confidence"]}
        rows.setdefault(speaker_id, row | {"quote_id": quote_id, "speaker_id": speaker_id, "position": position})
    many_rows.add(connection, ADD_SPEAKERS, list(rows.values()))
    connection.execute(PUT_BACK, {"quote": quote_id, "source_kind": machine["source_kind"]})
