"""Finds the words that a person marked in the text of an article, now and after the article was parsed again.

All functions are pure. Runs of white space count as one blank: a browser, a terminal and a new parser break lines in
other places.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from worker.extract.quotation import Span
from worker.store.decisions import Undecidable

MOST_CHARACTERS = 20_000
"""At most so many characters are accepted as the words of a quotation."""
MOST_TOLD = 5
"""Name at most so many of the places where words stand."""
AROUND = 60
"""Keep so many characters before and after the words, to tell them from the same words elsewhere in the text."""


def places(text: str, words: str) -> list[Span]:
    """Return every place of some words, in order."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    return [match.span() for match in re.finditer(pattern, text)] if pattern else []


def place(text: str, words: str, near: int | None) -> Span:
    """Return the place of words that a person typed or marked: the one nearest to the offset `near`.

    Raise `Undecidable` if the text lacks them, or has them several times and `near` is None.
    """
    if not words.split():
        raise Undecidable("Give the words of the quotation, as the article has them.")
    if len(words) > MOST_CHARACTERS:
        raise Undecidable(f"A quotation has at most {MOST_CHARACTERS:,} characters, and this has {len(words):,}.")
    found = places(text, words)
    if not found:
        raise Undecidable("The article does not have these words; take them from its text as they are.")
    if near is None and len(found) > 1:
        starts = ", ".join(f"{start:,}" for start, _ in found[:MOST_TOLD])
        more = " and others" if len(found) > MOST_TOLD else ""
        times = f"{len(found)} times, at the characters {starts}{more}"
        raise Undecidable(f"The article has these words {times}; say at which one, or give more words.")
    return min(found, key=lambda span: abs(span[0] - (near or 0)))


def marked(text: str, parts: Sequence[Span]) -> dict[str, Any]:
    """Return what a decision keeps of marked words, to find them again: the words of each part, and those around."""
    start, end = parts[0][0], parts[-1][1]
    return {
        "words": [text[first:last] for first, last in parts],
        "start": start,
        "before": text[max(0, start - AROUND) : start],
        "after": text[end : end + AROUND],
    }


def find_again(text: str, value: dict[str, Any]) -> list[Span] | None:
    """Return the parts of what a decision keeps (`marked`); None if the text does not have them any more.

    If the words stand in several places, that with the same characters around it is taken, and then the nearest one.
    """
    words: list[str] = value.get("words") or []
    if not words:
        return None
    found = [parts for first in places(text, words[0]) if (parts := _followed(text, first, words[1:]))]

    def likeness(parts: list[Span]) -> tuple[int, int]:
        before = _shared(text[: parts[0][0]][::-1], value["before"][::-1])
        return before + _shared(text[parts[-1][1] :], value["after"]), -abs(parts[0][0] - value["start"])

    return max(found, key=likeness, default=None)


def _followed(text: str, first: Span, words: Sequence[str]) -> list[Span]:
    """Return the place of the first part with those of the others, each the next one; empty if one is missing."""
    parts = [first]
    for piece in words:
        following = next((span for span in places(text, piece) if span[0] >= parts[-1][1]), None)
        if following is None:
            return []
        parts.append(following)
    return parts


def _shared(text: str, kept: str) -> int:
    """Return with how many equal characters both begin."""
    pairs = zip(text, kept, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
