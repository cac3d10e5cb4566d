"""What is no quotation although it looks like a report: words that say nothing, names, links; and the writer's own."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.denial import is_nobody
from worker.extract.marks.asides import LINK
from worker.extract.marks.regions import Region
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.vocabulary import words

STANDS_FOR_ANOTHER = words(
    "it this that these those so him her them me us you he she they i we who which what"
    " himself herself itself themselves"
    " a an the as to of for in on at by with from and or but if"
)
TO_COMMENT = re.compile(
    r"(?:to |(?:[\w-]+ ){0,4}(?:for|seeking) )(?:[\w-]+ )?comment\b|(?:any )?comments?\Z", re.IGNORECASE
)
"""`declined to comment`, `did not respond to a request for comment`, `declined comment`."""
COMMENTED = re.compile(r"\bcomment(?:s|ed)? (?:on|for|about)\Z", re.IGNORECASE)
NO_COMMENT = re.compile(r"\b(?:declin\w+|refus\w+|no|not|never|\w+n[’']t)\b.*\bcomment\b", re.IGNORECASE | re.DOTALL)
"""A cue that says itself that nothing was said: `would not comment on`."""
NAMING = re.compile(
    r"\b(?:known|nicknamed|dubbed|named|charged|indicted|convicted)(?: (?:as|with|of|on))?\Z", re.IGNORECASE
)
"""Passive cues without a source: a name or a crime stands behind them (`is known as the Duke`)."""
WRITER = words("i we me my our us")
WRITERS_OWN = 0.45
"""The confidence of what the writer reports of himself. It is a report, and no reader asks for it."""

ASKED = re.compile(r"\basked\b", re.IGNORECASE)
NOBODYS = 0.45
"""The confidence of what nobody says: `Shares are expected to fall`, `It was reported that …`.

Of 8 in the own gold that had more than 0.4, none is right; of 80 in every seventh article of PolNeAR's train part,
which the network has learnt, 43. What is asked has no source either: 9 of 12 in the own gold are right, and 13 of 17
there.
"""


def reports(
    text: str, sentences: Sequence[Span], outermost: Sequence[Region], quotations: Sequence[Quotation]
) -> list[Quotation]:
    """Return the quotations that report somebody's words; what the writer says of himself is less sure.

    `sentences` and `outermost`, the quoted regions that are in no other, are sorted by start.
    """
    starts, marked = [start for start, _ in sentences], [region.start for region in outermost]
    kept = []
    for quotation in map(less_sure_without_source, quotations):
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
    if NO_COMMENT.search(cue):
        return False
    if quotation.kind is not Kind.INDIRECT:
        return True
    if TO_COMMENT.match(quotation.text):
        return False
    if quotation.source is not None and is_nobody(quotation.source.text) and COMMENTED.search(cue):
        return False
    return not STANDS_FOR_ANOTHER.issuperset(quotation.text.lower().strip(".,;:!?").split())


def less_sure_without_source(quotation: Quotation) -> Quotation:
    """Return a quotation; a report without marks that has no source is less sure, but for a question (`Asked if …`)."""
    if quotation.source is not None or quotation.kind is not Kind.INDIRECT or quotation.cue is None:
        return quotation
    asked = ASKED.search(quotation.cue.text) is not None
    return quotation if asked else replace(quotation, confidence=min(NOBODYS, quotation.confidence))


def is_link(text: str, sentence: Span) -> bool:
    """True if a sentence is a link to another article with a label in capitals: `WATCH: Ferro says “no”`."""
    link = LINK.match(text, *sentence)
    return link is not None and text[sentence[0] : link.end() - 1].isupper()
