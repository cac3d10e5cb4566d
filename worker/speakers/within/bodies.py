"""Bodies that speak: ministries, newspapers, parties, countries."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.wordlists import BODY_NAMES, BODY_WORDS, PLACES

DETERMINER = re.compile(r"^(?:the|its|their|his|her|this)\s+", re.IGNORECASE)
CAPITAL = re.compile(r"[A-Z]")
ADDITION = re.compile(r"\s*(?:,|\().*$", re.DOTALL)
"""The part from the first comma or bracket on, which is an addition to the name."""
LONGEST_ACRONYM = 6
"""At most this many characters in a body's acronym, full stops not counted."""


class Bodies:
    """The bodies that speak in one article, each by the first form of its name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

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
        if not CAPITAL.search(text):
            return ""
        return self.names.setdefault(text.lower(), text)

    def name_with_article(self, text: str, source: Mention) -> str | None:
        """Return `text` if it begins with a capital after "the", as in "the White House"; else None."""
        if source.text[:4].lower() == "the " and text[:1].isupper():
            return self.names.setdefault(text.lower(), text)
        return None
