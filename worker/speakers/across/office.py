"""What a role is worth as evidence: the same office of one country, or walks of life that do not go together; pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from worker.speakers.across.folding import plain
from worker.speakers.across.nations import NATIONS, name_nations

_BEFORE_PLACE = re.compile(r"\b(?:of|from|for|in|at|to)\b")


def _words(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


# Left out: they tell neither the office nor the place.
_FILLERS = _words(
    """the a an of for to in at on and from his her its their s who is was has been former ex then current new acting
    longtime long time chief lead leading top senior first second interim outgoing incoming late then"""
)
_SAME = {"spokeswoman": "spokesman", "spokesperson": "spokesman", "chairwoman": "chairman", "chair": "chairman"}
_SAME |= {"defence": "defense", "premier": "prime_minister", "congresswoman": "congressman", "adviser": "advisor"}
_PHRASES = {
    "prime minister": "prime_minister",
    "foreign secretary": "foreign minister",
    "top diplomat": "foreign minister",
    "chief diplomat": "foreign minister",
    "secretary of state": "state_secretary",
    "foreign affairs minister": "foreign minister",
}
_PHRASE = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b")

_SECOND = _words("vice deputy assistant under associate")
"""A vice president is not the president."""

_ONE_HOLDER = _words(
    """president prime_minister chancellor king queen minister ministers state_secretary negotiator spokesman chairman
    director secretary governor mayor head ombudsman treasurer speaker"""
)
"""Offices that one person at a time holds in one place; of others the place must be named more closely."""

_TOP = _words("president prime_minister chancellor state_secretary")
"""Offices that a paper may name without the country."""

_NO_OFFICE = _words(
    """official politician leader man woman member lawmaker critic expert analyst activist journalist reporter supporter
    citizen voter resident manager advisor aide strategist lawyer attorney executive student teacher worker"""
)
"""Heads of descriptions that fit many people at once, wherever they are."""

_GENERAL = _words(
    """foreign defense interior justice finance economy health education energy trade labor labour nuclear national
    state federal local regional military political economic financial legal public press media policy security
    intelligence police campaign party committee council ministry department office government parliament senate house
    republican democratic democrat conservative liberal socialist presidential parliamentary city company team
    university group agency service army air force affairs communications country nation world"""
)
"""Words that say which office, not where."""

_SPORT = _words(
    """footballer goalkeeper striker midfielder quarterback coach golfer boxer cyclist swimmer
    cricketer sprinter skier athlete wrestler basketball football tennis baseball hockey soccer olympic"""
)
_ARTS = _words("actor actress singer musician rapper comedian painter guitarist dancer drummer filmmaker sculptor")
_PUBLIC = _words(
    """president prime_minister minister chancellor senator governor mayor congressman representative lawmaker
    ambassador envoy diplomat secretary negotiator admiral state_secretary"""
)
_WALKS = {"sport": _SPORT, "arts": _ARTS, "public life": _PUBLIC}


Roles = frozenset[str]


@dataclass(frozen=True, slots=True)
class Office:
    """A role taken apart: its head, the rest of what it says, the countries and other places it names."""

    head: str
    second: frozenset[str]
    general: frozenset[str]
    nations: frozenset[str]
    places: frozenset[str]
    walk: str


@lru_cache(maxsize=1 << 14)
def read_office(role: str) -> Office:
    """Take a role apart; one of no known word becomes an office without a head."""
    front = _BEFORE_PLACE.split(_phrased(role), maxsplit=1)[0]
    every = [word for word in _told(_phrased(role)) if word not in _FILLERS]
    named = [word for word in _told(front) if word not in _FILLERS and word not in NATIONS]
    head = named[-1] if named else ""
    rest = [word for word in every if word != head]
    nations = frozenset(rest) & NATIONS
    walk = next((walk for walk, words in _WALKS.items() if words & set(every)), "")
    second, general = frozenset(rest) & _SECOND, frozenset(rest) & _GENERAL
    return Office(head, second, general, nations, frozenset(rest) - nations - second - general, walk)


def _phrased(role: str) -> str:
    return _PHRASE.sub(lambda found: _PHRASES[found.group()], " ".join(role.lower().replace("-", " ").split()))


def _told(words: str) -> list[str]:
    found = (word.removesuffix("'s").removesuffix("’s") for word in _tokens(words))
    told = name_nations([plain(word) if "_" not in word else word for word in found])
    return [_SAME.get(word, word) for word in told if word]


def _tokens(words: str) -> list[str]:
    return [token.strip(".,;:\"'“”()") for token in words.split()]


def shared(roles: Roles, others: Roles) -> tuple[str, str] | None:
    """Two roles, one of each, that are the same office of the same country or place; the first in the alphabet."""
    return _first(roles, others, _same)


def alike(roles: Roles, others: Roles) -> tuple[str, str] | None:
    """Two roles, one of each, of one office where a country or place is not told: "president", "president"."""
    return _first(roles, others, _comparable)


@lru_cache(maxsize=1 << 12)
def _first(roles: Roles, others: Roles, fit: Callable[[Office, Office], bool]) -> tuple[str, str] | None:
    theirs: dict[str, list[tuple[str, Office]]] = {}
    for role in sorted(others):
        theirs.setdefault(read_office(role).head, []).append((role, read_office(role)))
    mine = [(role, read_office(role)) for role in sorted(roles)]
    found = ((one, other) for one, a in mine for other, b in theirs.get(a.head, ()) if fit(a, b))
    return next(found, None)


def _same(a: Office, b: Office) -> bool:
    if not _comparable(a, b):
        return False
    if a.nations != b.nations:
        # "The president" of one paper is "the Ukrainian president" of another; so is a minister of one department.
        top = a.head in _TOP or (a.head == "minister" and bool(a.general))
        return top and a.general == b.general and a.places == b.places == frozenset()
    if a.head in _ONE_HOLDER and a.nations:
        return a.places <= b.places or b.places <= a.places
    return bool(a.places) and a.places == b.places


def _comparable(a: Office, b: Office) -> bool:
    if not a.head or a.head != b.head or a.head in _NO_OFFICE or a.second != b.second:
        return False
    if a.nations and b.nations and a.nations != b.nations:
        return False
    return a.general <= b.general or b.general <= a.general


@lru_cache(maxsize=1 << 12)
def clash(roles: Roles, others: Roles) -> tuple[str, str] | None:
    """Two roles that speak against one person: of other countries, or of other walks of life, and none in common."""
    mine, theirs = [read_office(role) for role in roles], [read_office(role) for role in others]
    for told in (_nations, _walks):
        one, other = told(mine), told(theirs)
        if one and other and not one & other:
            return min(one), min(other)
    return None


def _nations(offices: Iterable[Office]) -> frozenset[str]:
    return frozenset(nation.replace("_", " ") for office in offices for nation in office.nations)


def _walks(offices: Iterable[Office]) -> frozenset[str]:
    return frozenset(office.walk for office in offices if office.walk)
