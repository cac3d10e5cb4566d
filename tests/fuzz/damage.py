"""Damage done to an input by chance alone, cheaply; `documents` and `texts` do it by what they know."""

import random
from typing import Any

from tests.fuzz import documents, texts

LONGEST = 20_000
WORDS = sorted({word for words in documents.WORDS.values() for word in words} | set(documents.EVERYWHERE))


def varied(made: Any, chance: random.Random) -> Any:
    """The same kind of input with one to three stretches cut out, repeated, moved, or replaced by a word."""
    if isinstance(made, tuple):
        return varied(made[0], chance), *made[1:]
    words: list[Any] = WORDS if isinstance(made, bytes) else texts.PIECES
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(0, len(made))
        end = min(len(made), start + chance.choice((0, 1, 2, 5, 30, 300)))
        cut = made[start:end]
        new = chance.choice((made[:0], cut * 2, cut * 20, chance.choice(words), chance.choice(words), cut[::-1]))
        made = made[:start] + new + made[end:]
    return made[: LONGEST if isinstance(made, bytes) else texts.LONGEST]
