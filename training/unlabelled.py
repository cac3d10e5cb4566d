"""Examples for `training.kinds` from articles without labels: what one article says of a name teaches for all others.

If an article writes "Northam Reed Corp.", Northam Reed is a body in the other articles too. If an article writes "Mr"
before a name, or an age or an office behind it, the name is a person's. Only the articles that do not say it become
examples: they show how such a name looks where nothing gives it away. (Mintz and others, 2009, call this distant
supervision.)
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from worker.speakers.within.capitals import CapitalRun, capital_runs, drop_first_words, headlines, lower_case_words
from worker.speakers.within.kinds import AGE, NameKinds
from worker.speakers.within.names import plain, split_titles
from worker.speakers.within.recognition import starts_in
from worker.speakers.within.wordlists import BODY_WORDS, COURTESY, LEGAL

OFFICE = re.compile(
    r", (?:an? |the )?(?:[a-z\-]+ ){0,3}(?:analyst|attorney|chairman|chairwoman|director|economist|executive|lawyer"
    r"|manager|minister|president|professor|spokesman|spokeswoman|strategist|trader) (?:at|of|for|with|and)\b"
)
LONGEST_OFFICE = 80
FIRM = re.compile(r" &(?:amp;)? Co\b")
CLEARLY = 4
"""A name that articles show both ways is the one that this many times as many articles show."""
WEIGHT = 2.0
"""One example counts as this many of the corpus with labels.

With 4 the firms are told still better, but people with rare given names are lost."""
FEW = 4
"""All examples of one name together count as at most so many."""

Words = tuple[str, ...]


class NameExample(NamedTuple):
    """A name in one article: the features there, whether it is a person's, and how much the example counts."""

    name: Words
    features: dict[str, float]
    is_person: bool
    weight: float


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a gzipped file with one article a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def examples(articles: Iterator[str]) -> list[NameExample]:
    """Return one example for each name of several words, and each article that does not say whose it is."""
    shown: dict[tuple[Words, bool], set[int]] = defaultdict(set)
    seen: dict[Words, list[tuple[int, dict[str, float]]]] = defaultdict(list)
    for number, text in enumerate(articles):
        runs, kinds = runs_of(text)
        names: set[Words] = set()
        for run in runs:
            firm, words = split_firm(run.words), split_titles(run.words).words
            if firm or (len(words) > 1 and FIRM.match(text, run.end)):
                shown[firm or words, False].add(number)
            elif len(words) > 1 and is_clearly_person(text, run):
                shown[words, True].add(number)
            names.add(firm or words)
        for words in names:
            if len(words) > 1:
                seen[words].append((number, kinds.features(words)))
    return list(unsaid(shown, seen))


def runs_of(text: str) -> tuple[list[CapitalRun], NameKinds]:
    """Return the rows of capitalised words of a text outside headlines, and the evidence for their kinds."""
    runs, lower_case = capital_runs(text, 0, len(text)), lower_case_words(text)
    in_headlines = starts_in(runs, headlines(text, 0, len(text)))
    runs = [run for run in drop_first_words(text, runs, in_headlines, lower_case) if run.start not in in_headlines]
    return runs, NameKinds(text, runs, lower_case)


def split_firm(words: Words) -> Words:
    """Return the words before a legal ending, if there are at least two; else none: "Northam Reed Corp."."""
    size = len(words)
    while size > 1 and plain(words[size - 1]) in LEGAL:
        size -= 1
    return words[:size] if 1 < size < len(words) else ()


def is_clearly_person(text: str, run: CapitalRun) -> bool:
    """True if an article shows by a courtesy title, an age or an office that a name is a person's."""
    titles, words = split_titles(run.words).titles, run.words
    if any(plain(word) in BODY_WORDS or plain(word) in LEGAL for word in words[len(titles) :]):
        return False
    is_courteous = not COURTESY.isdisjoint(map(plain, titles))
    office = OFFICE.match(text, run.end, run.end + LONGEST_OFFICE)
    return is_courteous or AGE.match(text, run.end) is not None or office is not None


def unsaid(
    shown: dict[tuple[Words, bool], set[int]], seen: dict[Words, list[tuple[int, dict[str, float]]]]
) -> Iterator[NameExample]:
    """Yield the examples of names whose kind other articles show clearly."""
    for words, places in seen.items():
        as_person, as_body = shown.get((words, True), set()), shown.get((words, False), set())
        fewer, more = sorted((len(as_person), len(as_body)))
        if not more or fewer * CLEARLY > more:
            continue
        silent = [features for number, features in places if number not in as_person | as_body]
        for features in silent:
            yield NameExample(words, features, len(as_person) == more, WEIGHT * min(1.0, FEW / len(silent)))


def told(examples: Sequence[NameExample], shares: Iterable[float], least: float) -> str:
    """Return a line: which share of the people and of the bodies is told right, each name counted alike."""
    right, all_of = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    for example, share in zip(examples, shares, strict=True):
        all_of[example.is_person] += example.weight
        right[example.is_person] += example.weight * ((share >= least) == example.is_person)
    return ", ".join(
        f"{kind} {100 * right[is_person] / max(all_of[is_person], 1):.1f} %"
        for kind, is_person in (("people", True), ("bodies", False))
    )
