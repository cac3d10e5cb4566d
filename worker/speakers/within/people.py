"""The people of an article, and the way from a surname to them."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from worker.speakers.within.firstnames import MEN, WOMEN
from worker.speakers.within.names import compatible, plain, spelling

MOST_NAMESAKES = 20
MOST_PEOPLE = 2000
"""Different names of one article that are told apart; a list of more is no article."""
FAR = 1000
"""Code points after which one whose surname alone was used has left the scene to a namesake."""
LONG_ENOUGH, NEAR = 5, 1500
"""Letters of a surname that can be misspelt, and code points since the person was named."""
LEADERS = {
    "president": (
        "Barack Obama; Donald Trump; Joe Biden; Vladimir Putin; Dmitry Medvedev; Volodymyr Zelensky; Petro Poroshenko;"
        " Alexander Lukashenko; Emmanuel Macron; François Hollande; Nicolas Sarkozy; Recep Tayyip Erdogan;"
        " Hassan Rouhani; Ebrahim Raisi; Masoud Pezeshkian; Mahmoud Ahmadinejad; Jair Bolsonaro; Rodrigo Duterte;"
        " Mahmoud Abbas; Nicolás Maduro"
    ),
    "chancellor": "Angela Merkel; Olaf Scholz; Friedrich Merz",
    "minister": (
        "Benjamin Netanyahu; David Cameron; Rishi Sunak; Keir Starmer; Justin Trudeau; Narendra Modi; Shinzo Abe;"
        " Viktor Orban; Giorgia Meloni"
    ),
}
BY_OFFICE = {
    (office, plain(name.split()[-1])): tuple(name.split())
    for office, names in LEADERS.items()
    for name in names.split("; ")
}
"""Heads of state whom papers call by office and surname alone: "President Obama" needs no first name.

Only those whom the office and the surname tell apart from every other holder, so no Bush, Clinton, Johnson or Kim.
"""


@dataclass(slots=True, eq=False)
class Person:
    """One person; without words, somebody who is spoken of and not named ("a neighbour").

    `places` are the starts of the mentions, `full` of those that are more than the surname, `bare` of the others, all
    in order. `genders` weighs evidence by "f" and "m". `kin`: introduced as somebody's relation.
    """

    words: tuple[str, ...]
    forms: Counter[str] = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)
    full: list[int] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    roles: list[tuple[str, int]] = field(default_factory=list)
    genders: Counter[str] = field(default_factory=Counter)
    titled: bool = False
    speaks: bool = False
    kin: bool = False
    suffix: str = ""
    style: str = ""

    @property
    def name(self) -> str:
        """The fullest name that the article gives; who reigns under one name is not known without the style."""
        style = (self.style,) if self.style and len(self.words) == 1 else ()
        return " ".join((*style, *self.words, self.suffix) if self.suffix else (*style, *self.words))

    @property
    def credible(self) -> bool:
        """Whether more than capital letters says that this is a person."""
        return self.titled or self.speaks or bool(self.roles) or self.first_name is not None or len(self.forms) > 1

    @property
    def first_name(self) -> str | None:
        """ "f" or "m" by a common first name."""
        first = plain(self.words[0]) if len(self.words) > 1 else ""
        return "f" if first in WOMEN else "m" if first in MEN else None

    @property
    def gender(self) -> str | None:
        """ "f" or "m" where the evidence leans one way."""
        female, male = self.genders["f"], self.genders["m"]
        if abs(female - male) < 3 and self.first_name:
            return self.first_name
        return None if female == male else "f" if female > male else "m"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a person is named."""

    start: int
    end: int
    person: Person


