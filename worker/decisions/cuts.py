"""Carries out what people decided about the words of quotations: that they begin and end elsewhere, or were missed.

The words of such a decision are found again in the text of the article whenever it is read again, also after it was
parsed again and its characters are counted otherwise. A quotation that the extractor does not read any more stays: a
person has said that it is one. If the text does not have the words any more, the decision is marked as not applied.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import Connection

from worker.decisions import words
from worker.extract.marked import parts_within, quotation_of
from worker.extract.quotation import Span
from worker.store import corrections, cuts, decisions
from worker.store.corrections import CurrentQuote
from worker.store.decisions import Decision, Undecidable
from worker.store.pairing import LEAST_IOU, Parts, iou, parts_of

KINDS = ("recut", "add")
"""The kinds of decisions about the words of a quotation."""


def marked_parts(text: str, said: str, near: int | None, gaps: Sequence[Span] = ()) -> list[Span]:
    """Return the parts of the quotation with the words that a person marked (`words.place`, `parts_within`)."""
    parts = parts_within(text, words.place(text, said, near), gaps)
    if not parts:
        raise Undecidable("A quotation needs at least one letter or digit; mark more.")
    return parts


def gaps_of(parts: Parts) -> list[Span]:
    """Return the stretches that interrupt a quotation."""
    return [(before[1], after[0]) for before, after in pairwise(parts)]


@dataclass(slots=True)
class Cut:
    """What `carry_out` did: the quotation of each decision, by its id, and the statements that were printed before."""

    quotes: dict[int, int] = field(default_factory=dict)
    statements: set[int] = field(default_factory=set)


def carry_out(connection: Connection, article_id: int, decided: Collection[Decision]) -> Cut:
    """Give quotations the words that decisions say, in order.

    The caller must refresh the quotations, and then reword the statements.
    """
    done = Cut()
    text = (cuts.text_of(connection, article_id) if decided else None) or ""
    for decision in decided:
        parts = words.find_again(text, decision.value)
        decisions.keep_lost(connection, decision.id, parts is None)
        quotes = corrections.current_quotes(connection, article_id)
        quote = quotes.get(decision.quote_id or 0) if decision.kind == "add" else target(decision, quotes)
        read = _overlapped(quotes, parts, but=quote) if parts and (quote is None or quote.added) else None
        if quote is not None and quote.added and (parts is None or read is not None):
            done.statements |= _retire(connection, quote.id)
            quote = None
        if parts is not None:
            number = _number(connection, article_id, decision, read or quote)
            if number is not None:
                done.statements |= _cut(connection, article_id, number, text, parts)
                done.quotes[decision.id] = number
    return done


def take_back(connection: Connection, quote: CurrentQuote, left: Collection[Decision]) -> int | None:
    """Give a quotation the words back that it has without a decision; return the statement that it printed.

    A quotation that no extractor reads, and that no decision in `left` keeps, is hidden.
    """
    statement = cuts.placed(connection, quote.id).statement_id
    if not quote.added:
        cuts.put_back(connection, quote.id)
    elif not any(decision.kind in KINDS and decision.quote_id == quote.id for decision in left):
        cuts.retire(connection, quote.id)
    return statement


def target(decision: Decision, quotes: Mapping[int, CurrentQuote]) -> CurrentQuote | None:
    """Return the current quote that a decision is about; None if there is none.

    It is the one with the decision's number; or else the nearest one with the words that the quote had; or else the one
    that overlaps most with the place that it had.
    """
    if decision.quote_id is not None and decision.quote_id in quotes:
        return quotes[decision.quote_id]
    parts = parts_of(decision.value["parts"])
    said = str(decision.value.get("text", "")).split()
    same = [quote for quote in quotes.values() if quote.text.split() == said]
    if same and parts:
        return min(same, key=lambda quote: (abs(quote.parts[0] - parts[0][0]), quote.id))
    scored = [(iou(parts, parts_of(quote.parts)), -quote.id) for quote in quotes.values()]
    best = max(scored, default=(0.0, 0))
    return quotes[-best[1]] if best[0] >= LEAST_IOU else None


def overlapping(quotes: Iterable[CurrentQuote], parts: Parts) -> CurrentQuote | None:
    """Return the quote that has mostly the same words at the same place; None if there is none."""
    return next((quote for quote in quotes if iou(parts_of(quote.parts), parts) >= LEAST_IOU), None)


def _overlapped(quotes: Mapping[int, CurrentQuote], parts: Parts, but: CurrentQuote | None) -> CurrentQuote | None:
    """Return the quote that the extractor reads now where a person had marked the words of another one."""
    return overlapping((quote for quote in quotes.values() if quote is not but and not quote.added), parts)


def _number(connection: Connection, article_id: int, decision: Decision, quote: CurrentQuote | None) -> int | None:
    """Return the id of the quotation to be cut; one that nothing reads any more is made current again."""
    if quote is not None:
        return quote.id
    if decision.quote_id is not None and cuts.revive(connection, article_id, decision.quote_id):
        return decision.quote_id
    return None


def _cut(connection: Connection, article_id: int, number: int, text: str, parts: Sequence[Span]) -> set[int]:
    """Give a quotation these words, if it has others; return the statement that it printed."""
    place = cuts.placed(connection, number)
    quotation = quotation_of(text, parts, place.source, place.cue)
    if quotation is None or (place.parts == cuts.flat(parts) and not place.added):
        return set()
    cuts.cut(connection, article_id, number, quotation)
    return {place.statement_id} - {None}  # type: ignore[return-value]


def _retire(connection: Connection, number: int) -> set[int]:
    """Hide an added quotation; return the statement that it printed."""
    statement = cuts.placed(connection, number).statement_id
    cuts.retire(connection, number)
    return {statement} - {None}  # type: ignore[return-value]
