"""Decisions of people about quotes: which speaker said a quote, or that a quote is a quotation, or that it is none.

A person who says that a quote is a quotation, or who says whose it is, lifts it out of the candidates.

The decisions are applied again after every re-processing. Each decision is stored with the attribution that the machine
made, so that this attribution can be restored when the decision is undone.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from worker.decisions.names import checked
from worker.dedupe import statements
from worker.dedupe.comparer import Comparer
from worker.speakers.across.joining import join, settle
from worker.speakers.across.name import read_name
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import corrections, decisions
from worker.store import speakers as speaker_rows
from worker.store.corrections import CurrentQuote
from worker.store.decisions import Decision, Undecidable
from worker.store.pairing import LEAST_IOU, iou, parts_of


def set_speaker(
    connection: Connection,
    quote_id: int,
    speaker: int | str,
    *,
    who: str,
    reason: str,
    kind: EntityKind = EntityKind.PERSON,
) -> int:
    """Decide which speaker said a quote; return the decision's id.

    An id means this speaker for ever, whatever other speakers are called. A name means the speaker that reports show
    under this name. If there is none, it means whoever has this form of a name, and a speaker of this `kind` is added
    if needed.
    """
    known = speaker if isinstance(speaker, int) else speaker_rows.root_named(connection, checked(speaker))
    if known is None:
        value = {"name": checked(str(speaker)), "kind": kind.value}
    else:
        row = speaker_rows.speaker(connection, known)
        if row is None:
            raise Undecidable(f"There is no speaker {known}; `onrecord speakers list` shows them.")
        value = {"name": row.name, "kind": row.kind}
    return _decide(connection, "set_speaker", quote_id, who, reason, value, speaker_id=known)


def no_speaker(connection: Connection, quote_id: int, *, who: str, reason: str) -> int:
    """Decide that no speaker with a known name said a quote; return the decision's id."""
    return _decide(connection, "no_speaker", quote_id, who, reason, {})


def reject(connection: Connection, quote_id: int, *, who: str, reason: str) -> int:
    """Decide that a quote is not a quotation, so that reports leave it out; return the decision's id."""
    return _decide(connection, "reject", quote_id, who, reason, {})


def accept(connection: Connection, quote_id: int, *, who: str, reason: str) -> int:
    """Decide that a quote is a quotation, so that reports show it whatever its confidence is; return the decision's id.

    An earlier decision that it is none does not count any more.
    """
    return _decide(connection, "accept", quote_id, who, reason, {})


def apply(connection: Connection, article_id: int, compare: Comparer | None = None) -> None:
    """Apply all decisions about an article's quotes that are not undone, after the quotes were swapped.

    This is the last step in the transaction of the swap. If a decision's quote is not current any more, the decision
    applies to the current quote that overlaps it most, if their intersection over union is at least one half. The
    attribution that the machine makes now is stored with the decision. Raise `Uncompared` if comparisons are missing.
    """
    live = decisions.of_article(connection, article_id)
    if live:
        _carry_out_all(connection, article_id, live, after_swap=True, compare=compare)


def carry_out_again(connection: Connection, article_id: int) -> None:
    """Carry out all decisions about an article's quotes that are not undone once more, where they are not in force.

    The attributions that the machine made, which are stored with the decisions, stay as they are.
    """
    live = decisions.of_article(connection, article_id)
    if live:
        _carry_out_all(connection, article_id, live, after_swap=False)


def put_back(connection: Connection, undone: Decision) -> None:
    """Restore the machine's attribution of a quote after a decision was undone; apply the remaining decisions."""
    assert undone.article_id is not None
    quote = _target(undone, corrections.current_quotes(connection, undone.article_id))
    if quote is None:
        return
    before = speaker_rows.forms_used(connection, undone.article_id)
    machine = undone.value["machine"]
    entities = [Entity(speaker["name"], EntityKind(speaker["kind"])) for speaker in machine["speakers"]]
    speakers = join(connection, entities, corrections.day_of(connection, undone.article_id))
    corrections.put_back(connection, quote.id, machine, speakers)
    settle(connection, before, speaker_rows.forms_used(connection, undone.article_id))
    statements.refresh(connection, [quote.id])
    left = decisions.of_article(connection, undone.article_id)
    _carry_out_all(connection, undone.article_id, left, after_swap=False)


