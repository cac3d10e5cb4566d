"""The people of an article, and the search for the person whom a surname, first name or misspelt surname means."""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from worker.speakers.within.listed import given_name_gender, is_family_first, is_given_name
from worker.speakers.within.names import can_be_one_person, plain, spelling_key
from worker.speakers.within.wordlists import PARTICLES

LETTERS = re.compile(r"[^\W\d_]+")
MOST_NAMESAKES = 20
"""At most this many people are stored under one word of a name."""
MOST_PEOPLE = 2000
"""At most this many people of one text are distinguished: a text with more names is not an article."""
SURNAME_REACH = 1000
"""Keep the meaning of a bare surname until another person of that name is named in full, this far away.

This distance, in code points, begins at the last mention of the person whom the surname has meant.
"""
FIRST_NAME_MARGIN, FIRST_NAME_FACTOR = 6, 4
"""Keep the gender of a first name until the other one has so much more evidence, and so many times as much.

Some of the evidence is always wrong: "she" behind a man's name may mean a woman who has no name."""
SHORTEST_MISSPELT = 5
"""Ignore surnames with fewer letters in the search for misspelt ones."""
MISSPELT_REACH = 1500
"""At most this many code points lie between a person's name and the misspelt surname."""


@dataclass(slots=True, eq=False)
class Person:
    """One person. `words` are the name; they are empty for a person who speaks without being named ("a neighbour").

    `places` are the offsets at which the mentions start, in order. `full_places` are the starts of mentions that are
    more than a bare surname, `bare_places` the starts of all other mentions. `genders` is the weight of the evidence
    for "f" and for "m". `has_title` is also true for a person whose age the article gives. `is_relation` is true for a
    person who is introduced as somebody's relation. `nickname` is the one that stands in marks in the name, "Lola".
    `reigning_title` is the title of a person who reigns: "Pope". `speaks_for` is the name of the body or person on
    whose behalf a person without a name speaks. `age` is in years. `called` are nouns beside the name that are in no
    list of nouns for people: "pediatrician". `subject_places` are the starts of mentions that introduce somebody's
    relation at the start of a sentence: "His wife, Karin Dahl,".
    """

    words: tuple[str, ...]
    forms: Counter[str] = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)
    full_places: list[int] = field(default_factory=list)
    bare_places: list[int] = field(default_factory=list)
    roles: list[tuple[str, int]] = field(default_factory=list)
    genders: Counter[str] = field(default_factory=Counter)
    has_title: bool = False
    speaks: bool = False
    is_relation: bool = False
    suffix: str = ""
    nickname: str = ""
    reigning_title: str = ""
    speaks_for: str | None = None
    age: int | None = None
    called: set[str] = field(default_factory=set)
    subject_places: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest name that the article gives; a reigning person's single name keeps the title ("Pope Urban").

        A name that the article writes in capitals only ("ANA FERRO") gets small letters: "Ana Ferro".
        """
        title = (self.reigning_title,) if self.reigning_title and len(self.words) == 1 else ()
        suffix = (self.suffix,) if self.suffix else ()
        words = " ".join(self.words)
        is_in_capitals = len(self.words) > 1 and words.isupper() and all(len(plain(word)) > 1 for word in self.words)
        words = LETTERS.sub(lambda letters: letters[0].capitalize(), words) if is_in_capitals else words
        return " ".join(filter(None, (*title, words, *suffix)))

    @property
    def is_credible(self) -> bool:
        """True if there is more evidence than capital letters that this is a person."""
        return self.has_title or self.speaks or bool(self.roles) or self.has_given_name or len(self.forms) > 1

    @property
    def is_surely_one(self) -> bool:
        """True if the article says of the name what only a person has: a title, a role, a given name, a gender."""
        return self.has_title or bool(self.roles) or self.has_given_name or bool(self.genders)

    @property
    def first_name(self) -> str | None:
        """The gender of the first name, "f" or "m"; None if it is not listed, or the name of women and men."""
        return first_name_gender(self.words)

    def is_called(self, words: tuple[str, ...]) -> bool:
        """True if words are the person's nickname, with or without the surname."""
        if not self.nickname or plain(words[0]) != plain(self.nickname):
            return False
        return len(words) == 1 or spelling_key(words[-1]) == spelling_key(self.words[-1])

    @property
    def has_given_name(self) -> bool:
        """True if the name begins with a listed given name."""
        return len(self.words) > 1 and is_given_name(plain(self.words[0]))

    @property
    def gender(self) -> str | None:
        """The gender, "f" or "m", for which there is more evidence; None if neither has more."""
        female, male = self.genders.get("f", 0), self.genders.get("m", 0)
        of_first_name = self.first_name
        least, most = sorted((female, male))
        if of_first_name and (most - least < FIRST_NAME_MARGIN or most < FIRST_NAME_FACTOR * least):
            return of_first_name
        return None if female == male else "f" if female > male else "m"


