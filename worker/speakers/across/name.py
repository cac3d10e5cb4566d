"""A name taken apart: its folded words, and the keys it is found and locked by; pure."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from nameparser import HumanName

from worker.speakers.across.body import acronym, body_words, gist
from worker.speakers.across.folding import fold, plain, skeleton
from worker.speakers.across.givens import calls
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

# Articles, written or left out by the paper; fathers' particles, which are not.
_ARTICLES = frozenset(("al", "el", "as", "ash", "ad", "ar", "an", "at", "az", "ul"))
FATHERS = frozenset(("bin", "bint", "ibn", "ben"))

END = 3
"""Letters of a long surname's beginning and end, of which a slip of one letter leaves one whole."""

LONG = 6
"""Letters from which a slip is looked for: in a shorter surname one letter makes another name."""


@dataclass(frozen=True)
class Name:
    """A name without title: as written, and its folded words in order; initials are words of one letter."""

    text: str
    kind: EntityKind
    words: tuple[str, ...]
    generation: str = ""
    particles: tuple[str, ...] = ()
    tied: frozenset[str] = frozenset()
    """The words that a hyphen ties to another."""

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
            return frozenset({self.whole, "~" + " ".join(gist(self.words)), "@" + acronym(self.words)})
        first, *rest = self.words
        pairs = {tuple(sorted(pair)) for pair in [(first, word) for word in rest] + [*pairwise(rest)]}
        found = {" ".join(pair) for pair in pairs if min(map(len, pair)) > 1}
        if rest:
            found |= {f"{first[0]}. {rest[-1]}"} | _alike(first, rest[-1])
        return frozenset({self.whole, *found})

    @cached_property
    def keys(self) -> frozenset[str]:
        """All the keys it is stored under."""
        return self.sought | self.surnames

    @cached_property
    def locks(self) -> frozenset[str]:
        """What two transactions that may join this name both lock: its surnames; of a body, its key."""
        return self.surnames or frozenset({self.whole})


def _alike(given: str, surname: str) -> set[str]:
    """The keys by which names are found that are written alike: another form of the given name, a slip."""
    found = {f"&{call} {surname}" for call in calls(given)}
    if len(given) > 1:
        found.add(f"%{skeleton(given)} {skeleton(surname)}")
    if len(given) > 1 and len(surname) >= LONG:
        found |= {f"{given} <{surname[:END]}", f"{given} >{surname[-END:]}"}
    return found


@lru_cache(maxsize=1 << 14)
def read_name(text: str, kind: EntityKind) -> Name:
    """Take a name apart. A text without any letter becomes one word as it stands."""
    if kind is EntityKind.BODY:
        return Name(text, kind, body_words(text))
    human = HumanName(text)
    tokens = " ".join((human.first, human.middle, human.last)).split()
    if len(tokens) < 2 and human.title:
        # "Dean Smith": what may be a title is part of the name when nothing but one word would be left.
        tokens = f"{human.title} {' '.join(tokens)}".split()
    suffixes = [plain(word) for word in human.suffix.replace(",", " ").split()]
    generation = next((suffix for suffix in suffixes if suffix in _GENERATIONS), "")
    given = tokens or text.split()
    words, particles, tied = _person_words(given, shouted=text.isupper())
    generation = _SAME_GENERATION.get(generation, generation)
    return Name(text, kind, words or (plain(text) or text,), generation, particles, tied)


def _person_words(tokens: list[str], *, shouted: bool) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """The folded words, the particles left out, and the words tied by a hyphen."""
    words: list[str] = []
    particles: list[str] = []
    tied: set[str] = set()
    pieces = _pieces(tokens, shouted=shouted)
    for place, (piece, after, bound) in enumerate(pieces):
        small = plain(piece)
        last = place + 1 == len(pieces)
        given = place == 0 and small in _GIVEN and not after and not piece.islower()
        if small in _PARTICLES and not last and not given:
            particles += [small] if small not in _ARTICLES else []
            continue
        if folded := fold(piece):
            words.append(folded)
            tied |= {folded} if bound else set()
    return tuple(words), tuple(particles), frozenset(tied)


def _pieces(tokens: list[str], *, shouted: bool) -> list[tuple[str, bool, bool]]:
    """The words of a name, each with whether a hyphen follows, and whether it is part of a double name."""
    pieces: list[tuple[str, bool, bool]] = []
    for token in tokens:
        if _INITIALS.fullmatch(token) or (len(token) == 2 and token.isupper() and not shouted):
            pieces += [(letter, False, False) for letter in token if letter.isalpha()]
            continue
        split = [piece for piece in _DASHES.split(token) if piece]
        double = sum(plain(piece) not in _ARTICLES for piece in split) > 1
        pieces += [(piece, place + 1 < len(split), double) for place, piece in enumerate(split)]
    return pieces
