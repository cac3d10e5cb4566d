"""The search for the person whom a definite description means: "the minister"."""

from bisect import bisect_left
from typing import NamedTuple

from worker.speakers.within.comparison import (
    NATIONS,
    PARTIES,
    PORTFOLIOS,
    SECONDS,
    comparison_words,
    contradict,
    head_of,
    heads,
    own_parts,
)
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import description_gender
from worker.speakers.within.names import OFFICES as CAPITAL_OFFICES
from worker.speakers.within.people import People, Person, last_before
from worker.speakers.within.wordlists import TITLES

OFFICES = frozenset(map(str.lower, CAPITAL_OFFICES))
MOST_ROLES = 50
"""At most this many roles of one person are looked up."""
MOST_CANDIDATES = 40
"""At most this many roles with the same head are compared with a description: the last roles before it."""
MOST_EARLY_CANDIDATES = 3
"""At most this many roles after a description are compared with it, if no role is before it.

The description can be in a headline, before all names.
"""
EXACT, LOOSE = 0.85, 0.6
"""Confidence if a person's roles have all words of a description, and confidence if they lack some words."""


class RoleEntry(NamedTuple):
    """The words of a role, for comparison, with the person who has it and the start of the mention beside it.

    `last` is the last of these words that is about this person, if there is one. `heads` are the nouns for this person.
    """

    place: int
    person: Person
    words: frozenset[str]
    last: tuple[str, ...]
    heads: tuple[str, ...]


def role_entry(person: Person, role: str, place: int) -> RoleEntry:
    """Return the entry of a role in the index."""
    last = comparison_words(own_parts(role)[-1])[-1:]
    return RoleEntry(place, person, frozenset(comparison_words(role)), last, heads(role))


class RoleIndex:
    """The roles of an article's people by their heads (main nouns), to find the person whom a description means."""

    def __init__(self, people: People, focus: Focus) -> None:
        self.focus = focus
        self.by_head: dict[str, list[RoleEntry]] = {}
        entries = [
            role_entry(person, role, place) for person in people.all for role, place in person.roles[:MOST_ROLES]
        ]
        for entry in sorted(entries, key=lambda entry: entry.place):
            titles = {word for word in entry.last if word in TITLES or word in OFFICES}  # "archbishop", "labour mp"
            for head in {*entry.heads, *titles}:
                self.by_head.setdefault(head, []).append(entry)
        self.by_noun: dict[str, list[Person]] = {}
        for person in people.all:
            for noun in person.called:
                self.by_noun.setdefault(noun, []).append(person)

    def find(self, description: str, place: int) -> tuple[Person, float] | None:
        """Return the person whom a definite description means at the offset `place`, and the confidence; else None.

        A person's roles may lack at most half of the description's words, or one word. Of several people, the
        description means the person whose roles lack the fewest words. If several lack equally few, it means the person
        who was mentioned last.
        """
        described = comparison_words(description)
        head = head_of(description)
        first, last = description.split()[0], description.split()[-1]
        if head is None and first.lower() == "the" and (last.islower() or last in CAPITAL_OFFICES):  # "the archbishop"
            head = described[-1] if described and described[-1] in self.by_head else None
        entries = self.by_head.get(head, []) if head else []
        first_after = bisect_left(entries, place, key=lambda entry: entry.place)
        candidates = entries[:first_after] or entries[:MOST_EARLY_CANDIDATES]
        gender = description_gender(head or "")
        roles: dict[int, tuple[Person, set[str]]] = {}
        for entry in candidates[-MOST_CANDIDATES:]:
            if not entry.words & SECONDS <= set(described):
                continue  # "the prime minister" is not the deputy prime minister
            if gender and entry.person.gender not in (gender, None):
                continue
            roles.setdefault(id(entry.person), (entry.person, set()))[1].update(entry.words)
        best: tuple[tuple[int, float, int], Person] | None = None
        for person, words in roles.values():
            missing = sum(word not in words for word in described)
            if missing > max(1, len(described) // 2) or any(
                contradict(described, words, kind) for kind in (NATIONS, PARTIES)
            ):
                continue
            if not words >= PORTFOLIOS.intersection(described):
                continue
            score = (-missing, self.focus.salience(person, place), last_before(person.places, place))
            if best is None or score > best[0]:
                best = (score, person)
        return None if best is None else (best[1], EXACT if best[0][0] == 0 else LOOSE)

    def find_called(self, noun: str, place: int) -> Person | None:
        """Return the person beside whose name a noun stands that no list has; the one named last, of several."""
        called = [person for person in self.by_noun.get(noun, ()) if last_before(person.places, place) >= 0]
        return max(called, key=lambda person: last_before(person.places, place), default=None)
