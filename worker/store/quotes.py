"""Storing what an extractor found: all of an article's quotes in one transaction, the old set swapped for the new.

A quotation that both versions found keeps its `quote_id`; what changed goes to `quote_history`. A new article is the
same swap with nothing on the old side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from worker.extract.quotation import Mention, Quotation
from worker.store.db import many_rows
from worker.store.pairing import pair
from worker.store.tables.models import Extraction, ExtractorVersion, Quote, QuoteHistory, QuoteSpeaker

ADD_QUOTES = many_rows.adding(
    Quote.__table__,  # type: ignore[arg-type]
    *("article_id", "article_length", "extraction_id", "kind", "text", "parts", "start_char", "end_char"),
    *("source_text", "source_start", "source_end", "cue", "cue_start", "cue_end"),
    *("source_kind", "confidence", "statement_id"),
    returning=True,
)
ADD_SPEAKERS = many_rows.adding(
    QuoteSpeaker.__table__,  # type: ignore[arg-type]
    *("quote_id", "speaker_id", "position", "name", "evidence", "confidence"),
    on_conflict="ON CONFLICT DO NOTHING",
)

REMEMBERED = ("kind", "text", "parts", "source_text", "source_kind", "cue", "confidence")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One speaker of a quotation: row in `speakers`, full name in this article, why and how surely."""

    speaker_id: int
    name: str
    evidence: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """One quotation with everything that is stored of it."""

    quotation: Quotation
    source_kind: str
    speakers: tuple[Spoken, ...]
    statement_id: int | None


@dataclass(frozen=True, slots=True)
class Old:
    """The quotes that readers see now, in order of their ids, and their speakers."""

    version_id: int | None
    generation: int | None
    rows: Sequence[Row[Any]]
    speakers: dict[int, list[Row[Any]]]

    def names(self) -> set[tuple[int, str]]:
        """The (speaker, name form) pairs the article used."""
        return {(row.speaker_id, row.name) for rows in self.speakers.values() for row in rows}


NOTHING = Old(None, None, (), {})


def current(connection: Connection, article_id: int) -> Old:
    """What readers see of an article now."""
    version = connection.execute(
        select(Extraction.version_id, ExtractorVersion.generation)
        .join(ExtractorVersion, ExtractorVersion.id == Extraction.version_id)
        .where(Extraction.article_id == article_id, Extraction.current)
    ).first()
    rows = connection.execute(
        select(Quote.__table__).where(Quote.article_id == article_id, Quote.current).order_by(Quote.id)
    ).all()
    speakers: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(
        select(QuoteSpeaker.__table__)
        .where(QuoteSpeaker.quote_id.in_([row.id for row in rows]))
        .order_by(QuoteSpeaker.quote_id, QuoteSpeaker.position)
    ):
        speakers.setdefault(row.quote_id, []).append(row)
    return Old(version.version_id if version else None, version.generation if version else None, rows, speakers)


def swap(
    connection: Connection,
    article_id: int,
    length: int,
    version_id: int,
    found: Sequence[Found],
    milliseconds: float,
    old: Old = NOTHING,
) -> list[int]:
    """Make `found` what readers see of the article; the quotes' ids in its order."""
    if old.version_id is not None:
        connection.execute(
            update(Extraction).where(Extraction.article_id == article_id, Extraction.current).values(current=False)
        )
    extraction = connection.execute(
        insert(Extraction)
        .values(article_id=article_id, version_id=version_id, quotes=len(found), milliseconds=milliseconds)
        .returning(Extraction.id)
    ).scalar_one()
    columns = [_columns(item, article_id, length, extraction) for item in found]
    pairs = pair([_parts(row.parts) for row in old.rows], [item.quotation.parts for item in found])
    ids = _write(connection, columns, pairs, old)
    _nest(connection, found, ids)
    _retire(connection, old, [row for o, row in enumerate(old.rows) if o not in set(pairs.values())], version_id)
    _attribute(connection, found, ids, [old.rows[o].id for o in pairs.values()])
    if old.version_id is not None:
        _remember(connection, found, ids, pairs, columns, old, version_id)
    return ids


