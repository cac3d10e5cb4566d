"""The ends of what was said in the writer's words: the network may stop in the middle of a phrase, or a word too late.

`said that the firm lost $` and `370 million`; `said there were no plans for a new show, which` and ` ended in 1989`.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from worker.extract.building import with_parts
from worker.extract.quotation import Kind, Quotation, Span

CLAUSE_END = re.compile(r",?\s+(?:(?:in|of|to|for|by|from|with|on|at)\s+)?(?:which|who|whose|whom)\Z")
"""The first words of a relative clause."""
PHRASE_END = re.compile(r"(?:\s(?:a|an|the|its|their|his|her|our|my)|[$£€])\Z", re.IGNORECASE)
"""A word or sign that begins a phrase."""
PREPOSITION_END = re.compile(r"\s(?:to|in|of|for|by|at|from|with)\Z")
LONGEST_END = 20
"""At most so many characters at the end of the words are looked at, so that the time is linear."""
NUMBER = re.compile(r"\s\d")
DIGITS = re.compile(r"[.,]?\d")
BORDER = re.compile(r"[,;:](?!\S)|[.!?](?!\S)|\s[-–—]|[()\"“”«»\n]")
LONGEST_REST = 60
"""At most so many characters of a phrase are added."""


def with_endings(text: str, sentences: Sequence[Span], quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations; what the writer says in his own words ends with a phrase.

    `sentences` are spans of the text in order, without overlap.
    """
    starts = [start for start, _ in sentences]
    return [
        each if each.kind is Kind.DIRECT else _ended(text, sentences[bisect_right(starts, each.end - 1) - 1], each)
        for each in quotations
    ]


def _ended(text: str, sentence: Span, quotation: Quotation) -> Quotation:
    start, end = quotation.parts[-1]
    if not start < end < sentence[1]:
        return quotation
    last = text[max(start, end - LONGEST_END) : end]
    clause = CLAUSE_END.search(last)
    if clause is not None and text[end].isspace():
        end -= len(last) - clause.start()
    elif is_inside_phrase(text, last, end):
        end = rest_of_phrase(text, sentence, quotation)
    if start < end != quotation.end:
        return with_parts(text, quotation, (*quotation.parts[:-1], (start, end)))
    return quotation


def is_inside_phrase(text: str, last: str, end: int) -> bool:
    """True if the words `last`, which end at an offset, leave a number or a noun behind them."""
    if last[-1].isdigit() or last[-1] in "$£€":
        return DIGITS.match(text, end) is not None
    if PREPOSITION_END.search(last) is not None:
        return NUMBER.match(text, end) is not None
    return PHRASE_END.search(last) is not None and text[end : end + 2].strip().isalnum()


def rest_of_phrase(text: str, sentence: Span, quotation: Quotation) -> int:
    """Return where the phrase ends in which a quotation ends; its own end if a source, a cue or no end follows."""
    end = quotation.end
    border = BORDER.search(text, end, min(sentence[1], end + LONGEST_REST))
    if border is None and sentence[1] > end + LONGEST_REST:
        return end
    place = border.start() if border is not None else sentence[1]
    if border is not None and border.group() == ")" and text.rfind("(", quotation.parts[-1][0], end) >= 0:
        place = border.end()
    return end if any(mention.start < place and end < mention.end for mention in quotation.mentions) else place
