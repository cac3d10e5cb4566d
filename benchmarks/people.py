"""Invented people with names as frequent as in life.

Surnames and given names follow Zipf's law as Mandelbrot changed it, with constants that fit the census of the United
States: the most frequent surname has 0.8 % of all people, the tenth 0.4 %, the thousandth 0.01 %. So of 100,000 people
some 830 are called Smith, and some 25 John Smith. Three in ten have a middle name, and six in ten an office of a place.
"""

import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product

from worker.speakers.within.listed import given_names, listed_names

SEED = 5


def words(listing: str) -> list[str]:
    """Return the words of a list."""
    return listing.split()


FREQUENT = words(
    """
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
    Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson
    """
)
STARTS = words(
    "Ash Bar Bex Bran Cal Car Dal Dor Ebb Eld Fal Fen Gar Gil Had Hol Jar Kel Kin Lam Lin Mal Mor Nor Pel Ros"
)
ENDS = words(
    """
    ard bach berg bury cott dale den feld ford gate gren hurst ley low man mark mond nell rick sen shaw stein ton wood
    """
)
OFFICES = words(
    "mayor senator governor treasurer ambassador ombudsman coroner sheriff bishop auditor prosecutor minister"
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the words of the name, and an office with its place, or ''."""

    given: str
    middle: str
    surname: str
    role: str

    @property
    def name(self) -> str:
        """The name as the first article prints it."""
        return " ".join(filter(None, (self.given, self.middle, self.surname)))


@cache
def people(count: int) -> tuple[Person, ...]:
    """Return so many people, the same ones in each run."""
    chance = random.Random(SEED)
    others = sorted({name.capitalize() for name in listed_names("surnames")} - {*FREQUENT})
    chance.shuffle(others)
    surnames = FREQUENT + others
    given = sorted(name.capitalize() for name in given_names())
    chance.shuffle(given)
    givens = list(dict.fromkeys(["James", "John", "Robert", "Mary", "William", "Michael", "Elizabeth", *given]))
    heavy = [*accumulate(1 / (1 + rank / 8) ** 0.85 for rank in range(len(surnames)))]
    light = [*accumulate(1 / (1 + rank / 12) for rank in range(len(givens)))]
    places = ["".join(parts) for parts in product(STARTS, ENDS)]

    def one() -> Person:
        first, middle = chance.choices(givens, cum_weights=light, k=2)
        role = f"{chance.choice(OFFICES)} of {chance.choice(places).lower()}" if chance.random() < 0.6 else ""
        surname = chance.choices(surnames, cum_weights=heavy)[0]
        return Person(first, middle if chance.random() < 0.3 else "", surname, role)

    return tuple(one() for _ in range(count))
