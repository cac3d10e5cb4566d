"""Keys made of what articles say beside a name: by them a name is found although many share its other keys.

A key that more than `COMMON` speakers share finds nobody. A hundred people may be called J. Smith, but few of them are
senators from Ohio. Only names with such a key in common can be joined because of the office: `same_office` asks for the
same head of the office, and for the same country or place. All functions are pure.
"""

from collections.abc import Iterable

from worker.speakers.across.name import ParsedName, read_name
from worker.speakers.across.office import read_office
from worker.speakers.within.resolution import EntityKind

MOST = 48
"""At most so many keys are made of one form; more would come from a person with dozens of roles."""


def role_keys(name: ParsedName, roles: Iterable[str]) -> frozenset[str]:
    """Return the keys of a name with each of its roles; none for a surname alone.

    A person gets the surname with the office and its country or place; an office without either ("the president") makes
    a key, too. The roles of a body are the acronyms that articles give it; it gets the keys of bodies called so.
    """
    if name.kind is EntityKind.BODY:
        return frozenset(sorted(read_name(acronym, name.kind).whole_key for acronym in roles)[:MOST])
    if name.is_single_word:
        return frozenset()
    tails: set[str] = set()
    for role in roles:
        office = read_office(role)
        if office.head:
            places = office.nations | office.places
            tails.update(f"/{office.head}@{place}" for place in places or ("",))
    return frozenset(sorted(surname + tail for surname in name.surnames for tail in tails)[:MOST])
