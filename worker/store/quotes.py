"""Rows of quotes: one transaction stores all quotations that an extractor read in an article. They replace older ones.

A quotation that both extractor versions read keeps its row; if it has changed, its old values go to `quote_history`.
For a new article the swap is the same, but there are no old quotations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.extract.quotation import Mention, Quotation
from worker.store.cuts import READ_PARTS
from worker.store.db import many_rows
from worker.store.db.many_rows import numbers
from worker.store.pairing import pair, parts_of

CURRENT_VERSION = text(
    """
    SELECT e.version_id, v.generation
    FROM extractions e JOIN extractor_versions v ON v.id = e.version_id
    WHERE e.article_id = :article AND e.current
    """
)
CURRENT_QUOTES = text(
    f"""
    SELECT id, coalesce(read_as ->> 'kind', kind) AS kind, coalesce(read_as ->> 'text', text) AS text,
           {READ_PARTS} AS parts, source_text, source_kind, speaks_for, cue, confidence, denied, statement_id,
           added
    FROM quotes WHERE article_id = :article AND current ORDER BY id
    """
)
# A form whose quotes are still being moved belongs to the target already (`worker.store.moves`).
SPEAKERS = text(
    """
    SELECT s.quote_id, coalesce(m.target, s.speaker_id) AS speaker_id, s.name
    FROM quote_speakers s LEFT JOIN form_moves m ON m.source = s.speaker_id AND m.name = s.name
    WHERE s.quote_id = ANY(CAST(:quotes AS bigint[])) ORDER BY s.quote_id, s.position
    """
)

RETIRE_EXTRACTION = text("""UPDATE extractions SET current = false WHERE article_id = :article AND current""")
ADD_EXTRACTION = text(
    """
    INSERT INTO extractions (article_id, version_id, quotes, milliseconds)
    VALUES (:article, :version, :quotes, :milliseconds) RETURNING id
    """
)
COLUMNS = (
    "article_id bigint",
    "article_length integer",
    "language text",
    "extraction_id bigint",
    "kind text",
    "text text",
    "parts integer[]",
    "start_char integer",
    "end_char integer",
    "source_text text",
    "source_start integer",
    "source_end integer",
    "cue text",
    "cue_start integer",
    "cue_end integer",
    "source_kind text",
    "speaks_for text",
    "confidence float",
    "denied boolean",
    "context_start integer",
    "context_end integer",
    "statement_id bigint",
)
ADD_QUOTES = many_rows.adding("quotes", *COLUMNS, returning=True)
UPDATE_QUOTES = many_rows.updating("quotes", *COLUMNS, also="inside = NULL, read_as = NULL, added = false")
NEST = text(
    """
    UPDATE quotes q SET inside = n.outer_id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:outers AS bigint[])) AS n (id, outer_id)
    WHERE q.id = n.id
    """
)
RETIRE_QUOTES = text("""UPDATE quotes SET current = false WHERE id = ANY(CAST(:quotes AS bigint[]))""")

REMOVE_SPEAKERS = text("""DELETE FROM quote_speakers WHERE quote_id = ANY(CAST(:quotes AS bigint[]))""")
ADD_SPEAKERS = many_rows.adding(
    "quote_speakers",
    *("quote_id bigint", "speaker_id bigint", "position integer", "name text", "evidence text", "confidence float"),
    on_conflict="ON CONFLICT (speaker_id, quote_id) DO NOTHING",
)
# An added quotation has no old values. The column then holds the null of JSON, not the NULL of SQL.
ADD_HISTORY = text(
    """
    INSERT INTO quote_history (quote_id, change, old, old_version_id, new_version_id)
    SELECT quote_id, change, coalesce(old, 'null'), old_version_id, new_version_id
    FROM json_to_recordset(CAST(:rows AS json))
        AS r(quote_id bigint, change text, old jsonb, old_version_id bigint, new_version_id bigint)
    """
)

REMEMBERED = ("kind", "text", "parts", "source_text", "source_kind", "speaks_for", "cue", "confidence", "denied")
"""Keep these values of a quote in its history."""


@dataclass(frozen=True, slots=True)
class SpeakerInput:
    """One speaker of a quotation: id in `speakers`, full name in this article, evidence and confidence."""

    speaker_id: int
    name: str
    evidence: str
    confidence: float


@dataclass(frozen=True, slots=True)
class QuoteInput:
    """One quotation with everything that is stored with it.

    `speaks_for` names the body or person on whose behalf an unnamed source speaks.
    """

    quotation: Quotation
    source_kind: str
    speakers: tuple[SpeakerInput, ...]
    statement_id: int | None
    speaks_for: str | None = None


class StoredQuote(NamedTuple):
    """The columns of a quote that are compared with the new values, and kept in the history.

    Where a person cut the words anew, the values are those that the extractor read.
    """

    id: int
    kind: str
    text: str
    parts: list[int]
    source_text: str | None
    source_kind: str
    speaks_for: str | None
    cue: str | None
    confidence: float
    denied: bool
    statement_id: int | None
    added: bool


class StoredSpeaker(NamedTuple):
    """A speaker of a stored quote, with the speaker's full name in the article."""

    quote_id: int
    speaker_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OldQuotes:
    """The current quotes of an article, which readers see, in order of their ids; and their speakers."""

    version_id: int | None
    generation: int | None
    rows: Sequence[StoredQuote]
    speakers: dict[int, list[StoredSpeaker]]

    def names(self) -> set[tuple[int, str]]:
        """Return the (speaker, name form) pairs that the article used."""
        return {(row.speaker_id, row.name) for rows in self.speakers.values() for row in rows}

    def statements(self) -> set[int]:
        """Return the statements to which the quotes belonged."""
        return {row.statement_id for row in self.rows if row.statement_id is not None}


