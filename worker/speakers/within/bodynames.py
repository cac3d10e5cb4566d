"""The names of bodies in one article: where they stand, and the fullest form of each."""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from worker.extract.quotation import Span
from worker.speakers.within.capitals import CapitalRun, begins_sentence
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.listed import is_given_name, is_well_known_body
from worker.speakers.within.names import OFFICES, PLURAL_ACRONYM, is_nationality, plain
from worker.speakers.within.wordlists import (
    BODY_WORDS,
    COMPANY_WORDS,
    DAYS,
    INDEFINITE,
    LEGAL,
    NON_NAMES,
    PLACES,
    word_set,
)

AMP = r"&(?:amp;)*"
WORD = rf"(?:[A-Z0-9][\w'’.\-]{{0,40}}(?:{AMP}[A-Z][\w'’.\-]{{0,40}}){{0,3}})"
NAME = re.compile(
    rf"{WORD}(?: (?:{AMP} |(?P<of>(?:of|for|on) (?:the )?)|(?P<joint>and )|(?:de |du |des |der |del ))?{WORD}){{0,8}}"
)
PART = re.compile(rf"(?P<link>(?:{AMP} |(?:of|for|on) (?:the )?|and |de |du |des |der |del )?)(?P<word>{WORD}) ?")
"""A word of a name, with what links it to the word before it."""
FIRM = frozenset(("associates", "partners", "sons", "co", "company", "brothers"))
"""Words that end the name of a firm after "and"."""
FRENCH = frozenset(("des", "du"))
"""Words inside the names of bodies in French, which are rare in the names of people."""
FOLLOWING = re.compile(r" ([A-Z][\w\-]*)")
MARKS = re.compile(r"[.,]?(?:''|’’)$")
"""What stands behind a name at the end of a quotation in doubled marks: the plant of Lowco.''"""
POSSESSIVE = re.compile(r"['’]s?\Z")
ACRONYM = re.compile(r"[A-Z][\w&]*[A-Z]")
BEHIND_NUMBER = re.compile(r"\d[ \u00a0\-]\Z")
AMOUNT = re.compile(r"[$£€¥]| ?\d")
"""What follows a currency: "US$5", "DM 30"."""
COMPASS = word_set("north south east west")
NO_BEGINNING = (NON_NAMES - DAYS) | INDEFINITE
"""Words with which no name of a body begins."""
PAPER_WORDS = word_set(
    """
    times post news journal tribune herald gazette daily globe examiner observer guardian telegraph mail sun star mirror
    express independent chronicle courier echo standard press review weekly magazine
    """
)
"""Words of the names of newspapers and magazines."""
BEFORE_RUN = re.compile(rf"[A-Z]\w{{0,20}}(?: {AMP} |{AMP})\Z|(?<=[Tt]he )(?P<day>[A-Z][a-z]{{2,5}}day )\Z")
"""What belongs to a name although it is no part of the run: the first part of AT&T, the day of the Sunday Times."""
LONGEST_BEFORE = 40
MOST_NAMES = 400
"""At most this many names of bodies are kept for one article."""


@dataclass(slots=True, eq=False)
class Body:
    """A body of the article by one of its forms; `nouns` describe it ("bank"), `spans` are its mentions in order.

    `run` are the capitalised words of its first mention. `share` is the probability that it is a body, and no place and
    no product.
    """

    name: str
    words: tuple[str, ...]
    run: tuple[str, ...]
    spans: list[Span] = field(default_factory=list)
    nouns: set[str] = field(default_factory=set)
    share: float = 0.0

    @property
    def is_full(self) -> bool:
        """True if the name has a legal ending or another word that only bodies have, or if everybody knows it."""
        words = tuple(plain(word).rstrip(".") for word in self.name.split())
        return is_body_like(words) or is_well_known_body(words)