def _parts(flat: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _columns(item: Found, article_id: int, length: int, extraction: int) -> dict[str, Any]:
    quotation = item.quotation
    source, cue = quotation.source, quotation.cue
    return {
        "article_id": article_id,
        "article_length": length,
        "extraction_id": extraction,
        "kind": quotation.kind.value,
        "text": quotation.text,
        "parts": [offset for part in quotation.parts for offset in part],
        "start_char": quotation.start,
        "end_char": quotation.end,
        **_mention("source", "source_text", source),
        **_mention("cue", "cue", cue),
        "source_kind": item.source_kind,
        "confidence": quotation.confidence,
        "statement_id": item.statement_id,
    }


def _mention(prefix: str, words: str, mention: Mention | None) -> dict[str, Any]:
    return {
        words: mention.text if mention else None,
        f"{prefix}_start": mention.start if mention else None,
        f"{prefix}_end": mention.end if mention else None,
    }


def _write(connection: Connection, columns: list[dict[str, Any]], pairs: dict[int, int], old: Old) -> list[int]:
    """Insert the new quotations, update those that continue an old one; ids in order."""
    ids = [old.rows[pairs[n]].id if n in pairs else 0 for n in range(len(columns))]
    for n in pairs:
        connection.execute(update(Quote).where(Quote.id == ids[n]).values(columns[n] | {"inside": None}))
    fresh = [n for n in range(len(columns)) if n not in pairs]
    for n, made in zip(
        fresh, many_rows.add_returning(connection, ADD_QUOTES, [columns[n] for n in fresh]), strict=True
    ):
        ids[n] = made
    return ids


def _nest(connection: Connection, found: Sequence[Found], ids: list[int]) -> None:
    for item, quote_id in zip(found, ids, strict=True):
        if item.quotation.inside is not None:
            outer = ids[item.quotation.inside]
            connection.execute(update(Quote).where(Quote.id == quote_id).values(inside=outer))


def _retire(connection: Connection, old: Old, gone: Sequence[Row[Any]], version_id: int) -> None:
    """Take what the new version did not find out of the readers' sight; it stays in the table and in the history."""
    if not gone:
        return
    connection.execute(update(Quote).where(Quote.id.in_([row.id for row in gone])).values(current=False))
    connection.execute(
        insert(QuoteHistory),
        [
            {
                "quote_id": row.id,
                "change": "removed",
                "old": _old_values(row, old.speakers.get(row.id, [])),
                "old_version_id": old.version_id,
                "new_version_id": version_id,
            }
            for row in gone
        ],
    )


def _attribute(connection: Connection, found: Sequence[Found], ids: list[int], kept: list[int]) -> None:
    if kept:
        connection.execute(delete(QuoteSpeaker).where(QuoteSpeaker.quote_id.in_(kept)))
    rows = [
        {
            "quote_id": quote_id,
            "speaker_id": spoken.speaker_id,
            "position": position,
            "name": spoken.name,
            "evidence": spoken.evidence,
            "confidence": spoken.confidence,
        }
        for item, quote_id in zip(found, ids, strict=True)
        for position, spoken in enumerate(item.speakers)
    ]
    many_rows.add(connection, ADD_SPEAKERS, rows)


def _old_values(row: Row[Any], speakers: Sequence[Row[Any]]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in REMEMBERED} | {"speakers": [speaker.name for speaker in speakers]}


def _remember(
    connection: Connection,
    found: Sequence[Found],
    ids: list[int],
    pairs: dict[int, int],
    columns: list[dict[str, Any]],
    old: Old,
    version_id: int,
) -> None:
    """Write the history of a re-processing: what was added, and the old values of what changed."""
    history: list[dict[str, Any]] = []
    for n, quote_id in enumerate(ids):
        before: dict[str, Any] | None = None
        if n in pairs:
            row = old.rows[pairs[n]]
            before = _old_values(row, old.speakers.get(row.id, []))
            after = {name: columns[n][name] for name in REMEMBERED}
            if before == after | {"speakers": [spoken.name for spoken in found[n].speakers]}:
                continue
        history.append(
            {
                "quote_id": quote_id,
                "change": "changed" if before else "added",
                "old": before,
                "old_version_id": old.version_id,
                "new_version_id": version_id,
            }
        )
    if history:
        connection.execute(insert(QuoteHistory), history)
