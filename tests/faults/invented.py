"""Invented articles whose quotations are known. Many words are random, so no two articles are near-duplicates."""

import hashlib
import random
from dataclasses import dataclass

BEGINNINGS = ("bra", "cor", "del", "fen", "gar", "hol", "jas", "kel", "lum", "mor", "nar", "pel", "ros", "tam", "vil")
MIDDLES = ("a", "e", "i", "o", "u", "an", "en", "ir", "or", "al")
ENDS = ("ber", "don", "fold", "gate", "ham", "ley", "mer", "nock", "ridge", "stead", "ton", "wick")


@dataclass(frozen=True, slots=True)
class Article:
    """A text and the direct quotations in it."""

    text: str
    quotes: tuple[str, ...]

    @property
    def content(self) -> bytes:
        """The bytes that are dropped."""
        return self.text.encode()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def invented(number: int, edition: int = 0) -> Article:
    """Return the article of this number. Two editions of an article differ in words and quotations."""
    chance = random.Random(f"{number} {edition}")

    def word() -> str:
        return chance.choice(BEGINNINGS) + chance.choice(MIDDLES) + chance.choice(ENDS)

    def words(count: int) -> str:
        return " ".join(word() for _ in range(count))

    surname, place = word().capitalize(), word().capitalize()
    quotes = tuple(f"We will {words(4)} before the {words(3)}," for _ in range(3))
    text = (
        f"The council of {place} met on Monday about the {words(5)}, report {number} of {edition}. "
        f"Maria {surname}, the mayor of {place}, told reporters that the {words(4)} had to be {word()}. "
        f"“{quotes[0]}” {surname} said. The {words(6)} was left to the {words(3)}. "
        f"“{quotes[1]}” {surname} said. Nobody in the {words(4)} had {words(3)}. "
        f"“{quotes[2]}” {surname} said.\n"
    )
    return Article(text, quotes)
