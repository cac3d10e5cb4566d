"""Comparing texts by their words, four in a row: what of one text stands in another."""

import re

WORD = re.compile(r"\w+")
UNSEEN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")  # trafilatura leaves these out
Gram = tuple[str, str, str, str]
Grams = set[Gram]


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return WORD.findall(UNSEEN.sub("", text).lower())


def grams(text: str) -> Grams:
    """Return every four words that stand in a row in the text."""
    listed = words(text)
    return set(zip(listed, listed[1:], listed[2:], listed[3:], strict=False))


def share_in(part: Grams, whole: Grams) -> float:
    """Return the share of the words of one text that another has, too."""
    return len(part & whole) / len(part) if part else 0.0


def bare(text: str) -> str:
    """Return a text without white space and characters that nobody sees."""
    return "".join((text if text.isascii() else UNSEEN.sub("", text)).split())
