"""A name parsed into folded words, with the keys under which it is stored, looked up and locked.

A folded word (see `folding`) is the same for all spellings of a name. All functions are pure.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from nameparser import HumanName

from worker.speakers.across.body import acronym, body_words, company, gist
from worker.speakers.across.folding import fold, plain, skeleton
from worker.speakers.across.given_names import full_given_names
from worker.speakers.within.resolution import EntityKind

_DASHES = re.compile(r"[-‐‑‒–—]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?|[^\W\d_]")
_GENERATIONS = {"jr", "junior", "sr", "senior", "ii", "iii", "iv", "v", "vi"}
_SAME_GENERATION = {"junior": "jr", "senior": "sr"}

# Small words inside names, which newspapers write or omit.
_PARTICLE_WORDS = """
al el as ash ad ar an at az ul bin bint ibn ben van von der den de di da do dos das del della la le du zu
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# Particles that are given names too: a name may begin with them ("Al Gore", "Van Morrison").
_GIVEN_NAME_PARTICLES = frozenset(("al", "el", "as", "ad", "ar", "an", "at", "az", "ben", "van", "do", "da", "del"))

# The forms of the Arabic article, which newspapers write or omit.
_ARTICLES = frozenset(("al", "el", "as", "ash", "ad", "ar", "an", "at", "az", "ul"))

FATHER_PARTICLES = frozenset(("bin", "bint", "ibn", "ben"))
"""Particles before a father's name.

Newspapers do not omit them, so a name with such a particle and a name without it may mean two people.
"""

EDGE = 3
"""Keep the first and last 3 letters of a long surname as keys: a typo of one letter changes at most one of them."""

LONG = 6
"""Ignore typos in words of fewer than 6 letters: there, a different letter means a different name."""


@dataclass(frozen=True)
class ParsedName:
    """A parsed name: the text as written, and its folded words in order, without the title.

    An initial is a word of one letter.
    """

    text: str
    kind: EntityKind
    words: tuple[str, ...]
    generation: str = ""
    particles: tuple[str, ...] = ()
    """The particles that are left out of `words`. Arabic articles that are left out are not listed here."""
    hyphenated: frozenset[str] = frozenset()
    """The words of a double name with a hyphen."""

    @property
    def is_single_word(self) -> bool:
        """True if the name is one word: a surname without given name, or a person's only name."""
        return len(self.words) == 1

    @cached_property
    def whole_key(self) -> str:
        """The key of the whole name. Names with the same spelling share it, even if their spaces differ."""
        if self.kind is EntityKind.BODY:
            return "#" + " ".join(self.words)
        return "=" + "".join(self.words) + ("," + self.generation if self.generation else "")

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The words that may be a surname or a part of a surname; empty for a body."""
        if self.kind is EntityKind.BODY:
            return frozenset()
        return frozenset(word for word in self.words[1:] or self.words if len(word) > 1)

    @cached_property
    def search_keys(self) -> frozenset[str]:
        """The keys to look up names that may mean the same person or body."""
        if self.kind is EntityKind.BODY:
            without_form = company(self.words)
            keys = {self.whole_key, "#" + " ".join(without_form), "~" + " ".join(gist(self.words))}
            return frozenset(keys | {"@" + acronym(self.words), "@" + acronym(without_form)})
        first, *rest = self.words
        pairs = {tuple(sorted(pair)) for pair in [(first, word) for word in rest] + [*pairwise(rest)]}
        keys = {" ".join(pair) for pair in pairs if min(map(len, pair)) > 1}
        if rest:
            keys |= {f"{first[0]}. {rest[-1]}"} | _likeness_keys(first, rest[-1])
            keys |= {f"{first} {middle[0]}. {rest[-1]}" for middle in rest[:-1] if len(first) > 1}
        return frozenset({self.whole_key, *keys})

    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys under which the name is stored."""
        return self.search_keys | self.surnames

    @cached_property
    def lock_keys(self) -> frozenset[str]:
        """The keys that a transaction locks before it joins this name: its surnames, or a body's whole key."""
        return self.surnames or frozenset({self.whole_key})


def _likeness_keys(given: str, surname: str) -> set[str]:
    """Return the keys that similar names have in common.

    Similar names differ in the form of the given name, in vowels, or by a typo.
    """
    keys = {f"&{full_name} {surname}" for full_name in full_given_names(given)}
    if len(given) > 1:
        keys.add(f"%{skeleton(given)} {skeleton(surname)}")
    if len(given) > 1 and len(surname) >= LONG:
        keys |= {f"{given} <{surname[:EDGE]}", f"{given} >{surname[-EDGE:]}"}
    return keys


@lru_cache(maxsize=1 << 14)
def read_name(text: str, kind: EntityKind) -> ParsedName:
    """Parse a name. A text without any letter becomes one word, unchanged."""
    if kind is EntityKind.BODY:
        return ParsedName(text, kind, body_words(text))
    human = HumanName(text)
    tokens = " ".join((human.first, human.middle, human.last)).split()
    if len(tokens) < 2 and human.title:
        # "Dean Smith": a possible title belongs to the name if only one word would be left without it.
        tokens = f"{human.title} {' '.join(tokens)}".split()
    suffixes = [plain(word) for word in human.suffix.replace(",", " ").split()]
    generation = next((suffix for suffix in suffixes if suffix in _GENERATIONS), "")
    generation = _SAME_GENERATION.get(generation, generation)
    words, particles, hyphenated = _person_words(tokens or text.split(), is_all_capitals=text.isupper())
    return ParsedName(text, kind, words or (plain(text) or text,), generation, particles, hyphenated)


def _person_words(
    tokens: list[str], *, is_all_capitals: bool
) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Return the folded words, the particles that are left out of them, and the words of a name with a hyphen."""
    words: list[str] = []
    particles: list[str] = []
    hyphenated: set[str] = set()
    pieces = _pieces(tokens, is_all_capitals=is_all_capitals)
    for place, piece in enumerate(pieces):
        letters = plain(piece.text)
        is_last = place + 1 == len(pieces)
        is_given_name = (
            place == 0 and letters in _GIVEN_NAME_PARTICLES and not piece.before_hyphen and not piece.text.islower()
        )
        if letters in _PARTICLES and not is_last and not is_given_name:
            particles += [letters] if letters not in _ARTICLES else []
            continue
        if folded := fold(piece.text):
            words.append(folded)
            hyphenated |= {folded} if piece.in_double_name else set()
    return tuple(words), tuple(particles), frozenset(hyphenated)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word of a name as written; hyphens separate pieces too."""

    text: str
    before_hyphen: bool = False
    in_double_name: bool = False


def _pieces(tokens: list[str], *, is_all_capitals: bool) -> list[_Piece]:
    """Split the tokens of a name at hyphens, and initials into single letters."""
    pieces: list[_Piece] = []
    for token in tokens:
        if _INITIALS.fullmatch(token) or (len(token) == 2 and token.isupper() and not is_all_capitals):
            pieces += [_Piece(letter) for letter in token if letter.isalpha()]
            continue
        texts = [text for text in _DASHES.split(token) if text]
        is_double = sum(plain(text) not in _ARTICLES for text in texts) > 1
        pieces += [_Piece(text, place + 1 < len(texts), is_double) for place, text in enumerate(texts)]
    return pieces
