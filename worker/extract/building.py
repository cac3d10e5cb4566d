"""Builds a quotation from spans of the text, and the words that stand for several parts."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.vocabulary import words

OMITTED = "[…]"
"""Stands in a quotation's text where the article has other words than the attribution between two parts."""
MOST_ADJUNCTS = 8
"""At most so many words of an attribution stand beside its source and cue: `told reporters in Lowmark on Monday`."""
CLAUSES = words(
    "and but because while when if as that whether than though although after before since until where what how why or"
    " which who whom whose once unless is are was were be been has have had will would could adding saying noting"
)
"""Words that begin a clause of its own, or make one: what stands there is more than an attribution."""
WORD = re.compile(r"\w+(?:['’]\w+)*")
SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]{0,3}\s")


def build(
    text: str, spans: Sequence[Span], kind: Kind, source: Mention | None, cue: Mention | None, confidence: float
) -> Quotation | None:
    """Return the quotation of these spans; None if no letter or digit is left in them.

    Overlapping spans are joined, and white space at the ends of a span is left out.
    """
    parts: list[Span] = []
    for start, end in sorted(spans):
        piece = text[start:end]
        start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
        if parts and start < parts[-1][1]:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]))
        elif start < end:
            parts.append((start, end))
    if not any(sign.isalnum() for start, end in parts for sign in text[start:end]):
        return None
    return Quotation(kind, joined(text, parts, source, cue), tuple(parts), source, cue, confidence)


def with_parts(text: str, quotation: Quotation, parts: tuple[Span, ...]) -> Quotation:
    """Return a quotation with only these of its parts, and their text."""
    return replace(quotation, parts=parts, text=joined(text, parts, quotation.source, quotation.cue))


def joined(text: str, parts: Sequence[Span], source: Mention | None, cue: Mention | None) -> str:
    """Return the words of the parts, joined by a space where only the attribution stands between them.

    Where anything else stands there, or the end of a sentence, `OMITTED` shows it, so that nobody reads two statements
    as one sentence.
    """
    pieces = [text[slice(*parts[0])]] if parts else []
    for before, after in pairwise(parts):
        if not is_attribution(text, (before[1], after[0]), source, cue):
            pieces.append(OMITTED)
        pieces.append(text[slice(*after)])
    return " ".join(pieces)


def is_attribution(text: str, gap: Span, source: Mention | None, cue: Mention | None) -> bool:
    """True if a stretch between two parts has no words but those of the attribution: source, cue and their adjuncts."""
    own = sorted((mention.start, mention.end) for mention in (source, cue) if mention is not None)
    place, rest = gap[0], []
    for start, end in own:
        if gap[0] <= start and end <= gap[1] and place <= start:
            rest.append((place, start))
            place = end
    rest.append((place, gap[1]))
    left_over = [word.lower() for start, end in rest for word in WORD.findall(text, start, end)]
    if not left_over:
        return len(rest) > 1 or not ends_sentence(text, gap)
    if len(rest) == 1 or len(left_over) > MOST_ADJUNCTS or not CLAUSES.isdisjoint(left_over):
        return False
    return all(is_end_of_sentence(text, start, end) for start, end in rest)


def ends_sentence(text: str, gap: Span) -> bool:
    """True if the end of a sentence stands between two parts, and in none of them: `said that a. “B.”`."""
    return SENTENCE_END.search(text, gap[0], gap[1] + 1) is not None and text[gap[0]] in ".!?…"


def is_end_of_sentence(text: str, start: int, end: int) -> bool:
    """True if no word stands behind the end of a sentence in a stretch."""
    match = SENTENCE_END.search(text, start, end)
    return match is None or WORD.search(text, match.end(), end) is None
