"""Names of imported lists: whose name is a name, on a certain day. A list is evidence beside the names themselves.

A name that only one person or body of the lists has on that day means it. A name that several of them have means none
of them, and joins with them are only proposed. The same spelling as in the list comes before another spelling. All
functions but `find` are pure.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from worker.speakers.across.matching import CLAIMED, Link, Verdict, compare
from worker.speakers.across.name import ParsedName, read_name
from worker.speakers.within.resolution import EntityKind
from worker.store import lists
from worker.store.lists import Claim

LISTED = Verdict(Link.JOIN, "an imported list has both names", 0.99)
"""Two names of one person or body of the lists."""

CONTENDED = Verdict(Link.PROPOSE, CLAIMED, 0.5)
"""A name that several people or bodies of the lists have."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a name means according to the lists."""

    listed: int | None = None
    """The id of the only listed speaker who has the name; None if there is none, or if there are several."""
    contenders: frozenset[int] = frozenset()
    """The listed speakers, if several have the name."""
    roles: frozenset[str] = frozenset()
    """The roles that the rows give the listed speaker on that day, in lower case."""


NOBODY = Meant()


def find(connection: Connection, names: Sequence[ParsedName], day: date | None) -> list[Meant]:
    """Return whom each name means in an article of this day (UTC); None: the day is not known."""
    claims = lists.claims(connection, {name.whole_key for name in names})
    if not claims:
        return [NOBODY] * len(names)
    by_key: dict[str, list[Claim]] = {}
    for claim in claims:
        by_key.setdefault(claim.key, []).append(claim)
    return [meant(name, by_key.get(name.whole_key, ()), day) for name in names]


def meant(name: ParsedName, claims: Iterable[Claim], day: date | None) -> Meant:
    """Return whom a name means, given the claims of names with its key."""
    holding = [claim for claim in claims if claim.holds(day) and _is_spelling(name, claim.name)]
    exact = [claim for claim in holding if _same(name.text, claim.name)]
    listed = {claim.listed for claim in exact or holding}
    if len(listed) > 1:
        return Meant(contenders=frozenset(listed))
    if not listed:
        return NOBODY
    is_person = name.kind is EntityKind.PERSON  # a body has no office
    roles = frozenset(claim.role.lower() for claim in exact or holding if claim.role and is_person)
    return Meant(next(iter(listed)), roles=roles)


def keys(name: str) -> list[str]:
    """Return the keys of a listed name: a list does not say whether the name is a person's or a body's."""
    return [read_name(name, kind).whole_key for kind in EntityKind]


def is_contended(name: str, claims: Sequence[Claim]) -> bool:
    """True if on some day the name, spelled like this, means several listed speakers. `claims` are those of its key."""
    if len({claim.listed for claim in claims}) < 2:
        return False
    days = {None, *(claim.first_day for claim in claims), *(claim.last_day for claim in claims)}
    kinds = [kind for kind in EntityKind if read_name(name, kind).whole_key in {claim.key for claim in claims}]
    return any(meant(read_name(name, kind), claims, day).contenders for kind in kinds for day in days)


def _is_spelling(name: ParsedName, other: str) -> bool:
    return _same(name.text, other) or compare(name, read_name(other, name.kind)).link is Link.JOIN


def _same(text: str, other: str) -> bool:
    return unicodedata.normalize("NFC", text).casefold() == unicodedata.normalize("NFC", other).casefold()