NOTHING = OldQuotes(None, None, (), {})


def current(connection: Connection, article_id: int) -> OldQuotes:
    """Return the quotes of an article that readers see now."""
    version = connection.execute(CURRENT_VERSION, {"article": article_id}).first()
    rows = [StoredQuote(*row) for row in connection.execute(CURRENT_QUOTES, {"article": article_id})]
    speakers: dict[int, list[StoredSpeaker]] = {}
    for row in connection.execute(SPEAKERS, {"quotes": numbers(row.id for row in rows)}):
        speakers.setdefault(row.quote_id, []).append(StoredSpeaker(*row))
    return OldQuotes(version.version_id if version else None, version.generation if version else None, rows, speakers)


def swap(
    connection: Connection,
    article_id: int,
    length: int,
    language: str | None,
    version_id: int,
    quotes: Sequence[QuoteInput],
    milliseconds: float,
    old: OldQuotes = NOTHING,
) -> list[int]:
    """Make `quotes` the current quotes of the article, which readers see; return their ids in the same order.

    `length` is the number of code points of its text, and `language` is its ISO 639-1 code; None: not known.

    A quote that is kept may belong to another statement now. Its old statement may have no quote any more, or still
    have the words of this quote, so the caller must reword `old.statements()`.
    """
    if old.version_id is not None:
        connection.execute(RETIRE_EXTRACTION, {"article": article_id})
    extraction = {"article": article_id, "version": version_id, "quotes": len(quotes), "milliseconds": milliseconds}
    extraction_id = connection.execute(ADD_EXTRACTION, extraction).scalar_one()
    of_article = {"article_id": article_id, "article_length": length, "language": language}
    columns = [of_article | _columns(quote, extraction_id) for quote in quotes]
    pairs = pair([parts_of(row.parts) for row in old.rows], [quote.quotation.parts for quote in quotes])
    continued = set(pairs.values())
    ids = _write(connection, columns, pairs, old)
    _nest(connection, quotes, ids)
    _retire(connection, old, [row for o, row in enumerate(old.rows) if o not in continued], version_id)
    _attribute(connection, quotes, ids, [old.rows[o].id for o in pairs.values()])
    if old.version_id is not None:
        _remember(connection, quotes, ids, pairs, columns, old, version_id)
    return ids


def _columns(quote: QuoteInput, extraction_id: int) -> dict[str, Any]:
    quotation = quote.quotation
    return {
        "extraction_id": extraction_id,
        "kind": quotation.kind.value,
        "text": quotation.text,
        "parts": [offset for part in quotation.parts for offset in part],
        "start_char": quotation.start,
        "end_char": quotation.end,
        **_mention("source", "source_text", quotation.source),
        **_mention("cue", "cue", quotation.cue),
        "source_kind": quote.source_kind,
        "speaks_for": quote.speaks_for,
        "confidence": quotation.confidence,
        "denied": quotation.denied,
        "context_start": quotation.context[0] if quotation.context else None,
        "context_end": quotation.context[1] if quotation.context else None,
        "statement_id": quote.statement_id,
    }


