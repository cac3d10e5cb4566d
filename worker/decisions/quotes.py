"""Decisions of people about quotes: who said one, or that it is none; applied again after every re-processing.

With each decision stands what the machine had said, so that taking the decision back puts that in its place.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from worker.dedupe import statements
from worker.speakers.across.joining import join, settle
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import decisions as rows
from worker.store import speakers as speaker_rows
from worker.store.decisions import Undecidable
from worker.store.pairing import LEAST, iou
from worker.store.tables.models import Quote, QuoteSpeaker, Speaker

BY_HAND = "a person"


def set_speaker(
    connection: Connection,
    quote_id: int,
    name: str,
    *,
    who: str,
    reason: str,
    kind: EntityKind = EntityKind.PERSON,
) -> int:
    """Decide who said a quote, by name; the speaker is made if need be. The decision's id."""
    if not name.strip():
        raise Undecidable("Give the speaker's name, or use --no-speaker.")
    return _decide(connection, "set_speaker", quote_id, who, reason, {"name": name.strip(), "kind": kind.value})


def no_speaker(connection: Connection, quote_id: int, *, who: str, reason: str) -> int:
    """Decide that nobody known by name said a quote; the decision's id."""
    return _decide(connection, "no_speaker", quote_id, who, reason, {})


def reject(connection: Connection, quote_id: int, *, who: str, reason: str) -> int:
    """Decide that a quote is no quotation; it leaves the reports. The decision's id."""
    return _decide(connection, "reject", quote_id, who, reason, {})


def restore(connection: Connection, quote_id: int, *, who: str, reason: str) -> int:
    """Decide that a rejected quote is one after all; the decision's id."""
    return _decide(connection, "restore", quote_id, who, reason, {})


def apply(connection: Connection, article_id: int) -> None:
    """Apply all live decisions about an article's quotes again, after a swap, in its transaction and last of all.

    A decision about a quote that is no longer current applies to the current one that overlaps it most, from an
    intersection over union of one half. What the machine says now is noted with the decision.
    """
    decided = rows.of_article(connection, article_id)
    if decided:
        _run(connection, article_id, decided, fresh=True)


def undone(connection: Connection, decided: Any) -> None:
    """After a decision about a quote was undone: put back the machine's word, and apply what decisions are left."""
    quotes = _current(connection, decided.article_id)
    quote = _target(decided, quotes)
    if quote is None:
        return
    before = speaker_rows.used(connection, decided.article_id)
    _put_back(connection, quote, decided.value["machine"])
    settle(connection, before, speaker_rows.used(connection, decided.article_id))
    statements.refresh(connection, [quote.id])
    _run(connection, decided.article_id, rows.of_article(connection, decided.article_id), fresh=False)


def _decide(connection: Connection, kind: str, quote_id: int, who: str, reason: str, value: Mapping[str, Any]) -> int:
    article = connection.execute(select(Quote.article_id).where(Quote.id == quote_id, Quote.current)).scalar()
    if article is None:
        raise Undecidable(f"There is no current quote {quote_id}; `onrecord quotes` shows their numbers.")
    quotes = _current(connection, article)
    quote = quotes[quote_id]
    earlier = [one for one in rows.of_article(connection, article) if _target(one, quotes) is quote]
    machine = earlier[0].value["machine"] if earlier else _snapshot(connection, quote)
    about = {"text": quote.text, "parts": list(quote.parts), "machine": machine}
    made = rows.record(
        connection, kind, who=who, reason=reason, value={**value, **about}, quote_id=quote_id, article_id=article
    )
    decided = [one for one in rows.of_article(connection, article) if one.id == made]
    _run(connection, article, decided, fresh=False)
    return made


def _current(connection: Connection, article_id: int) -> dict[int, Any]:
    chosen = select(Quote.id, Quote.text, Quote.parts, Quote.source_text, Quote.source_kind).where(
        Quote.article_id == article_id, Quote.current
    )
    return {row.id: row for row in connection.execute(chosen.order_by(Quote.id))}


