"""Decides whether two quotations of one speaker are the same statement, perhaps lightly edited.

Two quotations are compared in time that grows with their words, however often a word is repeated: `worker.dedupe.edits`
finds their differences.
"""

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from worker.dedupe.edits import edits
from worker.dedupe.sketch import is_figure
from worker.dedupe.words import names, without_omissions, words

TRIGRAM = 3
"""The number of words in a trigram. Quotations of at most 3 words are one statement only if all words are equal."""
KEYS = 8
"""At most this many trigrams of a statement become its keys: the trigrams with the smallest hashes."""
LIKE = 0.6
"""At least this share of the longer quotation's trigrams must be in the shorter one, or the two are not alike."""

# "t" stands for "don't", "won't" and so on, which `words` splits at the apostrophe.
_NEGATIONS = frozenset(("no", "not", "never", "nor", "none", "neither", "nothing", "without", "cannot", "t"))

DENIED = "¬ "
"""What stands before the words of a statement that its speaker denied: who denied it did not say it."""

Words = tuple[str, ...]


def said(text: str, denied: bool) -> str:
    """Return the words by which the statement of a quotation is compared and stored."""
    return DENIED + text if denied else text


class Wording(NamedTuple):
    """The words of a quotation, by which it is compared."""

    words: Words
    trigrams: frozenset[int]
    """Python's hashes of each three words in a row: other numbers in each process. Empty for at most three words."""
    text: str


@lru_cache(maxsize=8192)
def wording(text: str) -> Wording:
    """Return the wording of a text."""
    is_denied = text.startswith(DENIED)
    text = without_omissions(
        text.removeprefix(DENIED)
    )  # what stood between two parts is no word of the quotation, and begins no sentence
    all_words = tuple(words(text))
    if is_denied and all_words:
        all_words = (DENIED, *all_words)
    return Wording(all_words, frozenset(map(hash, _triples(all_words))), text)


@lru_cache(maxsize=1024)
def _names(text: str) -> frozenset[str]:
    """Return the names in a text; only of the few texts that are nearly the same as another."""
    return frozenset(names(text))


@lru_cache(maxsize=8192)
def keys(text: str) -> tuple[int, ...]:
    """Return the 64-bit hashes by which a text is found: of the whole text, then of some trigrams. Empty without words.

    They cost more than the wording, and a text with which another is only compared does not need them.
    """
    all_words = wording(text).words
    if not all_words:
        return ()
    whole, *trigrams = _hashes([" ".join(("=", *all_words)), *map(" ".join, _triples(all_words))])
    return (whole, *sorted(set(trigrams))[:KEYS])


def likeness(text: str, other: str) -> float:
    """Return the likeness of two quotations: 1 for the same words, at least `LIKE` for a light edit, else 0.

    The order of the arguments does not matter. An edit that changes a figure or a negation inside the quotation is
    never light. An edit that only leaves out words at the beginning or the end can be light, even if a figure or a
    negation is among these words. Words that one speaker denied are never like words that one affirmed.
    """
    first, second = wording(text), wording(other)
    if first.words == second.words:
        return 1.0 if first.words else 0.0
    if not first.trigrams or not second.trigrams or (DENIED in first.words[:1]) != (DENIED in second.words[:1]):
        return 0.0
    share = len(first.trigrams & second.trigrams) / max(len(first.trigrams), len(second.trigrams))
    if share < LIKE or _meaning_differs(*sorted((first, second), key=lambda each: each.words)):
        return 0.0
    return share


def _meaning_differs(first: Wording, second: Wording) -> bool:
    """True if an edit changes a figure or a negation, or puts one name in place of another.

    Words that are only left out at the beginning or the end of one quotation do not count.
    """
    for edit in edits(first.words, second.words):
        is_at_start = edit.start == edit.other_start == 0
        is_at_end = edit.end == len(first.words) and edit.other_end == len(second.words)
        if edit.leaves_out and (is_at_start or is_at_end):
            continue
        changed, other_changed = first.words[edit.start : edit.end], second.words[edit.other_start : edit.other_end]
        telling = [word for word in changed if _is_telling(word)]
        other_telling = [word for word in other_changed if _is_telling(word)]
        if telling != other_telling or (edit.exact and telling):
            return True
        are_names = (
            len(changed) == len(other_changed)
            and _names(first.text).issuperset(changed)
            and _names(second.text).issuperset(other_changed)
        )
        if are_names and not any(map(_is_spelling, changed, other_changed)):
            return True
    return False


def _is_spelling(name: str, other: str) -> bool:
    """True if two names may be spellings of one ("Kiev" and "Kyiv"): they begin with the same letter."""
    return name[0] == other[0]


def _is_telling(word: str) -> bool:
    """True for a figure or a negation."""
    return word in _NEGATIONS or is_figure(word)


def _triples(all_words: Words) -> Iterator[Words]:
    """Yield each three words in a row; none for a text of at most `TRIGRAM` words."""
    if len(all_words) > TRIGRAM:
        yield from zip(all_words, all_words[1:], all_words[2:], strict=False)


def _hashes(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the first eight bytes of BLAKE2b of each text, as signed numbers."""
    digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return struct.unpack(f">{len(digests)}q", b"".join(digests))
