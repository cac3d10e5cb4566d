"""Same words: whether two quotations of one speaker are one statement; pure."""

from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b

from worker.dedupe.sketch import is_figure
from worker.dedupe.words import words

GRAM = 3
"""Words a hash covers; a quotation under `GRAM + 1` words is the same only if all its words are."""
KEYS = 8
"""Hashes a statement is found by: the smallest of its own."""
LIKE = 0.6
"""Share of the longer quotation's word triples that the shorter one has, from which they may be one statement."""

# "t" is what is left of "don't".
_NEGATIONS = frozenset(("no", "not", "never", "nor", "none", "neither", "nothing", "without", "cannot", "t"))


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[str, ...]:
    """The words of a quotation that count."""
    return tuple(words(text))


@lru_cache(maxsize=4096)
def keys(text: str) -> tuple[int, ...]:
    """Signed 64-bit hashes a statement is looked up by: one of all its words first, then a sample of its triples."""
    spoken = said(text)
    whole = _hash(" ".join(("=", *spoken)))
    return (whole, *sorted({_hash(" ".join(gram)) for gram in _grams(spoken)})[:KEYS]) if spoken else ()


def likeness(one: str, other: str) -> float:
    """How alike two quotations are, 0 to 1: 1 for the same words, at least `LIKE` for a light edit, else 0.

    An edit that changes a figure or a negation inside the quotation is never light; words left out at its beginning or
    end are. Symmetric.
    """
    a, b = sorted((said(one), said(other)))
    if a == b:
        return 1.0 if a else 0.0
    if min(len(a), len(b)) <= GRAM:
        return 0.0
    x, y = set(_grams(a)), set(_grams(b))
    like = len(x & y) / max(len(x), len(y))
    return like if like >= LIKE and not _meaning_differs(a, b) else 0.0


def _meaning_differs(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    edits = [edit for edit in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if edit[0] != "equal"]
    for kind, i, j, k, m in edits:
        trimmed = kind != "replace" and ((i == 0 and k == 0) or (j == len(a) and m == len(b)))
        if not trimmed and any(word in _NEGATIONS or is_figure(word) for word in (*a[i:j], *b[k:m])):
            return True
    return False


def _grams(spoken: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [spoken[n : n + GRAM] for n in range(len(spoken) - GRAM + 1)] if len(spoken) > GRAM else []


def _hash(words_: str) -> int:
    digest = blake2b(words_.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
