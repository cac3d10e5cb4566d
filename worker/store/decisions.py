"""Rows of decisions by people. Rows are only added; a decision is live until a later decision undoes it.

Three values of a row are changed later: the machine's attribution, which each re-reading finds again; whether the words
that a person marked are lost, since the article has them no more; and the speaker of a decision about a quote, which
follows a form of a name that a person splits off.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, TextClause, text

from worker.store.db.many_rows import numbers

COLUMNS = """d.id, d.kind, d.quote_id, d.article_id, d.speaker_id, d.value, d.undoes, d.who, d.reason, d.decided_at"""
LIVE = """NOT EXISTS (SELECT FROM decisions undoing WHERE undoing.undoes = d.id)"""

RECORD = text(
    """
    INSERT INTO decisions (kind, quote_id, article_id, speaker_id, value, undoes, who, reason)
    VALUES (:kind, :quote_id, :article_id, :speaker_id, CAST(:value AS jsonb), :undoes, :who, :reason)
    RETURNING id
    """
)
GET = text(f"""SELECT {COLUMNS}, NOT {LIVE} AS undone FROM decisions d WHERE d.id = :id""")
OF_ARTICLE = text(
    f"""
    SELECT {COLUMNS}, false AS undone FROM decisions d
    WHERE d.article_id = :article AND d.kind <> 'forget' AND {LIVE}
    ORDER BY d.id
    """
)
OF_SPEAKERS = text(
    f"""
    SELECT {COLUMNS}, false AS undone FROM decisions d
    WHERE d.speaker_id = ANY(CAST(:speakers AS bigint[])) AND d.kind = :kind AND {LIVE}
    ORDER BY d.id
    """
)
OF_FORGETTING = text(
    """
    SELECT id FROM decisions WHERE kind = 'forget' AND (id = :id OR CAST(value ->> 'of' AS bigint) = :id) ORDER BY id
    """
)
SAME_FORGETTING = text(
    f"""
    SELECT d.id FROM decisions d
    WHERE d.kind = 'forget' AND d.value @> CAST(:value AS jsonb) AND {LIVE}
      AND EXISTS (SELECT FROM forgotten m WHERE m.decision_id = d.id AND NOT m.removed)
    ORDER BY d.id LIMIT 1
    """
)
SAME_IMPORT = text(
    f"""
    SELECT d.id FROM decisions d WHERE d.kind = 'import' AND d.value ->> 'list' = :list AND {LIVE} ORDER BY d.id LIMIT 1
    """
)
PINNED = text(
    f"""
    SELECT d.speaker_id FROM decisions d
    WHERE d.speaker_id = ANY(CAST(:speakers AS bigint[])) AND d.kind IN ('merge', 'split', 'rename', 'set_speaker')
      AND {LIVE}
    UNION SELECT id FROM speakers WHERE merged_into IS NOT NULL AND id = ANY(CAST(:speakers AS bigint[]))
    UNION SELECT merged_into FROM speakers WHERE merged_into = ANY(CAST(:speakers AS bigint[]))
    """
)
KEEP_MACHINE = text(
    """
    UPDATE decisions SET value = value || jsonb_build_object('machine', CAST(:machine AS jsonb)) WHERE id = :id
    """
)
KEEP_LOST = text(
    """
    UPDATE decisions SET value = CASE WHEN :lost THEN value || '{"lost": true}' ELSE value - 'lost' END
    WHERE id = :id AND jsonb_exists(value, 'lost') <> :lost
    """
)
FOLLOW_FORM = text(
    f"""
    UPDATE decisions d SET speaker_id = :target
    WHERE d.speaker_id = ANY(CAST(:sources AS bigint[])) AND d.kind = 'set_speaker' AND d.value ->> 'name' = :name
      AND {LIVE}
    """
)


class Undecidable(ValueError):
    """A decision that cannot be carried out; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of `decisions`; `undone` is true if a later decision has undone it."""

    id: int
    kind: str
    quote_id: int | None
    article_id: int | None
    speaker_id: int | None
    value: dict[str, Any]
    undoes: int | None
    who: str
    reason: str
    decided_at: datetime
    undone: bool


def record(
    connection: Connection,
    kind: str,
    *,
    who: str,
    reason: str,
    value: Mapping[str, Any] | None = None,
    quote_id: int | None = None,
    article_id: int | None = None,
    speaker_id: int | None = None,
    undoes: int | None = None,
) -> int:
    """Store a decision; return its id."""
    row = {
        "kind": kind,
        "quote_id": quote_id,
        "article_id": article_id,
        "speaker_id": speaker_id,
        "value": json.dumps(dict(value or {})),
        "undoes": undoes,
        "who": who,
        "reason": reason,
    }
    return int(connection.execute(RECORD, row).scalar_one())


def follow_form(connection: Connection, name: str, sources: Collection[int], target: int) -> None:
    """After a person moved a form from some speakers to another one, let decisions about quotes mean that other one.

    Otherwise a re-reading would give their quotes back to the speaker that the person took the form away from.
    """
    connection.execute(FOLLOW_FORM, {"name": name, "sources": numbers(sources), "target": target})


def get(connection: Connection, decision_id: int) -> Decision | None:
    """Return a decision; None if no decision has this id."""
    rows = _read(connection, GET, id=decision_id)
    return rows[0] if rows else None


def of_article(connection: Connection, article_id: int) -> list[Decision]:
    """Return the live decisions about an article's quotes, in order."""
    return _read(connection, OF_ARTICLE, article=article_id)


def of_speakers(connection: Connection, speakers: Collection[int], kind: str) -> list[Decision]:
    """Return the live decisions of one kind about speakers, in order."""
    return _read(connection, OF_SPEAKERS, speakers=numbers(speakers), kind=kind)


def same_import(connection: Connection, digest: str) -> int | None:
    """Return the live import of the list with this digest; None if there is none."""
    decision: int | None = connection.execute(SAME_IMPORT, {"list": digest}).scalar()
    return decision


def of_forgetting(connection: Connection, decision_id: int) -> list[int]:
    """Return a decision to forget, with the decisions that earlier releases stored for each of its articles."""
    return list(connection.execute(OF_FORGETTING, {"id": decision_id}).scalars())


def unfinished_forgetting(connection: Connection, value: Mapping[str, Any]) -> int | None:
    """Return a live decision to forget with this value whose removal has not ended; None if there is none."""
    found = connection.execute(SAME_FORGETTING, {"value": json.dumps(dict(value))}).scalar()
    return int(found) if found is not None else None


def _read(connection: Connection, statement: TextClause, **values: int | str) -> list[Decision]:
    return [Decision(*row) for row in connection.execute(statement, values)]


def pinned(connection: Connection, speakers: Collection[int]) -> set[int]:
    """Return the speakers about which a person has decided; the machine does not move their name forms."""
    return set(speakers).intersection(connection.execute(PINNED, {"speakers": numbers(speakers)}).scalars())


def keep_machine(connection: Connection, decision_id: int, machine: Mapping[str, Any]) -> None:
    """Store with a decision the attribution that the machine had made; it is put back when the decision is undone."""
    connection.execute(KEEP_MACHINE, {"machine": json.dumps(machine), "id": decision_id})


def keep_lost(connection: Connection, decision_id: int, lost: bool) -> None:
    """Store with a decision whether the article lacks its words, so that it cannot be applied."""
    connection.execute(KEEP_LOST, {"lost": lost, "id": decision_id})
