"""Decides whether two quotations of one speaker are the same statement, perhaps lightly edited.

Two quotations are compared in time that grows with their words, however often a word is repeated: `worker.dedupe.edits`
finds their differences.
"""

from functools import lru_cache
from hashlib import blake2b

from worker.dedupe.edits import edits
from worker.dedupe.sketch import is_figure
from worker.dedupe.words import words

TRIGRAM = 3
"""The number of words in a trigram. Quotations of at most 3 words are one statement only if all words are equal."""
KEYS = 8
"""At most this many trigrams of a statement become its keys: the trigrams with the smallest hashes."""
LIKE = 0.6
"""At least this share of the longer quotation's trigrams must be in the shorter one, or the two are not alike."""

# "t" stands for "don't", "won't" and so on, which `words` splits at the apostrophe.
_NEGATIONS = frozenset(("no", "not", "never", "nor", "none", "neither", "nothing", "without", "cannot", "t"))

Words = tuple[str, ...]


@lru_cache(maxsize=4096)
def words_of(text: str) -> Words:
    """Return the words of a quotation."""
    return tuple(words(text))


@lru_cache(maxsize=4096)
def keys(text: str) -> tuple[int, ...]:
    """Return the signed 64-bit hashes for looking up a statement: first of the whole text, then of some trigrams.

    The result is empty if the text has no words.
    """
    all_words = words_of(text)
    if not all_words:
        return ()
    whole = _hash(" ".join(("=", *all_words)))
    return (whole, *sorted({_hash(" ".join(trigram)) for trigram in _trigrams(all_words)})[:KEYS])


def likeness(text: str, other: str) -> float:
    """Return the likeness of two quotations: 1 for the same words, at least `LIKE` for a light edit, else 0.

    The order of the arguments does not matter. An edit that changes a figure or a negation inside the quotation is
    never light. An edit that only leaves out words at the beginning or the end can be light, even if a figure or a
    negation is among these words.
    """
    first, second = sorted((words_of(text), words_of(other)))
    if first == second:
        return 1.0 if first else 0.0
    if min(len(first), len(second)) <= TRIGRAM:
        return 0.0
    trigrams, other_trigrams = _trigrams_of(first), _trigrams_of(second)
    share = len(trigrams & other_trigrams) / max(len(trigrams), len(other_trigrams))
    return share if share >= LIKE and not _meaning_differs(first, second) else 0.0


def _meaning_differs(first: Words, second: Words) -> bool:
    """True if an edit changes a figure or a negation.

    Words that are only left out at the beginning or the end of one quotation do not count.
    """
    for edit in edits(first, second):
        is_at_start = edit.start == edit.other_start == 0
        is_at_end = edit.end == len(first) and edit.other_end == len(second)
        if edit.leaves_out and (is_at_start or is_at_end):
            continue
        telling = [word for word in first[edit.start : edit.end] if _is_telling(word)]
        other_telling = [word for word in second[edit.other_start : edit.other_end] if _is_telling(word)]
        if telling != other_telling or (edit.exact and telling):
            return True
    return False


def _is_telling(word: str) -> bool:
    """True for a figure or a negation."""
    return word in _NEGATIONS or is_figure(word)


@lru_cache(maxsize=4096)
def _trigrams_of(all_words: Words) -> frozenset[Words]:
    return frozenset(_trigrams(all_words))


def _trigrams(all_words: Words) -> list[Words]:
    """Return every `TRIGRAM` consecutive words; the list is empty for a text of at most `TRIGRAM` words."""
    if len(all_words) <= TRIGRAM:
        return []
    return [all_words[start : start + TRIGRAM] for start in range(len(all_words) - TRIGRAM + 1)]


def _hash(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
