"""Decides whether two quotations of one speaker are the same statement, perhaps lightly edited."""

from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b

from worker.dedupe.sketch import is_figure
from worker.dedupe.words import words

TRIGRAM = 3
"""The number of words in a trigram. Quotations of at most 3 words are one statement only if all words are equal."""
KEYS = 8
"""At most this many trigrams of a statement, those with the smallest hashes, become its keys."""
LIKE = 0.6
"""At least this share of the longer quotation's trigrams must stand in the shorter one, or they are two statements."""

# "t" stands for "don't", "won't" and so on, which `words` splits at the apostrophe.
_NEGATIONS = frozenset(("no", "not", "never", "nor", "none", "neither", "nothing", "without", "cannot", "t"))

Words = tuple[str, ...]


@lru_cache(maxsize=4096)
def _words_of(text: str) -> Words:
    return tuple(words(text))


@lru_cache(maxsize=4096)
def keys(text: str) -> tuple[int, ...]:
    """Return the signed 64-bit hashes by which a statement is found: of the whole text, then of some trigrams.

    A text without words has none.
    """
    all_words = _words_of(text)
    if not all_words:
        return ()
    whole = _hash(" ".join(("=", *all_words)))
    return (whole, *sorted({_hash(" ".join(trigram)) for trigram in _trigrams(all_words)})[:KEYS])


def likeness(text: str, other: str) -> float:
    """Return how alike two quotations are: 1 for the same words, at least `LIKE` for a light edit, else 0; symmetric.

    An edit that changes a figure or a negation inside the quotation is never light; an edit that leaves words out at
    the beginning or the end is.
    """
    first, second = sorted((_words_of(text), _words_of(other)))
    if first == second:
        return 1.0 if first else 0.0
    if min(len(first), len(second)) <= TRIGRAM:
        return 0.0
    trigrams, other_trigrams = set(_trigrams(first)), set(_trigrams(second))
    share = len(trigrams & other_trigrams) / max(len(trigrams), len(other_trigrams))
    return share if share >= LIKE and not _meaning_differs(first, second) else 0.0


def _meaning_differs(first: Words, second: Words) -> bool:
    """True if a figure or a negation was changed, except by words left out at the beginning or the end."""
    edits = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    for kind, start, end, other_start, other_end in edits:
        if kind == "equal":
            continue
        is_at_start = start == other_start == 0
        is_at_end = end == len(first) and other_end == len(second)
        if kind != "replace" and (is_at_start or is_at_end):
            continue
        edited = (*first[start:end], *second[other_start:other_end])
        if any(word in _NEGATIONS or is_figure(word) for word in edited):
            return True
    return False


def _trigrams(all_words: Words) -> list[Words]:
    """Return every `TRIGRAM` consecutive words; none if there are at most `TRIGRAM` words."""
    if len(all_words) <= TRIGRAM:
        return []
    return [all_words[start : start + TRIGRAM] for start in range(len(all_words) - TRIGRAM + 1)]


def _hash(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