def _mention(prefix: str, words: str, mention: Mention | None) -> dict[str, Any]:
    return {
        words: mention.text if mention else None,
        f"{prefix}_start": mention.start if mention else None,
        f"{prefix}_end": mention.end if mention else None,
    }


def _write(connection: Connection, columns: list[dict[str, Any]], pairs: dict[int, int], old: OldQuotes) -> list[int]:
    """Insert the new quotations, and update those that continue an old one; return the ids in order."""
    ids = [old.rows[pairs[n]].id if n in pairs else 0 for n in range(len(columns))]
    many_rows.add(connection, UPDATE_QUOTES, [columns[n] | {"id": ids[n]} for n in pairs])
    fresh = [n for n in range(len(columns)) if n not in pairs]
    added = many_rows.add_returning(connection, ADD_QUOTES, [columns[n] for n in fresh])
    for n, quote_id in zip(fresh, added, strict=True):
        ids[n] = quote_id
    return ids


def _nest(connection: Connection, quotes: Sequence[QuoteInput], ids: list[int]) -> None:
    nested = {
        quote_id: ids[quote.quotation.inside]
        for quote, quote_id in zip(quotes, ids, strict=True)
        if quote.quotation.inside is not None
    }
    if nested:
        connection.execute(NEST, {"ids": numbers(nested), "outers": numbers(nested.values())})


def _retire(connection: Connection, old: OldQuotes, gone: Sequence[StoredQuote], version_id: int) -> None:
    """Hide from readers each quotation that the new version did not read; the table and the history keep it.

    One that a person added returns when the caller applies the person's decision again, so the history is silent.
    """
    if not gone:
        return
    connection.execute(RETIRE_QUOTES, {"quotes": numbers(row.id for row in gone)})
    history = [_history(row.id, "removed", _old_values(row, old), old, version_id) for row in gone if not row.added]
    many_rows.add(connection, ADD_HISTORY, history)


def _attribute(connection: Connection, quotes: Sequence[QuoteInput], ids: list[int], kept: list[int]) -> None:
    if kept:
        connection.execute(REMOVE_SPEAKERS, {"quotes": numbers(kept)})
    rows = [
        {
            "quote_id": quote_id,
            "speaker_id": speaker.speaker_id,
            "position": position,
            "name": speaker.name,
            "evidence": speaker.evidence,
            "confidence": speaker.confidence,
        }
        for quote, quote_id in zip(quotes, ids, strict=True)
        for position, speaker in enumerate(quote.speakers)
    ]
    many_rows.add(connection, ADD_SPEAKERS, rows)


def _old_values(row: StoredQuote, old: OldQuotes) -> dict[str, Any]:
    speakers = [speaker.name for speaker in old.speakers.get(row.id, [])]
    return {name: getattr(row, name) for name in REMEMBERED} | {"speakers": speakers}


def _history(
    quote_id: int, change: str, values: dict[str, Any] | None, old: OldQuotes, version_id: int
) -> dict[str, Any]:
    return {
        "quote_id": quote_id,
        "change": change,
        "old": values,
        "old_version_id": old.version_id,
        "new_version_id": version_id,
    }


def _remember(
    connection: Connection,
    quotes: Sequence[QuoteInput],
    ids: list[int],
    pairs: dict[int, int],
    columns: list[dict[str, Any]],
    old: OldQuotes,
    version_id: int,
) -> None:
    """Write the history of a re-processing: the added quotations, and the old values of the changed quotations."""
    history: list[dict[str, Any]] = []
    for n, quote_id in enumerate(ids):
        before = _old_values(old.rows[pairs[n]], old) if n in pairs else None
        after = {name: columns[n][name] for name in REMEMBERED}
        if before != after | {"speakers": [speaker.name for speaker in quotes[n].speakers]}:
            history.append(_history(quote_id, "changed" if before else "added", before, old, version_id))
    many_rows.add(connection, ADD_HISTORY, history)