class BodyNames:
    """The names of the bodies of one article."""

    def __init__(self, text: str, runs: list[CapitalRun], kinds: NameKinds, people: frozenset[int]) -> None:
        """`people` are the ends of the runs that name people."""
        self.text = text
        self._runs = runs
        self._kinds = kinds
        self._people = people
        self._by_first: dict[str, list[Body]] = {}
        self._by_end: dict[int, Body] = {}
        self._firms: list[Body] = []
        self._mid_sentence: set[str] = set()

    @cached_property
    def by_words(self) -> dict[tuple[str, ...], Body]:
        """The bodies by the words of their names; read only when a source may be a body."""
        found: dict[tuple[str, ...], Body] = {}
        self._mid_sentence = {
            plain(run.words[0])
            for run in self._runs
            if len(run.words) == 1 and not begins_sentence(self.text, run.start)
        }
        end = 0
        for run in self._runs:
            if run.start < end or run.end in self._people:
                continue
            span = name_at(self.text, self._start(run))
            if span is not None and self._is_body(span, run):
                self._add(found, span, run.words)
                end = span[1]
        return found

    def _start(self, run: CapitalRun) -> int:
        """Return the offset at which the name of a body begins that a run is part of."""
        before = BEFORE_RUN.search(self.text, max(0, run.start - LONGEST_BEFORE), run.start)
        if before is None or (before["day"] and plain(run.words[0]) not in PAPER_WORDS):
            return run.start
        return before.start()

    def _is_body(self, span: Span, run: CapitalRun) -> bool:
        words = body_words(self.text[slice(*span)])
        if not words or words[0] in NO_BEGINNING or all(word in NON_NAMES for word in words):
            return False
        name = self.text[slice(*span)]
        if len(name.split()) == 1 and plain(run.words[0]) not in self._mid_sentence and not ACRONYM.match(name):
            return False
        if (
            PLURAL_ACRONYM.fullmatch(name)
            or self._is_unit(span)
            or name.split()[-1] in OFFICES
            or words[0] in LEGAL
            or len(name) == 1
            or all(is_nationality(word) for word in words)
        ):
            return False
        if "&" in words or (words[-1] in FIRM and "and" in words):
            return True
        if not FRENCH.isdisjoint(words) and not is_given_name(words[0]):
            return True  # "Generale des Eaux"
        return is_body_like(words) or not self._kinds.is_person(run.words)

    def _is_unit(self, span: Span) -> bool:
        """True if a word in capitals stands by a number, as the unit or the currency of an amount does: "30 GB"."""
        start, end = span
        return self.text[start:end].isupper() and (
            AMOUNT.match(self.text, end) is not None
            or BEHIND_NUMBER.search(self.text, max(0, start - 2), start) is not None
        )

    def _add(self, found: dict[tuple[str, ...], Body], span: Span, run: tuple[str, ...]) -> None:
        name = clean_name(self.text[slice(*span)])
        words = body_words(name)
        body = found.get(words)
        if body is None:
            if len(found) >= MOST_NAMES:
                return
            body = found[words] = Body(name, words, run)
            self._by_first.setdefault(words[0], []).append(body)
            if words[-1] in FIRM and "and" in words:
                self._firms.append(body)
        if len(name) > len(body.name):
            body.name = name  # with its legal ending
        body.spans.append(span)
        self._by_end[span[1]] = body

    def ending_at(self, place: int) -> Body | None:
        """Return the body whose name ends right before an offset, but for a comma and a blank."""
        for end in range(place, max(0, place - 4), -1):
            if self.by_words and end in self._by_end:
                return self._by_end[end]
        return None

    def knows(self, name: str) -> bool:
        """True if the article names a body so, if the name has a legal ending, or if everybody knows it."""
        words = body_words(name)
        return words in self.by_words or plain(clean_name(name).split()[-1]) in LEGAL or is_well_known_body(words)

    def share(self, name: str) -> float:
        """Return the probability that a name is a body's, and no place's; 1.0 if a word of it, or its form, says so."""
        if is_body_like(tuple(plain(word) for word in clean_name(name).split())) or ACRONYM.fullmatch(name):
            return 1.0
        body = self.by_words.get(body_words(name))
        return self._kinds.body_share(body.run) if body else 0.0

    def full(self, name: str) -> str:
        """Return the fullest form that the article gives for the name of a body: "Greycoat" is Greycoat Plc."""
        words = body_words(name)
        if not words:
            return name
        if len(words) > 2 and is_nationality(words[0]) and words[1:] in self.by_words:
            words = words[1:]  # "the British Home Office", if the article also has "the Home Office"
            name = self.by_words[words].name
        known = self.by_words.get(words)
        if known and plain(known.name.split()[-1]).rstrip(".") in LEGAL:
            return known.name
        if all(word in PLACES and word not in COMPASS for word in words):
            return name
        longer = [
            body
            for body in self._by_first.get(words[0], ())
            if body.words[: len(words)] == words
            and len(body.words) > len(words)
            and body.is_full
            and (len(body.words) == 2 or not is_nationality(words[-1]))
        ]
        if not longer and len(words) == 1:
            longer = [body for body in self._firms if words[0] in body.words]
        if longer:
            first = min(longer, key=lambda body: body.spans[0])
            longest = max(
                longer, key=lambda body: len(body.words) if body.words[: len(first.words)] == first.words else 0
            )
            return longest.name
        return known.name if known and len(known.name) > len(name) else name


