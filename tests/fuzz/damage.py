"""Cheap random damage to an input of any kind; `documents` and `texts` draw damage that fits their formats."""

import random
from typing import Any

from tests.fuzz import documents, texts

LONGEST = documents.LONGEST
WORDS = sorted({word for words in documents.WORDS.values() for word in words} | set(documents.EVERYWHERE))


def variant(value: Any, chance: random.Random) -> Any:
    """Return the input with one to three of its spans removed, repeated, reversed, or replaced by a word."""
    if isinstance(value, tuple):
        return variant(value[0], chance), *value[1:]
    words: list[Any] = WORDS if isinstance(value, bytes) else texts.PIECES
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(0, len(value))
        end = min(len(value), start + chance.choice((0, 1, 2, 5, 30, 300)))
        cut = value[start:end]
        new = chance.choice((value[:0], cut * 2, cut * 20, chance.choice(words), chance.choice(words), cut[::-1]))
        value = value[:start] + new + value[end:]
    return value[: LONGEST if isinstance(value, bytes) else texts.LONGEST]
