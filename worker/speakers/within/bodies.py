"""Bodies: ministries, papers, parties, countries that speak."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.wordlists import BODY_NAMES, BODY_WORDS, PLACES

ARTICLE = re.compile(r"^(?:the|its|their|his|her|this)\s+", re.IGNORECASE)
CAPITAL = re.compile(r"[A-Z]")
TRAILING = re.compile(r"\s*(?:,|\().*$", re.DOTALL)


class Bodies:
    """The bodies that speak in one article, each under the first name it had."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def name(self, mention: Mention, lower: list[str]) -> str | None:
        """The body's name; "" where it is a body without one ("the company"); None where it is no body."""
        text = TRAILING.sub("", ARTICLE.sub("", " ".join(mention.text.split())))
        acronym = text.isupper() and 1 < len(text.replace(".", "")) <= 6
        single = len(lower) <= 2 and any(word.removesuffix("'s") in PLACES for word in lower)
        if not (acronym or single or any(word in BODY_WORDS or word in BODY_NAMES for word in lower)):
            return self.capitals(text, mention)
        if not CAPITAL.search(text):
            return ""
        return self.names.setdefault(text.lower(), text)

    def capitals(self, text: str, mention: Mention) -> str | None:
        """Something with "the" and a capital that is no person: the White House."""
        if mention.text[:4].lower() == "the " and text[:1].isupper():
            return self.names.setdefault(text.lower(), text)
        return None
