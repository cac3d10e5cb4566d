"""He or she: what an article says of a person's gender."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from worker.extract.quotation import Span
from worker.speakers.within.names import plain
from worker.speakers.within.people import People
from worker.speakers.within.wordlists import FEMALE_HEADS, MALE_HEADS

FEMALE = frozenset(("she", "her", "hers", "herself"))
MALE = frozenset(("he", "him", "his", "himself"))
PRONOUN = re.compile(r"\b(?:she|her|herself|he|him|his|himself)\b", re.IGNORECASE)
TOKEN = re.compile(r"[\w'’\-]+")
WINDOW = 300
"""Code points before a pronoun in which its person is looked for."""
BY_ROLE = 3
"""What "the congresswoman" weighs against one pronoun that stands near."""


def of_pronoun(word: str) -> str:
    """ "f" or "m" for a pronoun of the third person."""
    return "f" if word.lower() in FEMALE else "m"


def of_description(words: str) -> str | None:
    """What the last telling word of a description says: actress, father."""
    for token in reversed(TOKEN.findall(words)):
        word = plain(token)
        if word in FEMALE_HEADS:
            return "f"
        if word in MALE_HEADS:
            return "m"
    return None


def by_roles(people: People) -> None:
    """Count the roles that only men or only women have."""
    for person in people.all:
        for role, _ in person.roles:
            gender = of_description(role)
            if gender:
                person.genders[gender] += BY_ROLE


def learn(text: str, people: People, quoted: Sequence[Span], start: int, end: int) -> None:
    """Count the pronouns near which only one person is named for that person.

    `quoted` are the stretches between marks, sorted and apart: what is said there is mostly about somebody else.
    """
    starts = [mention.start for mention in people.mentions]
    opened = [begin for begin, _ in quoted]
    for match in PRONOUN.finditer(text, start, end):
        number = bisect_right(opened, match.start()) - 1
        if number >= 0 and match.start() < quoted[number][1]:
            continue
        first, last = bisect_left(starts, match.start() - WINDOW), bisect_left(starts, match.start())
        near = people.mentions[max(first, last - 6) : last]
        if near and all(mention.person is near[-1].person for mention in near):
            near[-1].person.genders[of_pronoun(match.group())] += 1
