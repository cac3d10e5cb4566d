"""Descriptions of bodies: "the company", and those with the name behind them: "the ferry company, Casco Lines"."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.bodyfocus import is_state
from worker.speakers.within.names import TOKEN, plain
from worker.speakers.within.phrases import OF_NAME, SourcePhrase, parse_source
from worker.speakers.within.wordlists import BODY_NOUNS, BODY_WORDS, COMPANIES, INSTITUTIONS, PERSON_HEADS, THINGS

IN_PLACE = re.compile(r" (?:in|at|from) [A-Z]")
"""Where a body is, behind its noun: "the government in Oslo" is none that was named before."""


class BodyDescriptions:
    """Tells which sources of one article describe a body."""

    def __init__(self, text: str, bodies: Bodies) -> None:
        self._text = text
        self._bodies = bodies

    def apposed(self, phrase: SourcePhrase, noun: list[str]) -> str | None:
        """Return the body whose name stands behind its description: "the ferry company, Casco Lines"; else None.

        `noun` are the plain words of the phrase's noun.
        """
        behind = self._text[phrase.core_end : phrase.end]
        if (
            noun[-1] not in BODY_NOUNS
            or phrase.noun.split()[-1][0].isupper()
            or not behind.startswith(", ")
            or not behind[2:3].isupper()
        ):
            return None
        return self._bodies.name(parse_source(self._text, Mention(behind[2:], phrase.core_end + 2, phrase.end)))

    def describes(self, phrase: SourcePhrase, noun: list[str]) -> bool:
        """True if a source only describes a body: "the company", "the UK firm", but not "the Lowmark council"."""
        tokens = TOKEN.findall(phrase.noun)
        if not tokens or not tokens[-1].islower() or not (noun[-1] in BODY_NOUNS or noun[-1] in INSTITUTIONS):
            return False
        if "and" in noun and any(word in PERSON_HEADS for word in noun):
            return False  # "the writer and broadcaster"
        based = max((number for number, word in enumerate(tokens) if word.endswith("-based")), default=0)
        capitals = [plain(word) for word in tokens[based + 1 :] if word[0].isupper()]
        is_another = capitals or IN_PLACE.match(self._text, phrase.noun_end)
        if OF_NAME.match(self._text, phrase.noun_end) or (is_another and noun[-1] not in COMPANIES):
            return False
        return all(is_state(word) or not self._bodies.names.knows(word) for word in capitals)

    def may_be_named_so(self, phrase: SourcePhrase, noun: list[str]) -> bool:
        """True if "the NOUN" means a body only if the noun is in its name: "the bureau", "the budget office".

        The words before the noun must be in the name, too.
        """
        if noun[-1] not in BODY_WORDS or noun[-1] in THINGS or not phrase.noun.partition(" ")[2].islower():
            return False
        names = (body.words for body in self._bodies.names.by_words.values())
        return any(set(words).issuperset(noun[1:]) for words in names)
