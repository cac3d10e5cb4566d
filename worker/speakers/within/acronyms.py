"""The full names that an article gives to the acronyms of bodies: "General Motors Corp (GM)", or just both of them."""

import re
from collections.abc import Iterator

from worker.speakers.within.names import plain
from worker.speakers.within.wordlists import BODY_WORDS, DAYS, LEGAL

WORD = r"[A-Z][\w&’'-]*\.?"
FULL_NAME = re.compile(
    rf"{WORD}(?: (?:(?:of|for|and|the|de|&) ){{0,2}}{WORD}){{1,9}}(?: ?\((?P<acronym>[A-Z][A-Za-z]{{1,6}})\))?"
)
BRACKET = re.compile(r" ?\([^)]*\)\Z")
PARTED = re.compile(r" and (?:the )?")
POSSESSIVE = re.compile(r"['’]s?\Z")
MOST_COMPANIES = 200
"""At most so many names of companies are compared with an acronym; no article has more."""
SHORTEST = 2
"""Letters that are only some of the initials must be more than so many."""
MOST_BEFORE = 2
"""At most so many words with a capital stand before a name without belonging to it: "But General Motors"."""


class Acronyms:
    """The acronyms of one article."""

    def __init__(self, text: str) -> None:
        self._given: dict[str, str] = {}  # names with their acronyms in brackets
        self._named: dict[str, set[str]] = {}
        self._companies: dict[str, str] = {}  # by the initials of the whole name
        for match in FULL_NAME.finditer(text):
            run = POSSESSIVE.sub("", BRACKET.sub("", match.group()))
            for name in _names(run):
                self._add(name, match["acronym"])

    def _add(self, name: list[str], given: str | None) -> None:
        capitals = [plain(word) for word in name if word[0].isupper()]
        initials = "".join(word[0] for word in capitals).upper()
        bare = "".join(word[0] for word in capitals if word not in LEGAL).upper()
        is_company = len(bare) < len(initials)
        full = " ".join(name).removesuffix(".")
        if given is not None and _fits(given, initials):
            self._given[given] = full
        if is_company and len(self._companies) < MOST_COMPANIES:
            self._companies.setdefault(initials, full)
        if is_company or not BODY_WORDS.isdisjoint(capitals):
            for acronym in {initials, bare}:
                if len(acronym) > 1:
                    self._named.setdefault(acronym, set()).add(full)

    def is_given(self, acronym: str) -> bool:
        """True if the article writes this acronym in brackets behind a full name."""
        return acronym.replace(".", "") in self._given

    def full_name(self, acronym: str) -> str:
        """Return the full name that the article gives to an acronym, or the acronym if there is none, or several."""
        letters = acronym.replace(".", "")
        if letters in self._given:
            return self._given[letters]
        likely = self._named.get(letters, set())
        if not likely and len(letters) > SHORTEST:
            likely = {name for initials, name in self._companies.items() if _fits(letters, initials)}
        longest = max(likely, key=len, default=acronym)
        return longest if all(name in longest for name in likely) else acronym


def _names(run: str) -> Iterator[list[str]]:
    """Yield what may be a name in words with capitals: all of them, those from a later one on, and each part."""
    for part in dict.fromkeys((run, *PARTED.split(run))):
        words = _without_next_sentence(part.split(" "))
        for first in range(min(MOST_BEFORE + 1, len(words) - 1)):
            if words[first][:1].isupper():
                yield words[first:]


def _without_next_sentence(words: list[str]) -> list[str]:
    """Return the words up to a legal ending with a full stop, or before a day: "Lowco Corp. Monday reported"."""
    for number, word in enumerate(words):
        if number and plain(word) in DAYS:
            return words[:number]
        if word.endswith(".") and plain(word) in LEGAL and plain(words[min(number + 1, len(words) - 1)]) not in LEGAL:
            return words[: number + 1]
    return words


def _fits(acronym: str, initials: str) -> bool:
    """True if the letters of an acronym are initials of the name, in their order, from the first one on."""
    rest = iter(initials)
    return acronym[:1].upper() == initials[:1] and all(letter in rest for letter in acronym.upper())