def name_at(text: str, start: int) -> Span | None:
    """Return the span of the name that begins at an offset, with "of", "&" and "and" where they belong to it."""
    match = NAME.match(text, start)
    if match is None:
        return None
    end = start
    institution = False
    last = ""
    for part in PART.finditer(match[0]):
        link, word = part["link"].split(" ")[0], plain(part["word"]).strip("'")
        of_place = institution and last not in LEGAL and link == "of" and word in PLACES
        if link in ("of", "for", "on") and not of_place and (last not in BODY_WORDS or last in LEGAL or word in DAYS):
            break
        if link == "and" and word not in FIRM:
            behind = {plain(later) for later in re.findall(WORD, match[0][part.start("word") :])}
            of_two = (
                institution and " of " in text[start:end] and BODY_WORDS.isdisjoint(behind)
            )  # of Trade and Industry
            with_two = not institution and last not in LEGAL and not BODY_WORDS.isdisjoint(behind - LEGAL)
            if not of_two and not (with_two and text[max(0, start - 4) : start].lower() == "the "):
                break
        if word in NON_NAMES and end > start:
            break
        if len(word) == 1 and link == "" and not part["word"].endswith(".") and end > start:
            break  # "Highlands A$5"
        institution = institution or word in BODY_WORDS
        last = word
        end = start + part.end("word")
        if part["word"].endswith(".") and part["word"].count(".") == 1 and len(word) > 1:
            if word not in LEGAL:
                end -= 1
            break
        if POSSESSIVE.search(part["word"]) and not is_part_of_name(text, end):
            break
    return (start, end) if end > start else None


def is_part_of_name(text: str, end: int) -> bool:
    """True if a possessive that ends at an offset is part of the name: "McDonald's Corp", not "Sony's Walkman"."""
    following = FOLLOWING.match(text, end)
    return following is not None and is_body_like((plain(following[1]),))


@lru_cache(4096)
def clean_name(text: str) -> str:
    """Return the name of a body as it is stored: single blanks, no possessive ending or mark, `&` unescaped."""
    name = MARKS.sub("", re.sub(AMP, "&", " ".join(text.split())))
    name = POSSESSIVE.sub("", name).rstrip(",")
    return name.removesuffix(".") if plain(name.split(" ")[-1]) in LEGAL else name


@lru_cache(4096)
def body_words(name: str) -> tuple[str, ...]:
    """Return the words by which forms of a body's name are compared: plain, without "the" and legal endings."""
    words = [plain(word).strip("'") for word in clean_name(name).split()]
    while len(words) > 1 and words[-1].rstrip(".") in LEGAL:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return tuple(words)


def is_body_like(words: tuple[str, ...]) -> bool:
    """True if a word of a name shows that it is a body's."""
    return any(word in BODY_WORDS or word in COMPANY_WORDS or word in LEGAL for word in words)
