"""Quotations that a possessive gives to their speaker, without a verb: `in her words, “unhealthy”`, `Bo’s “big lie”`.

The network finds many of them; these are those that it leaves out.
"""

from collections.abc import Sequence

from worker.extract.building import build
from worker.extract.marks.items import Items
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.confidence import confidence
from worker.extract.vocabulary import words

FEWEST_WORDS = 2
"""One word in marks behind a name is mostly one that the writer doubts: `Obama’s “pivot”`."""
THEIR = words("his her their its my our your")
PHRASES = words("words phrase telling")
OWN = "own"
LONGEST_NAME = 4


def possessed(row: Items) -> list[Quotation]:
    """Return the quotations of possessives, by start."""
    found = []
    for number in row.quotes_in(1, len(row)):
        found.append(in_words(row, number) or name_before(row, number))
    return [quotation for quotation in found if quotation is not None]


def in_words(row: Items, number: int) -> Quotation | None:
    """Return the quoted item `number` if `in her words,` or `in Smith's own words` stands before it; else None."""
    at = number - 1
    if row.words[at] in (",", ":"):
        at -= 1
    if at < 2 or row.words[at] not in PHRASES:
        return None
    at -= row.words[at - 1] == OWN
    owner = owner_at(row, at - 1)
    if owner is None or row.words[max(0, owner[0] - 1)] != "in":
        return None
    return quotation(row, number, owner[1], "in words")


def name_before(row: Items, number: int) -> Quotation | None:
    """Return the quoted item `number` if a name in the genitive stands right before it; else None."""
    at = number - 1 - (row.words[number - 1] == OWN)
    region = row.regions[number]
    owner = owner_at(row, at) if at >= 0 and row.capital[at] else None
    if region is None or owner is None:
        return None
    inner = row.text[slice(*region.segments[0])].strip()
    if not inner[:1].islower() or len(inner.split(maxsplit=FEWEST_WORDS)) < FEWEST_WORDS:
        return None
    return quotation(row, number, owner[1], "possessive")


def owner_at(row: Items, at: int) -> tuple[int, Span] | None:
    """Return the possessive that ends with item `at`: the number of its first item, and its place without the `'s`."""
    if at < 0 or row.is_quote(at):
        return None
    if row.words[at] in THEIR:
        return at, (row.starts[at], row.ends[at])
    ending = next((ending for ending in ("'s", "s'") if row.words[at].endswith(ending)), None)
    if ending is None or not row.capital[at]:
        return None
    first = at
    while (
        first > 0
        and at - first < LONGEST_NAME
        and row.capital[first - 1]
        and row.starts[first] - row.ends[first - 1] == 1
    ):
        first -= 1
    return first, (row.starts[first], row.ends[at] - (2 if ending == "'s" else 1))


def quotation(row: Items, number: int, owner: Span, rule: str) -> Quotation | None:
    """Return a quoted item as the quotation of the owner."""
    region = row.regions[number]
    segments: Sequence[Span] = region.segments if region is not None else []
    source = Mention(row.text[slice(*owner)], *owner)
    return build(row.text, segments, Kind.DIRECT, source, None, confidence(rule, Kind.DIRECT))