@lru_cache(1024)
def first_name_gender(name: tuple[str, ...]) -> str | None:
    """Return the gender of the first name of a full name; see `Person.first_name`."""
    words = tuple(map(plain, name))
    if words and "-" in words[0] and not name[0].istitle():
        return None  # "Hyun-seok"
    return given_name_gender(words[0]) if len(words) > 1 and not is_family_first(words) else None


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A span of the text, `[start, end)` in code points, that names a person."""

    start: int
    end: int
    person: Person


class People:
    """The people of one article. `mentions` are in the order of the text after `sort`."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self.mentions: list[PersonMention] = []
        self.mention_by_end: dict[int, PersonMention] = {}
        self.by_surname: dict[str, list[Person]] = {}
        self.by_first_name: dict[str, list[Person]] = {}

    def add(self, words: tuple[str, ...], sure: bool = True) -> Person:
        """Return the known person who can have this full name, or else a new person.

        If `sure` is true, a longer name replaces the shorter name of a known person.
        """
        for person in self.by_surname.get(spelling_key(words[-1]), ()):
            if person.is_called(words):
                return person
            if can_be_one_person(words, person.words) and (len(person.words) > 1 or len(words) == 1):
                if sure and len(words) > len(person.words):
                    person.words = words
                return person
        person = Person(words)
        if len(self.all) < MOST_PEOPLE:
            self.all.append(person)
            index_person(self.by_surname, words[-1], person)
            if len(words) > 1:
                index_person(self.by_first_name, words[0], person)
                index_person(self.by_surname, words[-2], person)
        return person

    def sort(self) -> None:
        """Sort the mentions, and the places of each person, in the order of the text."""
        self.mentions.sort(key=lambda mention: mention.start)
        for person in self.all:
            person.places.sort()
            person.bare_places.sort()

    def mentions_before(self, place: int, reach: int) -> list[PersonMention]:
        """Return the mentions in the `reach` code points before the offset `place`; call `sort` first."""
        first = bisect_left(self.mentions, place - reach, key=lambda mention: mention.start)
        return self.mentions[first : bisect_left(self.mentions, place, key=lambda mention: mention.start)]

    def add_nickname(self, person: Person, nickname: str) -> None:
        """Find a person by a nickname, too: Dolores “Lola” Marchetti by "Lola" and "Lola Marchetti"."""
        if nickname and not person.nickname:
            person.nickname = nickname
            person.forms[f"{nickname} {person.words[-1]}"] += 1
            index_person(self.by_first_name, nickname, person)

    def complete_name(self, person: Person, words: tuple[str, ...]) -> None:
        """Give the full name to a person who was known by surname only."""
        person.words = words
        index_person(self.by_first_name, words[0], person)

    def find(self, words: tuple[str, ...], place: int, gender: str | None = None) -> Person | None:
        """Return the person whom a form of a name means at the offset `place`; None if it means nobody known.

        Of several people with that name, return the likeliest.
        """
        key = spelling_key(words[-1])
        people = [person for person in self.by_surname.get(key, ()) if fits(words, person)]
        people = [person for person in people if spelling_key(person.words[-1]) == key] or people
        if not people and len(words) == 1:
            people = self.by_first_name.get(key, [])
        if gender:
            people = [person for person in people if person.gender == gender] or [
                person for person in people if person.gender is None
            ]
        if len(people) <= 1:
            return people[0] if people else None
        return likeliest_namesake(people, place)

    def find_misspelt(self, word: str, place: int) -> Person | None:
        """Return the person whose surname a word misspells by one slip: "Wines" for Leslie Wimes.

        The person must have a full name and must be mentioned shortly before the offset `place`. The result is None if
        several people fit.
        """
        if len(word) < SHORTEST_MISSPELT:
            return None
        near = {id(mention.person): mention.person for mention in self.mentions_before(place, MISSPELT_REACH)}
        people = [
            person
            for person in near.values()
            if len(person.words) > 1 and differ_by_one_slip(plain(person.words[-1]), plain(word))
        ]
        return people[0] if len(people) == 1 else None


