"""Decisions of people about quotes: which speaker said a quote, which words it has, that it is a quotation, or none.

A person who says that a quote is a quotation, or who says whose it is, lifts it out of the candidates.

The decisions are applied again after every re-processing. Each decision is stored with the attribution that the machine
made, so that this attribution can be restored when the decision is undone.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from worker.decisions import cuts as cutting
from worker.decisions import words
from worker.decisions.names import checked
from worker.dedupe import statements
from worker.dedupe.comparer import Comparer
from worker.extract.marked import quotation_of
from worker.speakers.across.joining import join, settle
from worker.speakers.across.name import read_name
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import corrections, cuts, decisions
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.corrections import CurrentQuote
from worker.store.decisions import Decision, Undecidable
from worker.store.pairing import parts_of


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


def recut(connection: Connection, quote_id: int, said: str, *, near: int | None = None, who: str, reason: str) -> int:
    """Decide that a quote has these words of its article, and no others; return the decision's id.

    If the article has the words several times, they are those nearest to the offset `near`, or else to the quote. What
    interrupts the quote (an attribution between its parts) still does, where it stands between the words.
    """
    article_id = _article_of(connection, quote_id)
    quote = corrections.current_quotes(connection, article_id)[quote_id]
    now = parts_of(cuts.placed(connection, quote_id).parts)
    text = cuts.text_of(connection, article_id) or ""
    gaps = cutting.gaps_of(parts_of(quote.parts))
    parts = cutting.marked_parts(text, said, now[0][0] if near is None else near, gaps)
    if parts == now:
        raise Undecidable("The quotation has exactly these words already.")
    return _decide(connection, "recut", quote_id, who, reason, words.marked(text, parts))


def add(
    connection: Connection, article_id: int, said: str, *, near: int | None = None, who: str, reason: str
) -> tuple[int, int]:
    """Decide that these words of an article are a quotation that was missed; return the ids of decision and quote.

    Nobody has said it yet: use `set_speaker` next. `near` is as in `recut`.
    """
    text = cuts.text_of(connection, article_id)
    if text is None:
        raise Undecidable(f"There is no article {article_id}; `report.articles` lists them.")
    parts = cutting.marked_parts(text, said, near)
    known = cutting.overlapping(corrections.current_quotes(connection, article_id).values(), parts)
    if known is not None:
        advice = "say that it is one" if known.rejected else "cut that one anew"
        raise Undecidable(f"These are mostly the words of quotation {known.id} already; {advice}.")
    quotation = quotation_of(text, parts, None, None)
    assert quotation is not None  # since the parts have a letter or a digit
    quote_id = cuts.add(connection, article_id, quotation)
    return _decide(connection, "add", quote_id, who, reason, words.marked(text, parts)), quote_id


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
    quote = cutting.target(undone, corrections.current_quotes(connection, undone.article_id))
    if quote is None:
        return
    before = form_rows.forms_used(connection, undone.article_id)
    left = decisions.of_article(connection, undone.article_id)
    printed = cutting.take_back(connection, quote, left) if undone.kind in cutting.KINDS else None
    _give_machines(connection, undone.article_id, quote, undone)
    settle(connection, before, form_rows.forms_used(connection, undone.article_id))
    if quote.id in corrections.current_quotes(connection, undone.article_id):
        statements.refresh(connection, [quote.id])
    _carry_out_all(connection, undone.article_id, left, after_swap=False)
    if printed is not None:
        statements.reword(connection, [printed])


def undo_others(connection: Connection, undone: Decision, *, who: str, reason: str) -> None:
    """Undo all other decisions about a quote that a person had added, when that decision is undone.

    If the extractor reads the quote by now, they stay in force.
    """
    assert undone.article_id is not None
    quote = corrections.current_quotes(connection, undone.article_id).get(undone.quote_id or 0)
    if quote is None or quote.added:
        for other in decisions.of_article(connection, undone.article_id):
            if other.quote_id == undone.quote_id:
                decisions.record(connection, "undo", who=who, reason=reason, undoes=other.id)


def _give_machines(connection: Connection, article_id: int, quote: CurrentQuote, decision: Decision) -> None:
    """Give a quote the source that the machine had named, as a decision about it keeps it."""
    machine = decision.value["machine"]
    entities = [Entity(speaker["name"], EntityKind(speaker["kind"])) for speaker in machine["speakers"]]
    speakers = join(connection, entities, corrections.day_of(connection, article_id))
    corrections.put_back(connection, quote.id, machine, speakers)


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
    article_id = _article_of(connection, quote_id)
    quotes = corrections.current_quotes(connection, article_id)
    quote = quotes[quote_id]
    live = decisions.of_article(connection, article_id)
    earlier = [decision for decision in live if cutting.target(decision, quotes) is quote]
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


def _article_of(connection: Connection, quote_id: int) -> int:
    """Return the article of a current quote; raise `Undecidable` with a sentence if it is not current."""
    article_id = corrections.article_of(connection, quote_id)
    if article_id is None:
        if corrections.is_stored(connection, quote_id):
            raise Undecidable(
                f"Quote {quote_id} is no quote of its article any more, since the article was read again meanwhile;"
                " `onrecord quotes` shows what stands there now."
            )
        raise Undecidable(f"There is no current quote {quote_id}; `onrecord quotes` shows their numbers.")
    return article_id


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
    before = form_rows.forms_used(connection, article_id)
    about_words = [decision for decision in decided if decision.kind in cutting.KINDS]
    cut = cutting.carry_out(connection, article_id, about_words)
    quotes = corrections.current_quotes(connection, article_id)
    if after_swap:
        corrections.restore_all(connection, article_id)
    aimed = [
        (decision, quote)
        for decision in decided
        if (quote := quotes.get(cut.quotes.get(decision.id, 0)) or cutting.target(decision, quotes)) is not None
    ]
    if after_swap:
        _keep_machines(connection, article_id, aimed)
    for decision, quote in aimed:
        _carry_out(connection, decision, quote)
    settle(connection, before, form_rows.forms_used(connection, article_id))
    statements.refresh(connection, {quote.id for _, quote in aimed}, compare)
    if cut.statements:
        statements.reword(connection, cut.statements)


def _keep_machines(connection: Connection, article_id: int, aimed: Collection[tuple[Decision, CurrentQuote]]) -> None:
    """Store with each decision what the machine says now. Of a quote that it does not read, what it said last holds."""
    read = {quote.id: corrections.attribution(connection, quote) for _, quote in aimed if not quote.added}
    unread: set[int] = set()
    for decision, quote in aimed:
        if quote.id in read:
            decisions.keep_machine(connection, decision.id, read[quote.id])
        elif quote.id not in unread:
            _give_machines(connection, article_id, quote, decision)
            unread.add(quote.id)


def _carry_out(connection: Connection, decision: Decision, quote: CurrentQuote) -> None:
    # No command makes a "restore" now, but tables may contain it.
    if decision.kind in ("reject", "restore", "accept", *cutting.KINDS):
        corrections.set_rejected(connection, quote.id, decision.kind == "reject")
        if decision.kind in ("accept", *cutting.KINDS):
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
        form_rows.add_keys(connection, {(key, speaker_id) for key in keys})
    corrections.set_source_kind(connection, quote.id, source_kind)


def _speaker_meant(connection: Connection, decision: Decision) -> int:
    """Return the speaker that a decision gives its quote.

    This is the speaker whose id was decided. If only a name was decided, or if nothing is left of that speaker, it is
    the speaker that has this form of a name.
    """
    if decision.speaker_id is not None and speaker_rows.speaker(connection, decision.speaker_id) is not None:
        return decision.speaker_id
    return join(connection, [Entity(decision.value["name"], EntityKind(decision.value["kind"]))])[0]
