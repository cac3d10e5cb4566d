"""Bodies that speak: ministries, newspapers, parties, countries."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.acronyms import Acronyms
from worker.speakers.within.wordlists import BODY_NAMES, BODY_WORDS, PLACES, PREPOSITIONS, word_set

DETERMINER = re.compile(r"^(?:the|its|their|his|her|this)\s+", re.IGNORECASE)
CAPITAL = re.compile(r"[A-Z]")
ADDITION = re.compile(r"\s*(?:,|\().*$", re.DOTALL)
"""The part from the first comma or bracket on, which is an addition to the name."""
KINDS = word_set("newspaper paper magazine website site station channel network agency daily weekly broadcaster")
"""Nouns beside the name of a body that say what it is."""
THINGS = word_set("poll survey report study statement firm company group giant maker")
"""Nouns behind a name that do not belong to it: the poll is not Harris, and the UK firm is not the UK."""
LONGEST_ACRONYM = 6
"""At most this many characters in a body's acronym, full stops not counted."""


class Bodies:
    """The bodies that speak in one article, each by the first form of its name."""

    def __init__(self, text: str) -> None:
        self.names: dict[str, str] = {}
        self.given: dict[str, str] = {}
        """Acronyms that the article gives in brackets and that speak, by the full names."""
        self._text = text
        self._acronyms: Acronyms | None = None  # read only if an acronym speaks

    def name(self, source: Mention, words: list[str]) -> str | None:
        """Return the name of the body that a source means.

        The result is "" for a body without a name ("the company"), and None if the source means no body. `words` are
        the plain words of the source.
        """
        text = ADDITION.sub("", DETERMINER.sub("", " ".join(source.text.split())))
        is_acronym = text.isupper() and 1 < len(text.replace(".", "")) <= LONGEST_ACRONYM
        is_place = len(words) <= 2 and any(word.removesuffix("'s") in PLACES for word in words)
        if not (is_acronym or is_place or any(word in BODY_WORDS or word in BODY_NAMES for word in words)):
            return self.name_with_article(text, source)
        acronym = text if is_acronym else ""
        if is_acronym:
            text = self.full_name(text)
        text = without_nouns(text)
        if not CAPITAL.search(text):
            return ""
        name = self.names.setdefault(text.lower(), text)
        if self._acronyms is not None and self._acronyms.is_given(acronym):
            self.given[name] = acronym
        return name

    def full_name(self, acronym: str) -> str:
        """Return the full name that the article gives to an acronym, or the acronym if there is none."""
        if self._acronyms is None:
            self._acronyms = Acronyms(self._text)
        return self._acronyms.full_name(acronym)

    def name_with_article(self, text: str, source: Mention) -> str | None:
        """Return `text` if it begins with a capital after "the", as in "the White House"; else None."""
        if source.text[:4].lower() == "the " and text[:1].isupper():
            return self.names.setdefault(text.lower(), text)
        return None


def without_nouns(text: str) -> str:
    """Return the name of a body without the nouns that say what it is: "accountancy firm Ernst & Young".

    "" if the name only describes something else: "the Harris poll", "a report by Lowmark Bank", "the UK firm".
    """
    words = text.split()
    nouns = [number for number, word in enumerate(words[:-1]) if word in KINDS | THINGS]
    if nouns and CAPITAL.match(words[nouns[-1] + 1]) and PREPOSITIONS.isdisjoint(words[: nouns[-1]]):
        words = words[nouns[-1] + 1 :]  # "Russian newspaper Vedomosti"
    capitals = [number for number, word in enumerate(words) if CAPITAL.match(word)]
    if not capitals:
        return ""
    before, after = words[: capitals[0]], words[capitals[-1] + 1 :]
    if any(word in PREPOSITIONS for word in before) or (after and after[-1] in THINGS):
        return ""
    if after and after[-1] in KINDS:
        after = []
    return " ".join(words[capitals[0] : capitals[-1] + 1] + after)
