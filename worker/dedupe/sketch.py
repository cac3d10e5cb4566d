"""Near-duplicates: a small sample of a body's word shingles, and how much of one text another contains; pure.

The method (FracMinHash with containment) and its numbers were measured: of those tried it came closest to the exact
containment of one text in another, which alone finds excerpts, cut tails and merged texts.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from hashlib import blake2b

from worker.dedupe.words import words

SHINGLE = 5
"""Words a shingle."""
FRACTION = 16
"""One shingle hash in so many is kept."""
LEAST = 24
"""The smallest hashes kept of a text too short for the fraction to give so many."""
SHARED = 3
"""Hashes two texts must share before their containment means anything."""

_SPACE = 1 << 64
_LIMIT = _SPACE // FRACTION
_MASK = _SPACE - 1


def sketch(body: str) -> list[int]:
    """The sampled shingle hashes of `body`, as PostgreSQL's signed 64-bit integers, sorted."""
    hashes = _shingles(words(body))
    kept = [value for value in hashes if value < _LIMIT]
    if len(kept) < LEAST:
        kept = sorted(hashes)[:LEAST]
    return sorted(value - _SPACE if value >= _SPACE >> 1 else value for value in kept)


def containment(one: Sequence[int], other: Sequence[int], common: Collection[int] = ()) -> float:
    """How much of the smaller of two sketches the larger one has, 0 to 1; 0 where fewer than `SHARED` hashes agree.

    A short text is sampled more densely than a long one; only the range of hashes that both kept is compared.
    `common` are hashes that say nothing (boilerplate of many texts).
    """
    limit = min(_reach(one), _reach(other))
    a = {value for value in one if value & _MASK <= limit}.difference(common)
    b = {value for value in other if value & _MASK <= limit}.difference(common)
    shared = len(a & b)
    return shared / min(len(a), len(b)) if shared >= SHARED else 0.0


def overlap(one: str, other: str) -> float:
    """The containment of two bodies, counted over all their shingles."""
    a, b = _shingles(words(one)), _shingles(words(other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def only_figures_differ(one: str, other: str) -> bool:
    """Whether two texts are alike word by word but for figures: the same report of another day, not a copy.

    Figures are numbers in digits or words, and the names of days and months.
    """
    a, b = _TOKEN.findall(one.casefold()), _TOKEN.findall(other.casefold())
    if len(a) != len(b) or a == b:
        return False
    return all(x == y or (is_figure(x) and is_figure(y)) for x, y in zip(a, b, strict=True))


def is_figure(token: str) -> bool:
    """Whether a case-folded word is a number, or the name of a day or month."""
    return token[0].isdigit() or token in _FIGURES


def _reach(sampled: Sequence[int]) -> int:
    """The largest unsigned hash up to which a sketch has every shingle of its text."""
    if len(sampled) < LEAST:
        return _MASK
    return max(_LIMIT, *(value & _MASK for value in sampled))


def _shingles(tokens: list[str]) -> set[int]:
    """A 64-bit hash for every `SHINGLE` words in a row; a text with fewer words is one shingle."""
    h = [_word(token) for token in tokens]
    if len(h) < SHINGLE:
        h = h and h + [0] * (SHINGLE - len(h))
    found: set[int] = set()
    for a, b, c, d, e in zip(h, h[1:], h[2:], h[3:], h[4:], strict=False):
        # Odd factors keep the order of the words; the shift and the last product spread the result over all 64 bits.
        mixed = ((((a * 3 + b) * 5 + c) * 7 + d) * 11 + e) * 0x9E3779B97F4A7C15 & _MASK
        found.add((mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93 & _MASK)
    return found


@lru_cache(maxsize=1 << 16)
def _word(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


_TOKEN = re.compile(r"\d[\d.,:/]*|[^\W\d_]+")
_FIGURE_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
first second third fourth fifth sixth seventh eighth ninth tenth
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
_FIGURES = frozenset(_FIGURE_WORDS.split())
