"""Invented articles: English sentences made from word lists. The same seed and number give the same article.

The words of every sentence are drawn at random. So two articles share at most a few sequences of five words, and each
article is its own story. Some speakers are quoted more than others: one person says 5 % of all quotations, and 10 % of
the quotations are by people who are hardly ever quoted.
"""

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

LENGTH = 4_900
"""Stop an article at about so many code points: the mean length of the news articles that Onrecord is made for."""
LOUDEST = 0.05
"""The share of the quotations that the most quoted person says."""
STRANGERS = 0.1
"""The share of the quotations that are by people who are hardly ever quoted. So there are always new names."""
KNOWN = 5_000
"""The number of people who say the other quotations."""


def words(name: str) -> list[str]:
    """Return one list of the word file, which separates words and phrases by commas."""
    return [" ".join(phrase.split()) for phrase in LISTS[name].split(",")]


LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
GIVEN, SURNAME_STARTS, SURNAME_ENDS = words("given"), words("surname_starts"), words("surname_ends")
ROLES, CITIES, TIMES, PLACES, LINKS = (words(name) for name in ("roles", "cities", "times", "places", "links"))
NOUNS, ADJECTIVES, VERBS = words("nouns"), words("adjectives"), words("verbs")
PEOPLE = len(GIVEN) * len(SURNAME_STARTS) * len(SURNAME_ENDS)
SCATTER = 48_271  # a prime that scatters neighbouring numbers over the names


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person: given name, surname, role, and pronoun."""

    given: str
    surname: str
    role: str
    pronoun: str

    @property
    def name(self) -> str:
        """Given name and surname."""
        return f"{self.given} {self.surname}"


def person(index: int) -> Person:
    """Return one of `PEOPLE` invented people; no two have the same name."""
    place = index * SCATTER % PEOPLE
    rest, given = divmod(place, len(GIVEN))
    start, end = divmod(rest, len(SURNAME_ENDS))
    name = GIVEN[given]
    return Person(name, SURNAME_STARTS[start] + SURNAME_ENDS[end], ROLES[index % len(ROLES)], pronoun(name))


def pronoun(given: str) -> str:
    """Return the pronoun for a given name of the list."""
    return "she" if given[-1] in "ae" else "he"


class Writer:
    """Write one article."""

    def __init__(self, seed: int, number: int) -> None:
        self._random = random.Random(f"{seed}:{number}")
        self._number = number

    def article(self) -> str:
        """Return the whole text: a dateline, then paragraphs with quotations."""
        city = self._random.choice(CITIES)
        paragraphs = [f"{city.upper()} - {self.sentence()} {self.sentence()}"]
        length = len(paragraphs[0])
        while length < LENGTH - 250:
            paragraph = self._paragraph()
            paragraphs.append(paragraph)
            length += len(paragraph) + 2
        return "\n\n".join(paragraphs) + "\n"

    def _person(self) -> Person:
        """Draw a speaker: person 0 or a stranger (fixed shares), else a known person; low numbers are more likely."""
        drawn = self._random.random()
        if drawn < LOUDEST:
            return person(0)
        if drawn < LOUDEST + STRANGERS:
            return person(self._random.randrange(PEOPLE * 2 // 3, PEOPLE))
        return person(int(KNOWN ** self._random.uniform(0.4, 1.0)))

    def _paragraph(self) -> str:
        person, cue = self._person(), self._random.choice(("said", "told reporters", "argued", "announced"))
        first, second = self.sentence(), self._clause()
        opening = self._random.choice(
            (
                f"“{first[:-1]},” said {person.name}, the {person.role}.",
                f"{person.name}, the {person.role}, {cue}: “{first}”",
                f"{person.name}, the {person.role}, said that {second} {self._time()}.",
                f"“{first[:-1]},” {person.name}, the {person.role}, {cue}, “{second}.”",
            )
        )
        following = self._random.choice(
            (
                f"“{self.sentence()}” {person.pronoun} added.",
                f"{person.surname} said the {self._adjective()} {self._noun()} “{self._action()}”.",
                f"“{self.sentence()[:-1]},” {person.surname} said.",
                self.sentence(),
            )
        )
        return " ".join((opening, following, self.sentence(), self.sentence()))

    def sentence(self) -> str:
        """Return two clauses with a conjunction, or one clause (four times in ten)."""
        clause = self._clause()
        if self._random.random() < 0.6:
            clause += f" {self._random.choice(LINKS)} {self._clause()}"
        return f"{clause[0].upper()}{clause[1:]} {self._time()}."

    def _clause(self) -> str:
        return f"the {self._adjective()} {self._noun()} {self._action()}"

    def _action(self) -> str:
        helper = self._random.choice(("will", "may", "must", "cannot", "should", "did not", "would", "has to"))
        place = f" {self._random.choice(PLACES)} {self._noun()} {self._count()}" if self._random.random() < 0.4 else ""
        return f"{helper} {self._random.choice(VERBS)} {self._adjective()} {self._noun()} {self._noun()}{place}"

    def _noun(self) -> str:
        return self._random.choice(NOUNS)

    def _adjective(self) -> str:
        return self._random.choice(ADJECTIVES)

    def _time(self) -> str:
        return self._random.choice(TIMES)

    def _count(self) -> str:
        return str(self._random.randrange(2, 5_000))


def article(number: int, seed: int = 1) -> str:
    """Return the text of article `number`: about 4,900 characters."""
    return Writer(seed, number).article()
