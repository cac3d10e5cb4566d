"""The make of a source phrase: its head comes first, then "of", "who" and appositions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worker.extract.quotation import Mention
from worker.speakers.within.capitals import Run, runs
from worker.speakers.within.names import plain, split
from worker.speakers.within.wordlists import COURTESY, INDEFINITE, PREPOSITIONS

CORE_END = re.compile(r",|\(|\[|[–—]| - | -- |\s(?:who|whose|whom|which)\s")
PREPOSITION = re.compile(rf"\s(?:{'|'.join(sorted(PREPOSITIONS))})(?:\s|$)")
WORD = re.compile(r"[\w'’.\-]+")
JOINTS = ("and", "&", "or", ", and")
POSSESSIVE = ("'s", "’s", "'", "’")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source phrase taken apart; all places are in the article's text.

    `core` is what stands before the first comma, bracket, dash or relative pronoun: [start, core_end). `noun_end` is
    where its first preposition begins, else `core_end`.
    """

    text: str
    start: int
    noun_end: int
    core_end: int
    end: int

    @property
    def core(self) -> str:
        """The phrase without what only adds to it."""
        return self.text[self.start : self.core_end]

    @property
    def noun(self) -> str:
        """The noun phrase that heads it."""
        return self.text[self.start : self.noun_end]


def parse(text: str, mention: Mention) -> Phrase:
    """The parts of a source mention."""
    core = CORE_END.search(text, mention.start + 1, mention.end)
    core_end = core.start() if core else mention.end
    preposition = PREPOSITION.search(text, mention.start, core_end)
    return Phrase(text, mention.start, preposition.start() if preposition else core_end, core_end, mention.end)


def heads(text: str, start: int, end: int) -> list[Run]:
    """The runs that head a noun phrase: the one it ends with, and those joined to that by "and"."""
    kept: list[Run] = []
    edge = end
    for run in reversed(runs(text, start, end)):
        gap = text[run.end : edge].strip()
        if (not kept and gap not in ("", ".")) or (kept and gap not in JOINTS):
            break
        if text[run.start : run.end].endswith(POSSESSIVE) and (run.start, run.end) != (start, end):
            break
        kept.append(run)
        edge = run.start
    return kept[::-1]


def named(phrase: Phrase) -> Iterator[list[Run]]:
    """The runs that can be the people a phrase names, the likeliest reading first."""
    yield heads(phrase.text, phrase.start, phrase.noun_end)
    first = runs(phrase.text, phrase.start, phrase.noun_end)[:1]
    if first and first[0].start == phrase.start and phrase.text[first[0].end : first[0].end + 5] == " and ":
        yield first  # "Trump and his aides"
    if phrase.noun_end < phrase.core_end:  # "Secretary of State John Kerry"
        found = heads(phrase.text, phrase.noun_end, phrase.core_end)
        if found and not governed(phrase.text, phrase.start, found[0]):
            yield found
    yield apposition(phrase)


def governed(text: str, start: int, run: Run) -> bool:
    """Whether a name belongs to somebody else's description: "a spokesman for Karin Dahl"."""
    before = [plain(word) for word in WORD.findall(text[start : run.start])]
    if not before or before[0] in INDEFINITE:
        return bool(before)
    titles = {plain(title) for title in split(run.words).titles}
    office = bool(titles - COURTESY)  # "Secretary of State", "Minister of Water Resources"
    return before[-1] in PREPOSITIONS | {"the"} and not office


def apposition(phrase: Phrase) -> list[Run]:
    """The name that follows the core: "Iran's chief negotiator, Ali Bagheri Kani"."""
    position = phrase.core_end
    while position < phrase.end and not phrase.text[position].isalnum():
        position += 1
    core = CORE_END.search(phrase.text, position, phrase.end)
    end = core.start() if core else phrase.end
    preposition = PREPOSITION.search(phrase.text, position, end)
    found = heads(phrase.text, position, preposition.start() if preposition else end)
    if not found:
        return []
    lead = phrase.text[position : found[0].start]
    return found if lead == lead.lower() and lead.split()[:1] not in (["a"], ["an"]) else []