def index_person(people: dict[str, list[Person]], word: str, person: Person) -> None:
    """Store a person under a word of the name, unless too many people are stored there already."""
    entries = people.setdefault(spelling_key(word), [])
    if len(entries) < MOST_NAMESAKES:
        entries.append(person)


def fits(words: tuple[str, ...], person: Person) -> bool:
    """True if a form can mean a person.

    It can if it is the end of the person's name, or the first of two surnames, or another full name that the same
    person can have, or the nickname.
    """
    if person.is_called(words):
        return True
    name = [spelling_key(word) for word in person.words]
    while len(words) > 1 and words[0].lower() in PARTICLES:
        words = words[1:]  # "De la Torre"
    form = [spelling_key(word) for word in words]
    if name[-len(form) :] == form:
        return True
    if len(form) > 1 and form[0] != name[0] and len(form[0]) > 1:
        return can_be_one_person(words, person.words)
    return len(form) == 1 and len(name) > 2 and form[0] == name[-2]


def likeliest_namesake(people: list[Person], place: int) -> Person:
    """Return the person whom a short form means at the offset `place`, of several people with one surname.

    Usually that is the person who was last named in full before the offset. But if the bare surname has meant another
    person before, and that person is still near (`SURNAME_REACH`), it means that person again. Somebody's relations
    ("his wife, Melania Trump") are chosen only if there is nobody else, or if a sentence has introduced such a relation
    ("His wife, Melania Trump, came.") and nobody of that name was named in full since. If nobody is named in full
    before the offset, the result is the person who is most often named in full.
    """
    before = [person for person in people if person.full_places and person.full_places[0] < place]
    if not before:
        return max(people, key=lambda person: (len(person.full_places), -(person.full_places or [place])[0]))
    candidates = [person for person in before if not person.is_relation] or before
    last = max(before, key=lambda person: last_mention(person, place))
    others = [last_mention(person, place) for person in before if person is not last]
    introduced = last_before(last.subject_places, place)
    if introduced > max(others, default=place) and introduced == last_before(last.full_places, place):
        return last
    recent = max(candidates, key=lambda person: last_before(person.full_places, place))
    owner = max(candidates, key=lambda person: bisect_left(person.bare_places, place))
    if owner is recent or not bisect_left(owner.bare_places, place):
        return recent
    is_far = last_before(recent.full_places, place) - last_mention(owner, place) > SURNAME_REACH
    return recent if is_far else owner


def last_mention(person: Person, place: int) -> int:
    """Return the start of the last mention of a person before an offset; -1 if there is none."""
    return max(last_before(person.full_places, place), last_before(person.bare_places, place))


def last_before(places: list[int], place: int) -> int:
    """Return the last of the sorted offsets `places` that is before `place`; -1 if there is none."""
    number = bisect_left(places, place)
    return places[number - 1] if number else -1


def differ_by_one_slip(first: str, second: str) -> bool:
    """True if two words differ by one slip at most.

    A slip is one letter left out, added or changed, or two neighbouring letters exchanged.
    """
    if first[0] != second[0] or abs(len(first) - len(second)) > 1:
        return False
    shared = next(
        (number for number, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
    a, b = first[shared:], second[shared:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
