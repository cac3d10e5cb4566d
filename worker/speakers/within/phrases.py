"""The structure of a source: first its head, then perhaps a preposition, a relative clause or an apposition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worker.extract.quotation import Mention
from worker.speakers.within.capitals import CapitalRun, capital_runs, name_behind_office
from worker.speakers.within.names import is_person_noun, is_title, plain, plain_words, split_titles
from worker.speakers.within.wordlists import (
    COURTESY,
    INDEFINITE,
    KIN,
    PERSON_HEADS,
    PORTFOLIOS,
    POSSESSIVE_ENDINGS,
    PREPOSITIONS,
    SINGULAR,
    word_set,
)

OF_NAME = re.compile(r" of (?:the )?[A-Z]")
"""What a name follows, behind the noun of a phrase: "the company of Ana Ferro"."""
CORE_END = re.compile(
    r",(?! [A-Z][\w.]{0,9}-based\b)"  # "the Northbrook, Ill.-based company" goes on
    r"|\((?![A-Z][A-Za-z&]{0,6}\) (?:[a-z\-]+ ){0,4}[A-Z])|\[|[–—]| - | -- |\s(?:who|whose|whom|which)\s"
)
DATELINE = re.compile(r"[A-Z][A-Z.,]+(?: [A-Z][A-Z.,]+){0,3}(?: ?\([A-Za-z]+\))? (?:[–—]|--?) (?=[A-Z])")
"""The place at the start of a report, which the extractor took for a part of the source: "OSLO — Norway's minister"."""
BEGINNING = re.compile(r"(?:\A|[\n.!?…\"”’»)])[ \u00a0]*\Z")
"""What stands before the first word of a sentence."""
LEFT_OVER = re.compile(r"(?<=\w)(?:[ \u00a0](?:--?|[–—]|on|meanwhile|however))+\Z")
"""What belongs to no name, but which the extractor took for a part of the source: "Mr Dahl -", "Dahl meanwhile"."""
LONGEST_LEFT_OVER = 40
OF_TIME = re.compile(
    r"(?<! on)[ \u00a0](?:(?:last|this|next|early|late) )?"
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|week|month|year)\Z"
)
"""A time behind a source, which the extractor took for a part of it: "Lowco Inc. Monday"."""
ACRONYM = re.compile(r" ?\([A-Z][A-Za-z&]{0,6}\)")
NOT_INCLUDING = re.compile(r"(?!including)[a-z]+ing")
BEHIND_FIRST = re.compile(r" (?:and|an?) ")
HIMSELF = re.compile(r" (?:him|her|it|them)sel(?:f|ves)\b")
AT_END = re.compile(HIMSELF.pattern + r"\Z")
PREPOSITION = re.compile(rf"\s(?:{'|'.join(sorted(PREPOSITIONS))})(?:\s|$)")
WORD = re.compile(r"[\w'’.\-]+")
APPOSED = re.compile(r"(?:\b(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Aa]n?)|['’]s?) (?:[\w\-]+ ){0,5}([a-z\-]+), \Z")
LONGEST_DESCRIPTION = 80
"""At most this many code points before a name are searched for a noun for the person."""
FIELDS = PORTFOLIOS | frozenset(
    ("fuel", "science", "youth", "water", "land", "housing", "women", "children", "tourism")
)
HOLDERS = PERSON_HEADS | frozenset(("prime", "foreign", "vice", "rep", "sen", "gov"))
"""First words of an office that somebody holds, and that is not part of another office: "President Dahl"."""
FORMER = frozenset(("former", "late", "then", "ex"))
OF_OTHERS = KIN | word_set(
    """
    parent family friend relative colleague neighbour neighbor supporter lawyer attorney solicitor barrister counsel
    spokesman spokeswoman spokesperson agent publicist aide adviser advisor
    """
)
"""Nouns for those who belong to somebody, or speak for somebody, whose name stands behind them."""
JOINTS = ("and", "&", "or", ", and")


@dataclass(frozen=True, slots=True)
class SourcePhrase:
    """A source, and the offset at which its head ends. All offsets count code points of the article's `text`.

    The head is the noun phrase that names or describes the speaker. The core, `[start, core_end)`, ends before the
    first comma, bracket, dash or relative pronoun. `noun_end` is the start of the first preposition in the core, or
    else `core_end`.
    """

    text: str
    start: int
    noun_end: int
    core_end: int
    end: int

    @property
    def core(self) -> str:
        """The phrase without relative clauses, appositions and brackets."""
        return self.text[self.start : self.core_end]

    @property
    def noun(self) -> str:
        """The noun phrase at the head."""
        return self.text[self.start : self.noun_end]


def without_dateline(text: str, source: Mention) -> Mention:
    """Return a source at the start of a sentence without the place at the start of the report.

    Elsewhere words in capitals before a dash are a name: "said IBM — America's largest maker of computers".
    """
    begins = BEGINNING.search(text, max(0, source.start - 4), source.start)
    place = DATELINE.match(source.text) if begins else None
    return Mention(source.text[place.end() :], source.start + place.end(), source.end) if place else source


def parse_source(text: str, source: Mention) -> SourcePhrase:
    """Return the structure of a source."""
    core = CORE_END.search(text, source.start + 1, source.end)
    core_end = core.start() if core else source.end
    last = text[max(source.start, core_end - LONGEST_LEFT_OVER) : core_end]
    core_end -= len(match[0]) if (match := LEFT_OVER.search(last)) else 0
    core_end -= len_of_time(text, source.start, core_end)
    core_end -= len(match[0]) if (match := AT_END.search(text[source.start : core_end])) else 0
    preposition = PREPOSITION.search(text, source.start, core_end)
    return SourcePhrase(text, source.start, preposition.start() if preposition else core_end, core_end, source.end)


def head_runs(text: str, start: int, end: int) -> list[CapitalRun]:
    """Return the run at the end of the noun phrase `text[start:end]`, and the runs joined to it by "and" or "or"."""
    heads: list[CapitalRun] = []
    edge = end
    for run in reversed(capital_runs(text, start, end)):
        gap = text[run.end : edge].strip()
        if (not heads and gap not in ("", ".", "'", "’")) or (heads and gap not in JOINTS):
            break
        if heads and is_of_office(run, heads[-1]):
            break
        is_last = run.end == end and (run.start == start or len(run.words) > 1)  # "Mr. Dahl's"
        if text[run.start : run.end].endswith(POSSESSIVE_ENDINGS) and not is_last:
            break
        heads.append(run)
        edge = run.start
    return heads[::-1]


def is_of_office(first: CapitalRun, second: CapitalRun) -> bool:
    """True if "and" joins two things that one office is for: "Deputy Fuel and Energy Minister Garipov"."""
    names = split_titles(first.words), split_titles(second.words)
    return bool(names[1].titles) and len(names[0].words) == 1 and plain(names[0].words[0]) in FIELDS


def len_of_time(text: str, start: int, end: int) -> int:
    """Return the length of the time at the end of a part of a text; 0 if there is none, or a name has it.

    A name stands in the text more than once: "Sheffield Wednesday".
    """
    words = text[start:end]
    match = OF_TIME.search(words)
    is_name = match is not None and text.find(words, 0, start) + text.find(words, end) > -2
    return len(match[0]) if match and not is_name else 0


def possible_names(phrase: SourcePhrase) -> Iterator[list[CapitalRun]]:
    """Yield the runs that can name the speakers, the likeliest reading of the source first."""
    yield head_runs(phrase.text, phrase.start, phrase.noun_end)
    first = capital_runs(phrase.text, phrase.start, phrase.noun_end)[:1]
    if first and first[0].start == phrase.start and BEHIND_FIRST.match(phrase.text, first[0].end, phrase.core_end):
        yield first  # "Trump and his aides", "Karin Dahl an independent analyst"
    if phrase.noun_end < phrase.core_end:  # "Secretary of State John Kerry"
        runs = head_runs(phrase.text, phrase.noun_end, phrase.core_end)
        behind = name_behind_office(phrase.text, runs[-1]) if runs else None
        if behind and plain(phrase.core.split(" ")[0]) not in INDEFINITE:
            yield [behind]
        elif runs and not is_governed(phrase.text, phrase.start, runs[0]):
            yield runs
    yield from appositions(phrase)


def is_governed(text: str, start: int, run: CapitalRun) -> bool:
    """True if a name is only part of another person's description: "a spokesman for Karin Dahl".

    `start` is the offset at which the source begins.
    """
    before = [plain(word) for word in WORD.findall(text[start : run.start])]
    if not before or before[0] in INDEFINITE:
        return bool(before)
    titles = [plain(title) for title in split_titles(run.words).titles]
    if is_anothers(before, titles):
        return True
    has_office = not COURTESY.issuperset(titles)  # "Secretary of State", "Minister of Resources"
    return before[-1] in PREPOSITIONS | {"the"} and not has_office


def is_anothers(before: list[str], titles: list[str]) -> bool:
    """True if a name belongs to the description behind a preposition: "the wife of President Dahl".

    So it does in "the lawyer for convicted killer Jan Holm", "the parents of 14-year-old Ana Ferro" and "an aide to
    former President Dahl", but not in "the head of research Jan Holm". `before` are the plain words between the start
    of the source and the name, `titles` those that the name begins with.
    """
    governors = [number for number, word in enumerate(before) if word in PREPOSITIONS]
    if not governors:
        return False
    behind = before[governors[-1] + 1 :]
    is_holder = titles[:1] != [] and titles[0] in HOLDERS
    if not behind or (behind[-1] in FORMER and "and" not in behind):
        return is_holder
    is_of_person = behind[-1].endswith("-year-old") or is_person_noun(behind[-1])
    head = before[max(0, governors[0] - 1)]
    return is_of_person and "and" not in behind and head.removesuffix("s") in OF_OTHERS


NAMING_NOBODY = frozenset(("a", "an", "whose", "which", "where"))
"""First words of an apposition or of a relative clause that says something of the speaker, and not his name."""


def appositions(phrase: SourcePhrase) -> Iterator[list[CapitalRun]]:
    """Yield the runs that can name the speaker behind the core, as in "Iran's chief negotiator, Ali Bagheri Kani".

    What stands there can have an office of its own before the name: "its head, Deputy Minister of Health Ana Ferro".
    """
    skipped = ACRONYM.match(phrase.text, phrase.core_end, phrase.end) or HIMSELF.match(phrase.text, phrase.core_end)
    position = skipped.end() if skipped else phrase.core_end
    while position < phrase.end and not phrase.text[position].isalnum():
        position += 1
    if position == phrase.end:
        return
    behind = parse_source(phrase.text, Mention(phrase.text[position : phrase.end], position, phrase.end))
    runs = head_runs(phrase.text, position, behind.noun_end)
    if runs and not split_titles(runs[-1].words).words and behind.noun_end < behind.core_end:
        runs = head_runs(phrase.text, behind.noun_end, behind.core_end)
        of_office = name_behind_office(phrase.text, runs[-1]) if runs else None
        runs = [of_office] if of_office else runs
    if not runs:
        return
    lead = phrase.text[position : runs[0].start].split()
    if not NAMING_NOBODY.isdisjoint(lead[:1]) or any(word == "by" or NOT_INCLUDING.fullmatch(word) for word in lead):
        return  # "the survey, by Ana Ferro", "a protester, using the name Steady Eddie"
    if all(word.islower() for word in lead) or plain(lead[-1]) in PERSON_HEADS or is_title(plain(lead[0])):
        yield runs


def is_apposed(text: str, start: int) -> bool:
    """True if a noun for a person and a comma stand right before an offset: "her deputy, Bae Min-kyung"."""
    before = APPOSED.search(text, max(0, start - LONGEST_DESCRIPTION), start)
    return before is not None and plain(before[1]) in PERSON_HEADS


def may_be_one_person(phrase: SourcePhrase) -> bool:
    """True if an unnamed source may be one person: "a guard", "another"; but not "two guards", "many"."""
    words = plain_words(phrase.noun) or [""]
    if not SINGULAR.issuperset(INDEFINITE.intersection((words[0], words[-1]))):
        return False
    return not (words[-1].endswith("s") and words[-1][:-1] in PERSON_HEADS)
