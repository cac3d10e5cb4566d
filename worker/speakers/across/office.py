"""Offices and walks of life, parsed from the roles that articles give beside a name.

They are evidence that two names mean one person, or that they mean two. All functions are pure.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from worker.speakers.across.folding import plain
from worker.speakers.within.nations import NATIONS, name_nations

_BEFORE_PLACE = re.compile(r"\b(?:of|from|for|in|at|to)\b")


def _words(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


# Ignored words: they name neither the office nor the place.
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

_DEPUTY = _words("vice deputy assistant under associate")
"""Words that make another office: a vice president is not the president."""

_ONE_HOLDER = _words(
    """president prime_minister chancellor king queen minister ministers state_secretary negotiator spokesman chairman
    director secretary governor mayor head ombudsman treasurer speaker"""
)
"""Offices that have only one holder at a time in a country or place.

Any other office is the same only if both roles name the same place too.
"""

_TOP = _words("president prime_minister chancellor state_secretary")
"""Offices that a newspaper may name without their country."""

_NO_OFFICE = _words(
    """official politician leader man woman member lawmaker critic expert analyst activist journalist reporter supporter
    citizen voter resident manager advisor aide strategist lawyer attorney executive student teacher worker"""
)
"""Nouns that fit many people at the same time, in any place, so that they are no evidence for one person."""

_GENERAL = _words(
    """foreign defense interior justice finance economy health education energy trade labor labour nuclear national
    state federal local regional military political economic financial legal public press media policy security
    intelligence police campaign party committee council ministry department office government parliament senate house
    republican democratic democrat conservative liberal socialist presidential parliamentary city company team
    university group agency service army air force affairs communications country nation world"""
)
"""Words that say which office it is, but not where."""

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


@dataclass(frozen=True, slots=True)
class Office:
    """A parsed role.

    "Vice president of Iran" has the head (main noun) "president", the deputy word "vice" and the nation Iran.
    """

    head: str
    deputy: frozenset[str]
    general: frozenset[str]
    """Words that say which office it is ("foreign")."""
    nations: frozenset[str]
    places: frozenset[str]
    """All other words; most of them name a place."""
    walk: str
    """The walk of life: a key of `_WALKS`, or empty."""


@lru_cache(maxsize=1 << 14)
def read_office(role: str) -> Office:
    """Parse a role ("russian foreign minister"). A role without known words becomes an office without a head."""
    phrase = _join_phrases(role)
    words = [word for word in _plain_words(phrase) if word not in _FILLERS]
    before_place = _plain_words(_BEFORE_PLACE.split(phrase, maxsplit=1)[0])
    heads = [word for word in before_place if word not in _FILLERS and word not in NATIONS]
    head = heads[-1] if heads else ""
    rest = frozenset(word for word in words if word != head)
    nations, deputy, general = rest & NATIONS, rest & _DEPUTY, rest & _GENERAL
    walk = next((walk for walk, walk_words in _WALKS.items() if walk_words & set(words)), "")
    return Office(head, deputy, general, nations, rest - nations - deputy - general, walk)


def _join_phrases(role: str) -> str:
    """Return the role in lower case, with each phrase of `_PHRASES` replaced by its usual name."""
    return _PHRASE.sub(lambda match: _PHRASES[match.group()], " ".join(role.lower().replace("-", " ").split()))


def _plain_words(text: str) -> list[str]:
    """Return the words of a role in a form for comparison.

    Possessive endings and punctuation are removed. A word for a country becomes the country's name, and words that mean
    the same (`_SAME`) become one word.
    """
    tokens = (token.strip(".,;:\"'“”()").removesuffix("'s").removesuffix("’s") for token in text.split())
    words = name_nations([plain(token) if "_" not in token else token for token in tokens])
    return [_SAME.get(word, word) for word in words if word]


def same_office(roles: frozenset[str], others: frozenset[str]) -> tuple[str, str] | None:
    """Return the first two roles, one from each set, that mean the same office of the same country or place."""
    return _first_pair(roles, others, _is_same)


def similar_office(roles: frozenset[str], others: frozenset[str]) -> tuple[str, str] | None:
    """Return the first two roles, one from each set, that may mean the same office: "envoy", "iranian envoy"."""
    return _first_pair(roles, others, _may_be_same)


@lru_cache(maxsize=1 << 12)
def _first_pair(
    roles: frozenset[str], others: frozenset[str], fit: Callable[[Office, Office], bool]
) -> tuple[str, str] | None:
    """Return the first pair of roles, in alphabetical order, for whose offices `fit` is true."""
    others_by_head: dict[str, list[str]] = {}
    for role in sorted(others):
        others_by_head.setdefault(read_office(role).head, []).append(role)
    pairs = (
        (role, other)
        for role in sorted(roles)
        for other in others_by_head.get(read_office(role).head, ())
        if fit(read_office(role), read_office(other))
    )
    return next(pairs, None)


def _is_same(office: Office, other: Office) -> bool:
    if not _may_be_same(office, other):
        return False
    if office.nations != other.nations:
        # One newspaper writes "the president", another "the Ukrainian president". A minister's nation may be left out
        # too, if the ministry is named.
        may_omit_nation = office.head in _TOP or (office.head == "minister" and bool(office.general))
        return may_omit_nation and office.general == other.general and office.places == other.places == frozenset()
    if office.head in _ONE_HOLDER and office.nations:
        return office.places <= other.places or other.places <= office.places
    return bool(office.places) and office.places == other.places


def _may_be_same(office: Office, other: Office) -> bool:
    if not office.head or office.head != other.head or office.head in _NO_OFFICE or office.deputy != other.deputy:
        return False
    if office.nations and other.nations and office.nations != other.nations:
        return False
    return office.general <= other.general or other.general <= office.general


@lru_cache(maxsize=1 << 12)
def clash(roles: frozenset[str], others: frozenset[str]) -> tuple[str, str] | None:
    """Return two countries, or else two walks of life, if the roles show that there are two people; else None.

    Countries clash if each set of roles names at least one country, and no country is in both sets. Walks of life clash
    in the same way.
    """
    offices, other_offices = [read_office(role) for role in roles], [read_office(role) for role in others]
    for aspects in (_nations, _walks):
        first, second = aspects(offices), aspects(other_offices)
        if first and second and not first & second:
            return min(first), min(second)
    return None


def _nations(offices: Iterable[Office]) -> frozenset[str]:
    return frozenset(nation.replace("_", " ") for office in offices for nation in office.nations)


def _walks(offices: Iterable[Office]) -> frozenset[str]:
    return frozenset(office.walk for office in offices if office.walk)