def _target(decided: Any, quotes: Mapping[int, Any]) -> Any | None:
    """The current quote a decision is about."""
    if decided.quote_id in quotes:
        return quotes[decided.quote_id]
    parts = _spans(decided.value["parts"])
    scored = [(iou(parts, _spans(quote.parts)), -quote.id) for quote in quotes.values()]
    best = max(scored, default=(0.0, 0))
    return quotes[-best[1]] if best[0] >= LEAST else None


def _spans(flat: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _run(connection: Connection, article_id: int, decided: Collection[Any], *, fresh: bool) -> None:
    """Carry decisions out in order; `fresh`: what stands now is the machine's word."""
    quotes = _current(connection, article_id)
    before = speaker_rows.used(connection, article_id)
    if fresh:
        mine = update(Quote).where(Quote.article_id == article_id, Quote.current, Quote.rejected)
        connection.execute(mine.values(rejected=False))
    aimed = [(one, quote) for one in decided if (quote := _target(one, quotes)) is not None]
    if fresh:
        said = {quote.id: _snapshot(connection, quote) for _, quote in aimed}
        for one, quote in aimed:
            rows.keep_machine(connection, one.id, said[quote.id])
    for one, quote in aimed:
        _carry_out(connection, one, quote)
    settle(connection, before, speaker_rows.used(connection, article_id))
    statements.refresh(connection, {quote.id for _, quote in aimed})


def _carry_out(connection: Connection, decided: Any, quote: Any) -> None:
    if decided.kind in ("reject", "restore"):
        rejected = decided.kind == "reject"
        connection.execute(update(Quote).where(Quote.id == quote.id).values(rejected=rejected))
        return
    connection.execute(delete(QuoteSpeaker).where(QuoteSpeaker.quote_id == quote.id))
    source_kind = "unnamed" if quote.source_text else "none"
    if decided.kind == "set_speaker":
        name, source_kind = decided.value["name"], decided.value["kind"]
        known = speaker_rows.named(connection, name)
        speaker = known or join(connection, [Entity(name, EntityKind(source_kind))])[0]
        row = {"quote_id": quote.id, "speaker_id": speaker, "name": name, "evidence": BY_HAND, "confidence": 1.0}
        connection.execute(insert(QuoteSpeaker).values(**row, by_hand=True))
    connection.execute(update(Quote).where(Quote.id == quote.id).values(source_kind=source_kind))


def _snapshot(connection: Connection, quote: Any) -> dict[str, Any]:
    """Who the machine says said a quote, by names, which outlast rows."""
    chosen = (
        select(QuoteSpeaker.name, QuoteSpeaker.evidence, QuoteSpeaker.confidence, Speaker.kind)
        .join(Speaker, Speaker.id == QuoteSpeaker.speaker_id)
        .where(QuoteSpeaker.quote_id == quote.id)
        .order_by(QuoteSpeaker.position)
    )
    speakers = [dict(row._mapping) for row in connection.execute(chosen)]
    return {"source_kind": quote.source_kind, "speakers": speakers}


def _put_back(connection: Connection, quote: Any, machine: Mapping[str, Any]) -> None:
    said = machine["speakers"]
    speakers = join(connection, [Entity(one["name"], EntityKind(one["kind"])) for one in said])
    connection.execute(delete(QuoteSpeaker).where(QuoteSpeaker.quote_id == quote.id))
    back: dict[int, dict[str, Any]] = {}
    for position, (speaker, one) in enumerate(zip(speakers, said, strict=True)):
        row = {"name": one["name"], "evidence": one["evidence"], "confidence": one["confidence"]}
        back.setdefault(speaker, row | {"quote_id": quote.id, "speaker_id": speaker, "position": position})
    if back:
        connection.execute(insert(QuoteSpeaker), list(back.values()))
    values = {"source_kind": machine["source_kind"], "rejected": False}
    connection.execute(update(Quote).where(Quote.id == quote.id).values(**values))
