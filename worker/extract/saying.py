"""What is no quotation although it looks like a report: words that say nothing, names, links; and the writer's own."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.marks.asides import LINK
from worker.extract.marks.regions import Region
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.vocabulary import words

STANDS_FOR_ANOTHER = words(
    "it this that these those so him her them me us you he she they i we who which what"
    " himself herself itself themselves"
    " a an the as to of for in on at by with from and or but if"
)
TO_COMMENT = re.compile(r"(?:to |(?:[\w-]+ ){0,4}(?:for|seeking) )(?:[\w-]+ )?comment\b", re.IGNORECASE)
"""`declined to comment`, `did not respond to a request for comment`."""
NO_COMMENT = re.compile(r"\b(?:declin\w+|refus\w+|not|never|\w+n[’']t)\b.*\bcomment\b", re.IGNORECASE | re.DOTALL)
"""A cue that says itself that nothing was said: `would not comment on`."""
NAMING = re.compile(
    r"\b(?:known|nicknamed|dubbed|named|charged|indicted|convicted)(?: (?:as|with|of|on))?\Z", re.IGNORECASE
)
"""Passive cues without a source: a name or a crime stands behind them (`is known as the Duke`)."""
WRITER = words("i we me my our us")
WRITERS_OWN = 0.45
"""The confidence of what the writer reports of himself. It is a report, and no reader asks for it."""


def reports(
    text: str, sentences: Sequence[Span], outermost: Sequence[Region], quotations: Sequence[Quotation]
) -> list[Quotation]:
    """Return the quotations that report somebody's words; what the writer says of himself is less sure.

    `sentences` and `outermost`, the quoted regions that are in no other, are sorted by start.
    """
    starts, marked = [start for start, _ in sentences], [region.start for region in outermost]
    kept = []
    for quotation in quotations:
        number = bisect_right(starts, quotation.start) - 1
        if not says_something(quotation) or (number >= 0 and is_link(text, sentences[number])):
            continue
        source = quotation.source
        if source is not None and source.text.lower() in WRITER:
            before = bisect_right(marked, source.start) - 1
            if before < 0 or outermost[before].end <= source.start:
                quotation = replace(quotation, confidence=min(WRITERS_OWN, quotation.confidence))
        kept.append(quotation)
    return kept


def says_something(quotation: Quotation) -> bool:
    """False for a report without words: `denied it`, `declined to comment`, `is known as the Duke`."""
    cue = quotation.cue.text if quotation.cue else ""
    if quotation.source is None and NAMING.search(cue):
        return False
    if quotation.kind is not Kind.INDIRECT:
        return True
    if TO_COMMENT.match(quotation.text) or NO_COMMENT.search(cue):
        return False
    return not STANDS_FOR_ANOTHER.issuperset(quotation.text.lower().strip(".,;:!?").split())


def is_link(text: str, sentence: Span) -> bool:
    """True if a sentence is a link to another article with a label in capitals: `WATCH: Ferro says “no”`."""
    link = LINK.match(text, *sentence)
    return link is not None and text[sentence[0] : link.end() - 1].isupper()
