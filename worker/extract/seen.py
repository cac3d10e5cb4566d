"""A text as a reader sees it: without invisible characters, and with each letter and its accents as one character.

A soft hyphen in a name, or an accent that stands beside its letter, would hide the name. So quotations and names are
looked for in the seen text. All offsets that leave the rooms count the characters of the stored text.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from worker.extract.building import joined
from worker.extract.quotation import Mention, Quotation, Span

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphen, grapheme joiner, zero-width characters, and the marks of the direction of writing."""
ACCENTS = "\u0300-\u036f\u3099\u309a"
MOST_ACCENTS = 8  # read at most so many accents with one letter, so that the time is linear; no letter has more
SEEN_THROUGH = re.compile(
    rf"[{INVISIBLE}]+|[^\W\d_][{ACCENTS}]{{1,{MOST_ACCENTS}}}|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
)
"""What is not seen, a letter with its accents, or the parts of a Korean syllable."""
HIDING = re.compile(rf"[{INVISIBLE}{ACCENTS}\u1100-\u1112]")
"""A character that every match has; a search for it is ten times as fast."""


class Seen:
    """The seen text, and the place in the stored text of each of its characters."""

    def __init__(self, stored: str) -> None:
        self._stored = stored
        self._starts = array("q")  # of each seen character: where it begins in the stored text
        self._ends = array("q")
        pieces: list[str] = []
        place = 0
        for match in SEEN_THROUGH.finditer(stored):
            start, end = match.span()
            composed = unicodedata.normalize("NFC", re.sub(f"[{INVISIBLE}]", "", match[0]))
            pieces += stored[place:start], composed
            self._starts.extend(range(place, start))
            self._ends.extend(range(place + 1, start + 1))
            # If some accents do not become one character with the letter, all of them share its place.
            self._starts.extend([start] * len(composed))
            self._ends.extend([end] * len(composed))
            place = end
        pieces.append(stored[place:])
        self._starts.extend(range(place, len(stored)))
        self._ends.extend(range(place + 1, len(stored) + 1))
        self.text = "".join(pieces)

    def span(self, stored: Span) -> Span:
        """Return a span of the stored text as one of the seen text: the characters that are in it as a whole."""
        start = bisect_left(self._starts, stored[0])
        return start, max(start, bisect_right(self._ends, stored[1]))

    def stored_span(self, seen: Span) -> Span:
        """Return a span of the seen text as one of the stored text, without what is not seen at its ends."""
        start, end = seen
        if start >= end:
            place = self._starts[start] if start < len(self._starts) else len(self._stored)
            return place, place
        return self._starts[start], self._ends[end - 1]

    def stored(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """Return quotations of the seen text as quotations of the stored text."""
        return [_moved(quotation, self._stored, self.stored_span) for quotation in quotations]

    def seen(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """Return quotations of the stored text as quotations of the seen text."""
        return [_moved(quotation, self.text, self.span) for quotation in quotations]


def hides(text: str) -> bool:
    """True if the seen text differs from the stored one."""
    return HIDING.search(text) is not None and SEEN_THROUGH.search(text) is not None


def seen_text(text: str) -> str:
    """Return the seen text alone, for a title."""
    return Seen(text).text if hides(text) else text


def in_words_of(text: str, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations with the words that stand at their places in `text`."""
    return [_moved(quotation, text, lambda span: span) for quotation in quotations]


def _moved(quotation: Quotation, text: str, moved_span: Callable[[Span], Span]) -> Quotation:
    """Return a quotation with the offsets that `moved_span` gives, and with the words that stand there in `text`."""

    def moved_mention(mention: Mention | None) -> Mention | None:
        if mention is None:
            return None
        start, end = moved_span((mention.start, mention.end))
        return Mention(text[start:end], start, end)

    parts = tuple(map(moved_span, quotation.parts))
    source, cue = moved_mention(quotation.source), moved_mention(quotation.cue)
    return replace(
        quotation,
        text=joined(text, parts, source, cue),
        parts=parts,
        source=source,
        cue=cue,
        context=moved_span(quotation.context) if quotation.context else None,
    )
