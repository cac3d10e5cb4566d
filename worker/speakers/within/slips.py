"""Surnames that an article misspells once: "Wines" for Leslie Wimes."""

from worker.speakers.within.names import plain
from worker.speakers.within.people import People, Person

LONG_ENOUGH, NEAR = 5, 1500
"""Letters of a surname that can be misspelt, and code points since the person was named."""


def misspelt(people: People, word: str, place: int) -> Person | None:
    """The one person fully named shortly before whose surname is this word but for one slip: Wines, Wimes."""
    if len(word) < LONG_ENOUGH:
        return None
    near = people.mentions_before(place, NEAR)
    found = {id(each.person): each.person for each in near if len(each.person.words) > 1}
    slips = [person for person in found.values() if one_slip(plain(person.words[-1]), plain(word))]
    return slips[0] if len(slips) == 1 else None


def one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter left out, put in, changed, or changed places with the next."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    first = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[first:], other[first:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
