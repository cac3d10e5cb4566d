"""Descriptions of bodies: "the company", and those with the name behind them: "the ferry company, Casco Lines"."""

from worker.extract.quotation import Mention
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.bodyfocus import is_state
from worker.speakers.within.names import TOKEN, plain
from worker.speakers.within.phrases import OF_NAME, SourcePhrase, parse_source
from worker.speakers.within.wordlists import BODY_NOUNS, COMPANIES, INSTITUTIONS, PERSON_HEADS


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
        if OF_NAME.match(self._text, phrase.noun_end) or (capitals and noun[-1] not in COMPANIES):
            return False
        return all(is_state(word) or not self._bodies.names.knows(word) for word in capitals)
