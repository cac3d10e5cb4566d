"""Quotations whose words a person marked: added ones, and those that the extractor reads and a person cut anew.

`quotes.added` is true for a row that no extractor reads. `quotes.read_as` keeps what the extractor read, where a person
cut the words anew; so the next reading is compared with that, and an undoing puts it back. A row may have both, if no
extractor reads it any more.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.extract.quotation import Mention, Quotation

READ_PARTS = """
    coalesce(CASE WHEN read_as IS NOT NULL THEN
        ARRAY(SELECT CAST(jsonb_array_elements_text(read_as -> 'parts') AS int)) END, parts)
"""
"""The parts of a row of `quotes` as the extractor read them (SQL)."""

TEXT_OF = text("""SELECT text FROM articles WHERE id = :article""")
PLACE = text(
    """
    SELECT parts, source_text, source_start, source_end, cue, cue_start, cue_end, statement_id, added
    FROM quotes WHERE id = :quote
    """
)
# The extraction that readers see; an article of which none is current keeps the latest one.
EXTRACTION = """
    (SELECT e.id FROM extractions e WHERE e.article_id = :article ORDER BY e.current DESC, e.id DESC LIMIT 1)
"""
ADD = text(
    f"""
    INSERT INTO quotes (article_id, article_length, language, extraction_id, kind, text, parts, start_char, end_char,
        source_kind, confidence, context_start, context_end, added, accepted)
    SELECT a.id, a.length, a.language, {EXTRACTION}, :kind, :text, CAST(:parts AS int[]), :start, :end, 'none', 1,
           :first, :last, true, true
    FROM articles a WHERE a.id = :article
    RETURNING id
    """
)
# A quotation that the last reading did not find again has no source and no cue any more, whose places may be old.
REVIVE = text(
    f"""
    UPDATE quotes
    SET current = true, added = true, rejected = false, inside = NULL, extraction_id = {EXTRACTION},
        source_text = NULL, source_start = NULL, source_end = NULL, speaks_for = NULL,
        cue = NULL, cue_start = NULL, cue_end = NULL
    WHERE id = :quote AND article_id = :article
    RETURNING id
    """
)
CUT = text(
    f"""
    UPDATE quotes
    SET read_as = CASE WHEN added THEN read_as ELSE coalesce(read_as, jsonb_build_object(
            'kind', kind, 'text', text, 'parts', parts, 'context', ARRAY[context_start, context_end])) END,
        extraction_id = CASE WHEN added THEN {EXTRACTION} ELSE extraction_id END,
        kind = :kind, text = :text, parts = CAST(:parts AS int[]), start_char = :start, end_char = :end,
        context_start = :first, context_end = :last, inside = NULL, statement_id = NULL
    WHERE id = :quote
    """
)
PUT_BACK = text(
    """
    UPDATE quotes
    SET kind = read_as ->> 'kind', text = read_as ->> 'text', parts = old.parts, start_char = old.parts[1],
        end_char = old.parts[cardinality(old.parts)], context_start = CAST(read_as -> 'context' ->> 0 AS int),
        context_end = CAST(read_as -> 'context' ->> 1 AS int), read_as = NULL, statement_id = NULL
    FROM (SELECT id, ARRAY(SELECT CAST(jsonb_array_elements_text(read_as -> 'parts') AS int)) AS parts
          FROM quotes WHERE id = :quote AND read_as IS NOT NULL) old
    WHERE quotes.id = old.id
    """
)
RETIRE = text("""UPDATE quotes SET current = false, accepted = false, statement_id = NULL WHERE id = :quote""")
LET_OUT = text(
    """
    UPDATE quotes n SET inside = NULL FROM quotes o
    WHERE o.id = :quote AND n.inside = o.id
      AND (NOT o.current OR n.start_char < o.start_char OR n.end_char > o.end_char)
    """
)


class Placed(NamedTuple):
    """Where a quotation stands, with its source and its cue; and the statement that it prints."""

    parts: list[int]
    source: Mention | None
    cue: Mention | None
    statement_id: int | None
    added: bool


def text_of(connection: Connection, article_id: int) -> str | None:
    """Return the text of an article; None if there is no article with this id."""
    stored: str | None = connection.execute(TEXT_OF, {"article": article_id}).scalar()
    return stored


def placed(connection: Connection, quote_id: int) -> Placed:
    """Return where a quotation stands now."""
    row = connection.execute(PLACE, {"quote": quote_id}).one()
    source = Mention(row.source_text, row.source_start, row.source_end) if row.source_text is not None else None
    cue = Mention(row.cue, row.cue_start, row.cue_end) if row.cue is not None else None
    return Placed(row.parts, source, cue, row.statement_id, row.added)


def add(connection: Connection, article_id: int, quotation: Quotation) -> int:
    """Store a quotation that a person found, without a speaker and a statement; return its id."""
    return int(connection.execute(ADD, {"article": article_id, **_columns(quotation)}).scalar_one())


def revive(connection: Connection, article_id: int, quote_id: int) -> bool:
    """Make a quotation current again that no extractor reads any more; return False if it is not stored.

    The caller must cut it (`cut`).
    """
    return connection.execute(REVIVE, {"article": article_id, "quote": quote_id}).first() is not None


def cut(connection: Connection, article_id: int, quote_id: int, quotation: Quotation) -> None:
    """Give a quotation other words, and no statement, so that the caller must refresh it."""
    connection.execute(CUT, {"article": article_id, "quote": quote_id, **_columns(quotation)})
    connection.execute(LET_OUT, {"quote": quote_id})


def put_back(connection: Connection, quote_id: int) -> None:
    """Give a quotation the words again that the extractor read, and no statement; the caller must refresh it."""
    connection.execute(PUT_BACK, {"quote": quote_id})


def retire(connection: Connection, quote_id: int) -> None:
    """Hide an added quotation from readers; the table keeps it. Its statement may have no quotation any more."""
    connection.execute(RETIRE, {"quote": quote_id})
    connection.execute(LET_OUT, {"quote": quote_id})


def flat(parts: Sequence[tuple[int, int]]) -> list[int]:
    """Return parts as they are stored: `{s1, e1, s2, e2, …}`."""
    return [offset for part in parts for offset in part]


def _columns(quotation: Quotation) -> dict[str, Any]:
    first, last = quotation.context or (None, None)
    return {
        "kind": quotation.kind.value,
        "text": quotation.text,
        "parts": flat(quotation.parts),
        "start": quotation.start,
        "end": quotation.end,
        "first": first,
        "last": last,
    }
