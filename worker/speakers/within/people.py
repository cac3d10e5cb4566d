"""The people of an article: who is named, in which forms, where."""

from collections import Counter
from dataclasses import dataclass, field

from worker.speakers.within.capitals import Run
from worker.speakers.within.firstnames import MEN, WOMEN
from worker.speakers.within.names import Name, compatible, plain, spelling, split
from worker.speakers.within.words import BODY_NAMES, BODY_WORDS, FEMALE_TITLES, MALE_TITLES, NO_NAME, PLACES

MOST_NAMESAKES = 20
MOST_PEOPLE = 2000
"""Different names of one article that are told apart; a list of more is no article."""


@dataclass(slots=True)
class Person:
    """One person. `places` are the starts of the mentions; `genders` counts evidence by "f" and "m"."""

    words: tuple[str, ...]
    forms: Counter[str] = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)
    roles: list[tuple[str, int]] = field(default_factory=list)
    genders: Counter[str] = field(default_factory=Counter)
    titled: bool = False
    speaks: bool = False
    suffix: str = ""

    @property
    def name(self) -> str:
        """The fullest name that the article gives."""
        return " ".join((*self.words, self.suffix) if self.suffix else self.words)

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


@dataclass(slots=True)
class Mention:
    """One place where a person is named."""

    start: int
    end: int
    person: Person


class People:
    """The people of one article and the way from a surname to them."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self.mentions: list[Mention] = []
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

    def named(self, words: tuple[str, ...], place: int, gender: str | None = None) -> Person | None:
        """The person a short or full form means at a place; of several with one surname the likeliest."""
        found = [p for p in self.by_surname.get(spelling(words[-1]), ()) if fits(words, p)]
        if not found and len(words) == 1:
            found = self.by_first.get(spelling(words[0]), [])
        if gender:
            found = [p for p in found if p.gender in (gender, None)]
        if len(found) <= 1:
            return found[0] if found else None
        return max(found, key=lambda person: closeness(person, place))


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


def closeness(person: Person, place: int) -> tuple[bool, int, int]:
    """A key for the likeliest of several: named before, named often, named first."""
    first = person.places[0] if person.places else place
    return first < place, len(person.places), -first


def is_body(words: tuple[str, ...]) -> bool:
    """Whether a run names a body or place, not a person."""
    lower = [plain(word) for word in words]
    if any(word in BODY_WORDS for word in lower) or any(word in BODY_NAMES for word in lower):
        return True
    if len(words) == 1 and words[0].isupper() and len(words[0].replace(".", "")) > 1:
        return True
    return all(word in PLACES or word in NO_NAME for word in lower)


def find(text: str, found: list[Run], unsure: frozenset[int] = frozenset()) -> People:
    """The people among the runs: full names first, then the short forms that mean them.

    `unsure` holds the starts of runs in headlines and quotations, where any word may have a capital.
    """
    people = People()
    names = [(run, split(run.words)) for run in found]
    persons = [(run, name) for run, name in names if name.words and is_person(text, run, name)]
    full = [(run, name) for run, name in persons if len(name.words) > 1]
    for sure in (True, False):
        for run, name in sorted(full, key=lambda each: -len(each[1].words)):
            if (run.start not in unsure) is sure:
                person = people.add(name.words if sure else name.words[:2], sure)
                person.suffix = person.suffix or name.suffix
    for run, name in persons:
        if len(name.words) > 1 or name.titles:
            person = people.named(name.words, run.start, title_gender(name)) or people.add(name.words)
            note(people, person, run, name, text)
    for run, name in persons:
        if len(name.words) == 1 and not name.titles:
            known = people.named(name.words, run.start)
            if known is not None:
                note(people, known, run, name, text)
    people.mentions.sort(key=lambda mention: mention.start)
    for person in people.all:
        person.places.sort()
    return people


def note(people: People, person: Person, run: Run, name: Name, text: str) -> None:
    """Record one mention of a person."""
    people.mentions.append(Mention(run.start, run.end, person))
    person.forms[" ".join(run.words)] += 1
    person.places.append(run.start)
    gender = title_gender(name)
    if gender:
        person.genders[gender] += 3
    if name.titles:
        person.titled = True
        person.roles.append((" ".join(name.titles).lower(), run.start))


def title_gender(name: Name) -> str | None:
    """What a title says of the gender."""
    titles = {plain(title) for title in name.titles}
    return "f" if titles & FEMALE_TITLES else "m" if titles & MALE_TITLES else None


def is_person(text: str, run: Run, name: Name) -> bool:
    """Whether a run may be a person's name."""
    if is_body(name.words) or len(name.words) > 5:
        return False
    if any(plain(word) in NO_NAME for word in name.words):
        return False
    article = text[max(0, run.start - 4) : run.start].lower().endswith(("the ", "the\u00a0"))
    return not (article and not name.titles)


def unsure(found: list[Run], spans: list[tuple[int, int]]) -> frozenset[int]:
    """The starts of the runs that lie in one of the spans."""
    starts: set[int] = set()
    spans = sorted(spans)
    reach, number = -1, 0
    for run in found:
        while number < len(spans) and spans[number][0] <= run.start:
            reach = max(reach, spans[number][1])
            number += 1
        if run.start < reach:
            starts.add(run.start)
    return frozenset(starts)
