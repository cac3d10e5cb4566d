"""Quotations that the writer takes over with the name of their speaker: `what the minister called “a historic day”`."""

from worker.extract.building import build
from worker.extract.marks.items import Items
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.rules.confidence import confidence
from worker.extract.rules.cues import AUXILIARIES, BE
from worker.extract.rules.quotations import mention
from worker.extract.rules.sources import PRONOUNS
from worker.extract.vocabulary import words

NAMING = words("called calls call described describes describe dubbed dubs termed terms labelled labels labeled deemed")
BETWEEN = words("a an the as his her their its our my")
"""Words that may stand between the verb and the marks."""
MOST_BETWEEN = 2
ADVERBS = words("once later often repeatedly recently also then")
PROPER = 0.45
"""The confidence where the words in marks are a name: people use it, and nobody is quoted; an estimate."""
LONGEST_NAME = 7
"""At most so many words name the speaker."""


def called(row: Items) -> list[Quotation]:
    """Return the quotations of this form, by start."""
    built = (named(row, number) for number in row.quotes_in(3, len(row)))
    return [quotation for quotation in built if quotation is not None]


def named(row: Items, number: int) -> Quotation | None:
    """Return the quoted item `number` as a quotation if `what she called` stands before it; else None."""
    verb = number - 1
    while verb > 0 and number - verb <= MOST_BETWEEN and row.words[verb] in BETWEEN:
        verb -= 1
    if row.words[verb] not in NAMING:
        return None
    last = verb
    while last > 0 and (row.words[last - 1] in AUXILIARIES or row.words[last - 1] in ADVERBS):
        last -= 1
    first = last
    while first > 0 and last - first < LONGEST_NAME and row.words[first - 1] != "what" and is_nominal(row, first - 1):
        first -= 1
    region = row.regions[number]
    is_passive = row.words[last - 1] in BE  # `what is dubbed “…”`
    if first == last or first == 0 or row.words[first - 1] != "what" or is_passive or region is None:
        return None
    source, cue = mention(row, (first, last)), mention(row, (last, verb + 1))
    sure = confidence("called", Kind.DIRECT)
    sure = min(sure, PROPER) if is_proper(row, region.segments[0]) else sure
    return build(row.text, region.segments, Kind.DIRECT, source, cue, sure)


def is_proper(row: Items, words: Span) -> bool:
    """True for words that are written as a name: `what fans call “The Beast”`."""
    return all(word[0].isupper() for word in row.text[slice(*words)].split())


def is_nominal(row: Items, number: int) -> bool:
    """True if an item can stand in the name of a speaker."""
    return not row.is_quote(number) and (row.words[number][0].isalnum() or row.words[number] in (".", "&", "-"))


def is_named(quotation: Quotation) -> bool:
    """True if the source is no pronoun, so that it may be another speaker than that of the words around it."""
    return quotation.source is not None and quotation.source.text.lower() not in PRONOUNS