class People:
    """The people of one article. `mentions` are in order of the text; `ending` finds one by its end."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self.mentions: list[Mention] = []
        self.ending: dict[int, Mention] = {}
        self.by_surname: dict[str, list[Person]] = {}
        self.by_first: dict[str, list[Person]] = {}

    def add(self, words: tuple[str, ...], sure: bool = True) -> Person:
        """The person of this full name, a new one where none fits; a longer form becomes the name if it is `sure`."""
        for person in self.by_surname.get(spelling(words[-1]), ()):
            if compatible(words, person.words) and (len(person.words) > 1 or len(words) == 1):
                if sure and len(words) > len(person.words):
                    person.words = words
                return person
        person = Person(words)
        if len(self.all) < MOST_PEOPLE:
            self.all.append(person)
            index(self.by_surname, words[-1], person)
            if len(words) > 1:
                index(self.by_first, words[0], person)
                index(self.by_surname, words[-2], person)
        return person

    def sort(self) -> None:
        """Bring mentions and places into the order of the text."""
        self.mentions.sort(key=lambda mention: mention.start)
        for person in self.all:
            person.places.sort()
            person.bare.sort()

    def mentions_before(self, place: int, reach: int) -> list[Mention]:
        """The mentions in the code points before a place; mentions must be in order."""
        starts = bisect_left(self.mentions, place - reach, key=lambda mention: mention.start)
        return self.mentions[starts : bisect_left(self.mentions, place, key=lambda mention: mention.start)]

    def complete(self, person: Person, words: tuple[str, ...]) -> None:
        """Give somebody known by a surname the full name."""
        person.words = words
        index(self.by_first, words[0], person)

    def named(self, words: tuple[str, ...], place: int, gender: str | None = None) -> Person | None:
        """The person a short or full form means at a place; of several with one surname the likeliest."""
        found = [p for p in self.by_surname.get(spelling(words[-1]), ()) if fits(words, p)]
        exact = [p for p in found if spelling(p.words[-1]) == spelling(words[-1])]
        found = exact or found
        if not found and len(words) == 1:
            found = self.by_first.get(spelling(words[0]), [])
        if gender:
            sure = [p for p in found if p.gender == gender]
            found = sure or [p for p in found if p.gender is None]
        if len(found) <= 1:
            return found[0] if found else None
        return likeliest(found, place)


def index(people: dict[str, list[Person]], word: str, person: Person) -> None:
    """Enter a person under a word of the name, unless that has too many already."""
    entries = people.setdefault(spelling(word), [])
    if len(entries) < MOST_NAMESAKES:
        entries.append(person)


def fits(words: tuple[str, ...], person: Person) -> bool:
    """Whether a form can mean a person: the end of the name, or a part of a double surname."""
    tail = [spelling(word) for word in person.words]
    form = [spelling(word) for word in words]
    if tail[-len(form) :] == form:
        return True
    if len(form) > 1 and form[0] != tail[0] and len(form[0]) > 1:
        return compatible(words, person.words)
    return len(form) == 1 and len(tail) > 2 and form[0] == tail[-2]


def likeliest(found: list[Person], place: int) -> Person:
    """Of several people of one surname the one a short form means at a place.

    Relations of somebody ("his wife, Melania Trump") stand back. The most recently fully named has the surname, unless
    the article has used it alone for another, who is still about.
    """
    before = [person for person in found if person.full and person.full[0] < place]
    if not before:
        return max(found, key=lambda person: (len(person.full), -(person.full or [place])[0]))
    heads = [person for person in before if not person.kin] or before
    recent = max(heads, key=lambda person: last(person.full, place))
    owner = max(heads, key=lambda person: bisect_left(person.bare, place))
    if owner is recent or not bisect_left(owner.bare, place):
        return recent
    gone = max(last(owner.full, place), last(owner.bare, place))
    return recent if last(recent.full, place) - gone > FAR else owner


def last(places: list[int], place: int) -> int:
    """The last of some places before one; -1 where there is none."""
    number = bisect_left(places, place)
    return places[number - 1] if number else -1


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


def full_name(person: Person) -> tuple[str, ...] | None:
    """The words of the name of somebody known by an office and a surname; None for all others."""
    if len(person.words) != 1:
        return None
    word = plain(person.words[0])
    offices = {token for role, _ in person.roles for token in role.split()[-1:]}
    return next((BY_OFFICE[office, word] for office in sorted(offices) if (office, word) in BY_OFFICE), None)
