"""Rows of decisions by people: append-only; a decision lives until a later one undoes it."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, literal, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from worker.store.catalogue import outlet_key
from worker.store.tables.models import Decision, Speaker

_UNDO = aliased(Decision)


class Undecidable(ValueError):
    """A decision that cannot be carried out; the message says why and what to do."""


def live() -> ColumnElement[bool]:
    """The condition that a decision has not been undone."""
    return ~select(_UNDO.id).where(_UNDO.undoes == Decision.id).exists()


def record(
    connection: Connection,
    kind: str,
    *,
    who: str,
    reason: str,
    value: Mapping[str, Any] | None = None,
    **about: int | None,
) -> int:
    """Write a decision down; `about` are its `quote_id`, `article_id`, `speaker_id` or `undoes`. Its id."""
    row = insert(Decision).values(kind=kind, who=who, reason=reason, value=dict(value or {}), **about)
    return int(connection.execute(row.returning(Decision.id)).scalar_one())


def get(connection: Connection, decision_id: int) -> Any | None:
    """A decision, with `undone` telling whether it was taken back; None where there is none."""
    undone = (~live()).label("undone")
    found = connection.execute(select(*Decision.__table__.c, undone).where(Decision.id == decision_id)).all()
    return found[0] if found else None


def of_article(connection: Connection, article_id: int) -> Sequence[Row[Any]]:
    """The live decisions about an article's quotes, in order."""
    return _chosen(connection, Decision.article_id == article_id, Decision.kind != "forget", live())


def of_speakers(connection: Connection, speakers: Collection[int], *kinds: str) -> Sequence[Row[Any]]:
    """The live decisions about speakers, in order."""
    return _chosen(connection, Decision.speaker_id.in_(speakers), Decision.kind.in_(kinds), live())


def of_forgetting(connection: Connection, decision_id: int) -> Sequence[Row[Any]]:
    """The live decisions that came with a decision to forget."""
    part = Decision.value.contains({"of": decision_id})
    return _chosen(connection, Decision.kind == "forget", part, live())


def _chosen(connection: Connection, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    return connection.execute(select(*Decision.__table__.c).where(*conditions).order_by(Decision.id)).all()


def pinned(connection: Connection, speakers: Collection[int]) -> set[int]:
    """Those of the speakers that a person has decided about, so that the machine leaves their names where they are."""
    decided = select(Decision.speaker_id).where(
        Decision.speaker_id.in_(speakers), Decision.kind.in_(("merge", "split", "rename")), live()
    )
    merged = select(Speaker.id, Speaker.merged_into).where(
        Speaker.merged_into.is_not(None), or_(Speaker.id.in_(speakers), Speaker.merged_into.in_(speakers))
    )
    found = {*connection.execute(decided).scalars(), *(one for row in connection.execute(merged) for one in row)}
    return {speaker for speaker in speakers if speaker in found}


def keep_machine(connection: Connection, decision_id: int, machine: Mapping[str, Any]) -> None:
    """Note with a decision what the machine said, to be put back when the decision is undone."""
    connection.execute(
        text("UPDATE decisions SET value = value || jsonb_build_object('machine', CAST(:m AS jsonb)) WHERE id = :id"),
        {"m": json.dumps(machine), "id": decision_id},
    )


def is_forgotten(
    connection: Connection,
    *,
    document_sha256: bytes | None = None,
    canonical_hash: bytes | None = None,
    outlet: str | None = None,
) -> bool:
    """Whether a person had these bytes, this text or this outlet (by name) forgotten."""
    wanted: list[dict[str, Any]] = []
    if document_sha256 is not None:
        wanted.append({"documents": [document_sha256.hex()]})
    if canonical_hash is not None:
        wanted.append({"canonical_hash": canonical_hash.hex()})
    if outlet:
        wanted.append({"outlet": outlet_key(outlet)})
    if not wanted:
        return False
    matches = or_(*(Decision.value.contains(literal(value, JSONB)) for value in wanted))
    found = select(Decision.id).where(Decision.kind == "forget", matches, live()).limit(1)
    return connection.execute(found).first() is not None
