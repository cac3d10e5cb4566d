"""The articles of the model: a few people, each under several forms of the name, are quoted in several articles."""

import random
from functools import lru_cache

from tests.faults.invented import BEGINNINGS, ENDS, MIDDLES, Article

APART = 10
"""One example may use so many numbers of articles; its people are quoted in these articles only."""


def word(chance: random.Random) -> str:
    """Return a made-up word."""
    return chance.choice(BEGINNINGS) + chance.choice(MIDDLES) + chance.choice(ENDS)


@lru_cache
def forms(group: int) -> tuple[str, ...]:
    """Return the names in a group of articles: two people under two forms each (0, 1 and 2, 3), and a third person.

    The machine joins the two forms of one person, since one only leaves out a middle name.
    """
    chance = random.Random(f"people {group}")
    one, two = (f"{word(chance)}{word(chance)}".capitalize() for _ in range(2))
    return (f"Maria {one}", f"Maria Elena {one}", f"Jonas {two}", f"Jonas Peter {two}", f"Ruth {one}")


SPEAKING = ((0, 2, 0), (1, 3, 4), (0, 4, 2), (3, 1, 4))
"""For each article of a group in turn, who says its three quotations: indexes of `forms`."""

SHARED = {(1, 0): (0, 0), (1, 1): (0, 1), (3, 2): (2, 1)}
"""Quotations with the words of an earlier one: (article, place) → (article, place). They are one statement."""


@lru_cache
def printed(number: int) -> Article:
    """Return the article of this number, with three quotations. Many words are random."""
    group, place = divmod(number, APART)
    chance = random.Random(f"article {number}")
    names = [forms(group)[index] for index in SPEAKING[place % len(SPEAKING)]]

    def words(count: int) -> str:
        return " ".join(word(chance) for _ in range(count))

    def said(index: int) -> str:
        article, original = SHARED.get((place, index), (place, index))
        own = random.Random(f"quotation {group} {article} {original}")
        return f"We will {' '.join(word(own) for _ in range(5))} before the {word(own)} {word(own)},"

    quotes = tuple(said(index) for index in range(3))
    town = word(chance).capitalize()
    text = (
        f"The council of {town} met on Monday about the {words(12)}, report {number}. "
        f"It was told that the {words(12)} had to be {words(8)}, and that the {words(12)} was late. "
        f"“{quotes[0]}” {names[0]} said. The {words(6)} was left to the {words(3)}. "
        f"“{quotes[1]}” {names[1]} said. Nobody in the {words(4)} had {words(3)}. "
        f"“{quotes[2]}” {names[2]} said.\n"
    )
    return Article(text, quotes)
