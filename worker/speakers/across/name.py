"""A name taken apart: its folded words, and the keys it is found and locked by; pure."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from nameparser import HumanName

from worker.speakers.across.folding import fold, plain
from worker.speakers.within.resolution import EntityKind

_DASHES = re.compile(r"[-‐‑‒–—]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?|[^\W\d_]")
_GENERATIONS = {"jr", "junior", "sr", "senior", "ii", "iii", "iv", "v", "vi"}
_SAME_GENERATION = {"junior": "jr", "senior": "sr"}

# Small words inside names that are written or left out at will.
_PARTICLE_WORDS = """
al el as ash ad ar an at az ul bin bint ibn ben van von der den de di da do dos das del della la le du zu
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# Particles that are given names too: a name may begin with them ("Al Gore", "Van Morrison").
_GIVEN = frozenset(("al", "el", "as", "ad", "ar", "an", "at", "az", "ben", "van", "do", "da", "del"))

_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)", re.IGNORECASE)
_SMALL = frozenset(("the", "of", "for", "and", "in", "on", "a", "an"))


@dataclass(frozen=True)
class Name:
    """A name without title: as written, and its folded words in order; initials are words of one letter."""

    text: str
    kind: EntityKind
    words: tuple[str, ...]
    generation: str = ""

    @property
    def bare(self) -> bool:
        """Whether it is a single word: a surname, or a name that has only one."""
        return len(self.words) == 1

    @cached_property
    def whole(self) -> str:
        """The key that names spelled alike share, however they are spaced."""
        if self.kind is EntityKind.BODY:
            return "#" + " ".join(self.words)
        return "=" + "".join(self.words) + ("," + self.generation if self.generation else "")

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The words that may be a surname, alone or as part of one; of bodies, none."""
        if self.kind is EntityKind.BODY:
            return frozenset()
        return frozenset(word for word in self.words[1:] or self.words if len(word) > 1)

    @cached_property
    def sought(self) -> frozenset[str]:
        """The keys under which names that may be the same are stored."""
        if self.kind is EntityKind.BODY:
            return frozenset({self.whole, "~" + " ".join(sorted(stems(self.words))), "@" + acronym(self)})
        first, *rest = self.words
        pairs = {tuple(sorted(pair)) for pair in [(first, word) for word in rest] + [*pairwise(rest)]}
        initial = {f"{first[0]}. {rest[-1]}"} if rest else set()
        return frozenset({self.whole, *initial, *(" ".join(pair) for pair in pairs if min(map(len, pair)) > 1)})

    @cached_property
    def keys(self) -> frozenset[str]:
        """All the keys it is stored under."""
        return self.sought | self.surnames

    @cached_property
    def locks(self) -> frozenset[str]:
        """What two transactions that may join this name both lock: its surnames; of a body, its key."""
        return self.surnames or frozenset({self.whole})


def stems(words: tuple[str, ...]) -> list[str]:
    """The beginnings of words, which "Iran" and "Iranian", "minister" and "ministry" share."""
    return [word[:4] for word in words]


def acronym(name: Name) -> str:
    """The letters a body is abbreviated to; a single word in capitals is taken for such letters itself."""
    if len(name.words) == 1:
        return name.words[0]
    return "".join(word[0] for word in name.words if word not in _SMALL)


@lru_cache(maxsize=1 << 14)
def read_name(text: str, kind: EntityKind) -> Name:
    """Take a name apart. A text without any letter becomes one word as it stands."""
    if kind is EntityKind.BODY:
        words = [plain(word) for word in _DASHES.sub(" ", _POSSESSIVE.sub("", text)).split()]
        words = [word for word in words if word]
        if words[:1] == ["the"] and len(words) > 1:
            del words[0]
        return Name(text, kind, tuple(words) or (text,))
    human = HumanName(text)
    tokens = " ".join((human.first, human.middle, human.last)).split()
    if len(tokens) < 2 and human.title:
        # "Dean Smith": what may be a title is part of the name when nothing but one word would be left.
        tokens = f"{human.title} {' '.join(tokens)}".split()
    suffixes = [plain(word) for word in human.suffix.replace(",", " ").split()]
    generation = next((suffix for suffix in suffixes if suffix in _GENERATIONS), "")
    person = _person_words(tokens or text.split(), shouted=text.isupper())
    return Name(text, kind, person or (plain(text) or text,), _SAME_GENERATION.get(generation, generation))


def _person_words(tokens: list[str], *, shouted: bool) -> tuple[str, ...]:
    pieces: list[tuple[str, bool]] = []  # a piece, and whether a hyphen ties it to the next one
    for token in tokens:
        if _INITIALS.fullmatch(token) or (len(token) == 2 and token.isupper() and not shouted):
            pieces += [(letter, False) for letter in token if letter.isalpha()]
            continue
        split = [piece for piece in _DASHES.split(token) if piece]
        pieces += [(piece, place + 1 < len(split)) for place, piece in enumerate(split)]
    words: list[str] = []
    for place, (piece, tied) in enumerate(pieces):
        small = plain(piece)
        last = place + 1 == len(pieces)
        given = place == 0 and small in _GIVEN and not tied and not piece.islower()
        if small in _PARTICLES and not last and not given:
            continue
        if folded := fold(piece):
            words.append(folded)
    return tuple(words)