def _decide(
    connection: Connection,
    kind: str,
    quote_id: int,
    who: str,
    reason: str,
    value: Mapping[str, Any],
    *,
    speaker_id: int | None = None,
) -> int:
    article_id = corrections.article_of(connection, quote_id)
    if article_id is None:
        if corrections.is_stored(connection, quote_id):
            raise Undecidable(
                f"Quote {quote_id} is no quote of its article any more, since the article was read again meanwhile;"
                " `onrecord quotes` shows what stands there now."
            )
        raise Undecidable(f"There is no current quote {quote_id}; `onrecord quotes` shows their numbers.")
    quotes = corrections.current_quotes(connection, article_id)
    quote = quotes[quote_id]
    live = decisions.of_article(connection, article_id)
    earlier = [decision for decision in live if _target(decision, quotes) is quote]
    machine = earlier[0].value["machine"] if earlier else corrections.attribution(connection, quote)
    value = {**value, "text": quote.text, "parts": quote.parts, "machine": machine}
    decision_id = decisions.record(
        connection,
        kind,
        who=who,
        reason=reason,
        value=value,
        quote_id=quote_id,
        article_id=article_id,
        speaker_id=speaker_id,
    )
    decided = [decision for decision in decisions.of_article(connection, article_id) if decision.id == decision_id]
    _carry_out_all(connection, article_id, decided, after_swap=False)
    return decision_id


def _target(decision: Decision, quotes: Mapping[int, CurrentQuote]) -> CurrentQuote | None:
    """Return the current quote that a decision is about; None if there is none."""
    if decision.quote_id is not None and decision.quote_id in quotes:
        return quotes[decision.quote_id]
    parts = parts_of(decision.value["parts"])
    scored = [(iou(parts, parts_of(quote.parts)), -quote.id) for quote in quotes.values()]
    best = max(scored, default=(0.0, 0))
    return quotes[-best[1]] if best[0] >= LEAST_IOU else None


def _carry_out_all(
    connection: Connection,
    article_id: int,
    decided: Collection[Decision],
    *,
    after_swap: bool,
    compare: Comparer | None = None,
) -> None:
    """Carry out decisions in order.

    `after_swap` is true if the quotes are new and still have the machine's attribution.
    """
    quotes = corrections.current_quotes(connection, article_id)
    before = speaker_rows.forms_used(connection, article_id)
    if after_swap:
        corrections.restore_all(connection, article_id)
    aimed = [(decision, quote) for decision in decided if (quote := _target(decision, quotes)) is not None]
    if after_swap:
        machine = {quote.id: corrections.attribution(connection, quote) for _, quote in aimed}
        for decision, quote in aimed:
            decisions.keep_machine(connection, decision.id, machine[quote.id])
    for decision, quote in aimed:
        _carry_out(connection, decision, quote)
    settle(connection, before, speaker_rows.forms_used(connection, article_id))
    statements.refresh(connection, {quote.id for _, quote in aimed}, compare)


def _carry_out(connection: Connection, decision: Decision, quote: CurrentQuote) -> None:
    if decision.kind in ("reject", "restore", "accept"):  # no command makes a "restore" now, but tables may contain it
        corrections.set_rejected(connection, quote.id, decision.kind == "reject")
        if decision.kind == "accept":
            corrections.set_accepted(connection, quote.id, True)
        return
    corrections.set_accepted(connection, quote.id, True)
    corrections.remove_speakers(connection, quote.id)
    source_kind = "unnamed" if quote.source_text else "none"
    if decision.kind == "set_speaker":
        name, source_kind = decision.value["name"], decision.value["kind"]
        speaker_id = _speaker_meant(connection, decision)
        corrections.add_speaker(connection, quote.id, speaker_id, name)
        # The name is a form of this speaker from now on, perhaps the only one, so other articles must find it.
        keys = read_name(name, EntityKind(source_kind)).keys
        speaker_rows.add_keys(connection, {(key, speaker_id) for key in keys})
    corrections.set_source_kind(connection, quote.id, source_kind)


def _speaker_meant(connection: Connection, decision: Decision) -> int:
    """Return the speaker that a decision gives its quote.

    This is the speaker whose id was decided. If only a name was decided, or if nothing is left of that speaker, it is
    the speaker that has this form of a name.
    """
    if decision.speaker_id is not None and speaker_rows.speaker(connection, decision.speaker_id) is not None:
        return decision.speaker_id
    return join(connection, [Entity(decision.value["name"], EntityKind(decision.value["kind"]))])[0]
