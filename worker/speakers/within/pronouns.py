"""He and she: which of the people named before is meant."""

import re
from bisect import bisect_left

from worker.speakers.within.people import Mention, People, Person

FEMALE = frozenset(("she", "her", "hers", "herself"))
MALE = frozenset(("he", "him", "his", "himself"))
PRONOUN = re.compile(r"\b(she|her|herself|he|him|his|himself)\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+|\n")
WINDOW = 300
"""Code points before a pronoun in which its person is looked for when genders are learnt."""
MEMORY = 1500
"""Code points before a pronoun beyond which nobody is still spoken of."""


def learn_genders(text: str, people: People, start: int, end: int) -> None:
    """Count, for each pronoun near whom only one person is named, its gender for that person."""
    starts = [mention.start for mention in people.mentions]
    for match in PRONOUN.finditer(text, start, end):
        first, last = bisect_left(starts, match.start() - WINDOW), bisect_left(starts, match.start())
        near = people.mentions[max(first, last - 6) : last]
        if near and all(mention.person is near[-1].person for mention in near):
            near[-1].person.genders["f" if match.group().lower() in FEMALE else "m"] += 1


class Antecedents:
    """Looks up who a pronoun means, given the mentions outside quotation marks and the speakers so far."""

    def __init__(self, text: str, people: People, quoted: list[tuple[int, int]]) -> None:
        self.text = text
        self.mentions = outside(people.mentions, quoted)
        self.starts = [mention.start for mention in self.mentions]
        self.ends = [match.end() for match in SENTENCE_END.finditer(text)]
        self.quoted = quoted

    def person(self, pronoun: str, place: int, previous: tuple[Person, int] | None) -> tuple[Person, float] | None:
        """The person meant at `place`; `previous` is the last speaker and where that one was mentioned as source."""
        gender = "f" if pronoun.lower() in FEMALE else "m"
        number = bisect_left(self.ends, place + 1)
        limit = place
        for step in range(6):
            begin = self.ends[number - 1 - step] if number - 1 - step >= 0 else 0
            if place - begin > MEMORY:
                break
            found = self.subject(begin, limit, gender)
            if previous is not None and begin <= previous[1] < limit and agrees(previous[0], gender):
                return previous[0], 0.9 if step <= 2 else 0.8
            if found is not None:
                return found, 0.8 if step < 2 else 0.6
            limit = begin
            if begin == 0:
                break
        if previous is not None and agrees(previous[0], gender) and place - previous[1] < 2 * MEMORY:
            return previous[0], 0.6
        return None

    def subject(self, begin: int, end: int, gender: str) -> Person | None:
        """The first person named in a stretch whose gender agrees: in English mostly its subject."""
        first, last = bisect_left(self.starts, begin), bisect_left(self.starts, end)
        for mention in self.mentions[first : min(last, first + 12)]:
            if mention.person.credible and agrees(mention.person, gender) and not possessive(self.text, mention):
                return mention.person
        for mention in self.mentions[first : min(last, first + 12)]:
            if mention.person.credible and agrees(mention.person, gender):
                return mention.person
        return None


def agrees(person: Person, gender: str) -> bool:
    """Whether nothing speaks against a gender."""
    return person.gender in (gender, None)


def possessive(text: str, mention: Mention) -> bool:
    """Whether a name stands in the genitive ("Trump's plan")."""
    return text[mention.start : mention.end].endswith(("'s", "’s", "'", "’"))


def outside(mentions: list[Mention], quoted: list[tuple[int, int]]) -> list[Mention]:
    """The mentions that stand outside quotations; both lists are in order."""
    kept, number = [], 0
    for mention in mentions:
        while number < len(quoted) and quoted[number][1] <= mention.start:
            number += 1
        if number >= len(quoted) or not quoted[number][0] <= mention.start < quoted[number][1]:
            kept.append(mention)
    return kept
