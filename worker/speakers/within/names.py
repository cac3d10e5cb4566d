"""One name: its titles, its words, and whether two spellings are one person's."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from worker.speakers.within.firstnames import MEN, WOMEN
from worker.speakers.within.wordlists import (
    AMBIGUOUS_TITLES,
    BODY_WORDS,
    COURTESY,
    HOLDERS,
    PARTICLES,
    PERSON_HEADS,
    PLACES,
    PORTFOLIOS,
    POSTNOMINALS,
    SUFFIXES,
    TITLES,
)

SPELLINGS = (
    ("ey", "i"),
    ("ei", "i"),
    ("iy", "i"),
    ("y", "i"),
    ("kh", "h"),
    ("ph", "f"),
    ("q", "gh"),
    ("ou", "u"),
    ("oo", "u"),
)
"""Transliterations that differ from paper to paper: Sergey, Sergei; Baqeri, Bagheri."""
DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words taken apart: "Russian Foreign Minister Sergey Lavrov"."""

    titles: tuple[str, ...]
    words: tuple[str, ...]
    suffix: str = ""


def split(words: tuple[str, ...]) -> Name:
    """Titles and what goes with them (a nationality, an office) from the name itself, which may be empty."""
    lower = [plain(word) for word in words]
    cut = after_place(lower, max(after_body(lower), after_acronym(words)))
    for number, word in enumerate(lower):
        sure = number == cut or lower[number - 1] in TITLES or word not in AMBIGUOUS_TITLES
        if is_title(word) and number + 1 < len(words) and sure:
            cut = max(cut, number + 1)
    rest = list(words[cut:])
    courtesy = cut > 0 and lower[cut - 1] in COURTESY
    if rest and is_title(plain(rest[-1])) and not courtesy and not surname(rest):
        return Name(words, ())  # "Russian Foreign Minister" and no name
    suffix = ""
    while len(rest) > 1 and plain(rest[-1]) in POSTNOMINALS and rest[-1].isupper():
        rest.pop()
    while rest and plain(rest[-1]) in SUFFIXES:
        suffix = rest.pop()
    while rest and rest[0].lower() in PARTICLES and rest[0].islower():
        rest.pop(0)
    if len(rest) == 1 and cut and lower[cut - 1] not in HOLDERS | BODY_WORDS and lower[0] not in PLACES:
        return Name((), words)
    return Name(words[:cut], tuple(rest), suffix)


def is_title(word: str) -> bool:
    """Whether a plain word can stand as a title before a name."""
    return word in TITLES or word in PERSON_HEADS


def surname(rest: list[str]) -> bool:
    """Whether a name ends in a word that is a title too, but stands as a surname: Rep. Peter King."""
    if len(rest) < 2 or is_title(plain(rest[-2])):
        return False
    return plain(rest[-1]) in AMBIGUOUS_TITLES or plain(rest[0]) in MEN or plain(rest[0]) in WOMEN


def after_body(lower: list[str]) -> int:
    """Where the name begins after a body's ("Russian Federation Sergey Lavrov"); 0 where no body is named."""
    for number in range(len(lower) - 2, 0, -1):
        if lower[number - 1] in BODY_WORDS or (lower[number - 1] in PORTFOLIOS and number + 1 < len(lower)):
            return number if not any(word in BODY_WORDS for word in lower[number:]) else 0
    return 0


def after_acronym(words: tuple[str, ...]) -> int:
    """Where the name begins after a body's acronym ("NATO Jens Stoltenberg"); 0 where it is all in capitals."""
    first = words[0]
    return int(len(words) > 1 and first.isupper() and first.isalpha() and len(first) > 2 and not words[1].isupper())


def after_place(lower: list[str], cut: int) -> int:
    """Where the name begins after a country or town ("Iran Hassan Rouhani"), if two words at least follow."""
    if cut == 0 and len(lower) > 2 and lower[0] in PLACES and not is_title(lower[1]):
        return 1
    return cut


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """A word for comparison: lower case, no accents, no full stops, straight apostrophes."""
    if word.isascii():
        return word.lower().replace(".", "")
    folded = unicodedata.normalize("NFKD", word)
    return "".join(c for c in folded if not unicodedata.combining(c)).lower().replace(".", "").replace("’", "'")


@lru_cache(maxsize=8192)
def spelling(word: str) -> str:
    """A word without what transliterations differ in."""
    key = plain(word).replace("-", "").removeprefix("al") if "-" in word else plain(word)
    key = key[1:] if key.startswith("ye") else key
    for old, new in SPELLINGS:
        key = key.replace(old, new)
    return DOUBLED.sub(r"\1", key)


def compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names of one surname can be one person's: equal first names, an initial, or one left out."""
    if spelling(one[-1]) != spelling(other[-1]):
        return False
    if len(one) == 1 or len(other) == 1:
        return True
    a, b = plain(one[0]), plain(other[0])
    if len(a) == 1 or len(b) == 1:
        return a[:1] == b[:1]
    if spelling(a) == spelling(b):
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) < len(longer) and [spelling(w) for w in longer[-len(shorter) :]] == [
        spelling(w) for w in shorter
    ]
