"""What a capital at a sentence's start says: often nothing about a name."""

import re

from worker.speakers.within.capitals import Run
from worker.speakers.within.firstnames import MEN, WOMEN
from worker.speakers.within.names import is_title, plain

ADVERBIAL = re.compile(r"(?:ly|ing)$")
CALLING = re.compile(r"(?:based|born|er|or|ers|ors|ies|ist|ists|man|woman|ian|ians)$")
"""What a word before a first name ends in where it is a calling: Vermonter, Recorder, Celebrities."""
LOWER = re.compile(r"\b[a-z][\w'’\-]+")


def common_words(text: str) -> frozenset[str]:
    """The words that the text writes without a capital somewhere."""
    return frozenset(LOWER.findall(text))


def without_first_words(text: str, found: list[Run], loud: frozenset[int], common: frozenset[str]) -> list[Run]:
    """The runs without a first word that is not of the name: "Despite Karin Dahl", "Senators Karin Dahl"."""
    within = {run.words for run in found if run.start not in loud and not begins(text, run.start)}
    short = []
    for run in found:
        first, rest = plain(run.words[0]), run.words[1:]
        if rest and first not in MEN | WOMEN and not is_title(first) and len(first) > 1:
            known = len(rest) > 1 and (rest in within or (plain(rest[0]) in MEN | WOMEN and CALLING.search(first)))
            opening = run.words not in within and begins(text, run.start)
            if known or (opening and (first in common or ADVERBIAL.search(first))):
                run = Run(text.index(rest[0], run.start + len(run.words[0]), run.end), run.end, rest)
        short.append(run)
    return short


def begins(text: str, place: int) -> bool:
    """Whether a sentence begins at a place, or words between marks do."""
    before = text[max(0, place - 6) : place]
    if before[-1:] in tuple("“‘([\"'"):
        return True
    before = before.rstrip(" \u00a0").rstrip("”’\"')]")
    return not before.strip() or before[-1] in ".!?:;\n—–-"
