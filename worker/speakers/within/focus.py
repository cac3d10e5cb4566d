"""The focus of an article at each offset: the people whom a pronoun there can mean, with their salience.

Salience is a number: the person with the highest salience is the likeliest meaning of a pronoun. After Lappin and Leass
(1994), each mention adds salience to a person, most of it as the speaker or a likely subject, and each new sentence
removes more than half of the salience. Pronouns outside quotation marks are resolved in the same pass and count as
mentions.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from worker.extract.quotation import Span
from worker.speakers.within.gender import PRONOUN, pronoun_gender
from worker.speakers.within.people import People, Person, PersonMention
from worker.speakers.within.wordlists import POSSESSIVE_ENDINGS

SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+|\n+")
ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|St|Jr|Sr|vs|No)|\b[A-Z])\.\s+$")
PREPOSITION = re.compile(
    r"\b(?:of|to|with|for|by|from|on|about|against|at|in|than|over|like|under|behind|toward|towards|into|between|without)"
    r"\s+(?:\w+[.]?\s+)?$"
)
AS_FOR = re.compile(r"\b[Aa]s (?:for|to) \Z")
"""Words before the one of whom the sentence speaks: "As for Ferro, she said"."""
SPEAKER, SUBJECT, OWNER, OTHER, GENITIVE, REPORTED, QUOTED = 1.2, 1.0, 0.9, 0.5, 0.4, 0.4, 0.15
"""Salience that a mention adds, by the kind of mention.

The values are rough, because they were tuned on the chains of mentions that CoreNLP found in other articles.
"""
OF_AGE = re.compile(r"[Tt]he (?<!\w[Tt]he )(\d{1,2})-year-old\b(?! (?:[a-z\-]+ ){0,3}[A-Z])")
"""A description that means somebody in focus wherever it stands, as a pronoun does: "The 21-year-old is ill"."""
DECAY = 0.4
"""Keep this share of the salience with each new sentence."""
MOST_DECAYS = 60
"""Stop the decay after this many sentences."""
OWNER_REACH = 5
"""Count a possessive as the owner of the subject within this reach: "Dahl's bridge opened after he left"."""
SUBJECT_REACH = 40
"""Count a mention as a likely subject if its sentence began fewer than this many code points before."""
UNSURE_GENDER = 0.8
"""Keep this share of the salience of a person whose gender is not known."""
IN_OWN_WORDS = 0.15
"""Keep this share of the salience of a person who is named in the quotation: speakers seldom name themselves."""
NOT_CREDIBLE = 0.3
"""Keep this share of a mention's salience if there is no evidence for a person except capital letters."""
LEAST_SALIENCE = 0.02
"""Ignore people whose salience is not above this."""
MOST_SALIENCE = 2.4
"""At most this much salience for one person.

So who spoke two sentences before, however often, counts less than the subject of the last sentence."""
MOST_PEOPLE = 24
"""At most this many people are remembered at once; the person who was mentioned longest ago is forgotten first."""


class Spans:
    """Spans of the text, sorted and without overlaps; `place in spans` is true if a span contains that offset."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans
        self.starts = [start for start, _ in spans]

    def __contains__(self, place: int) -> bool:
        number = bisect_right(self.starts, place) - 1
        return number >= 0 and place < self.spans[number][1]


@dataclass(slots=True)
class Salience:
    """A person's salience in the sentence of the person's last mention."""

    person: Person
    value: float
    sentence: int

    def at(self, sentence: int) -> float:
        """Return the salience in a later sentence."""
        return self.value * DECAY ** min(MOST_DECAYS, max(0, sentence - self.sentence))


class Antecedent(NamedTuple):
    """The person whom a pronoun means.

    `share` is the person's share of the salience that the two likeliest people have together, in [0.5, 1].
    """

    person: Person
    share: float


class Focus:
    """The salience of an article's people; `advance` moves through the text once, from start to end."""

    def __init__(
        self,
        text: str,
        people: People,
        *,
        quoted: list[Span],
        reported: list[Span],
        source_starts: frozenset[int],
        end: int,
    ) -> None:
        """`quoted` are the spans between quotation marks, `reported` the spans of all quotations.

        Both are sorted and without overlaps. `source_starts` are the starts of the sources. Pronouns from `end` on are
        ignored.
        """
        self.text = text
        self.quoted = Spans(quoted)
        self.reported = Spans(reported)
        self.source_starts = source_starts
        self.sentence_ends = [
            match.end()
            for match in SENTENCE_END.finditer(text)
            if "\n" in match.group()
            or (
                (match.start() not in self.quoted or self.ends_quoted(match))
                and not ABBREVIATION.search(text, max(0, match.start() - 5), match.end())
                and not text[match.end() : match.end() + 1].islower()  # "Lowco Corp. said", "(R-Conn.) was"
            )
        ]
        ages = Counter(person.age for person in people.all)
        self.ages = {person.age: person for person in people.all if person.age and ages[person.age] == 1}
        pronouns = [
            (match.start(), match.group())
            for pattern in (PRONOUN, OF_AGE)
            for match in pattern.finditer(text, 0, end)
            if match.start() not in source_starts and match.start() not in self.quoted
        ]
        self.events: list[tuple[int, PersonMention | str]] = sorted(
            [*((mention.start, mention) for mention in people.mentions), *pronouns], key=lambda event: event[0]
        )
        self.next_event = 0
        self.saliences: dict[int, Salience] = {}

    def ends_quoted(self, match: re.Match[str]) -> bool:
        """True if a sentence ends with quotation marks, and a sentence without marks begins behind them."""
        return match.end() not in self.quoted and self.text[match.end() : match.end() + 1].isupper()

    def advance(self, place: int) -> None:
        """Add the salience of all mentions and pronouns before the offset `place` that are not counted yet."""
        while self.next_event < len(self.events) and self.events[self.next_event][0] < place:
            start, event = self.events[self.next_event]
            self.next_event += 1
            if isinstance(event, PersonMention):
                self.add(event.person, start, self.weight(event))
            elif event[:1].lower() == "t":
                self.add_described(event, start)
            else:
                antecedent = self.antecedent(start, pronoun_gender(event))
                if antecedent is not None:
                    self.add(antecedent.person, start, SUBJECT if event.lower() in ("he", "she") else GENITIVE)

    def add_described(self, description: str, start: int) -> None:
        """Add the salience of "the 21-year-old" to the one person of that age, else to the most salient one without."""
        of_age = OF_AGE.match(description)
        person = self.ages.get(int(of_age[1])) if of_age else None
        antecedent = self.antecedent(start, None, can_be=lambda other: other.age is None)
        if person is None and antecedent is not None:
            person = antecedent.person
        if person is not None:
            self.add(person, start, SUBJECT)

    def weight(self, mention: PersonMention) -> float:
        """Return the salience that a mention by name adds."""
        return self.span_weight(mention.start, mention.end)

    def span_weight(self, start: int, end: int) -> float:
        """Return the salience that the name at a span adds."""
        if start in self.quoted:
            return QUOTED
        if start in self.reported and start not in self.source_starts:
            return REPORTED
        if self.text[start:end].endswith(POSSESSIVE_ENDINGS):
            return OWNER if self.opens_sentence(start, OWNER_REACH) else GENITIVE
        if start in self.source_starts:
            return SUBJECT
        before = self.text[max(0, start - 30) : start]
        if AS_FOR.search(before):
            return SPEAKER
        if PREPOSITION.search(before):
            return OTHER
        return SUBJECT if self.opens_sentence(start) else (SUBJECT + OTHER) / 2

    def sentence(self, place: int) -> int:
        """Return the number of the sentence at an offset."""
        return bisect_right(self.sentence_ends, place)

    def opens_sentence(self, place: int, reach: int = SUBJECT_REACH) -> bool:
        """True if fewer than `reach` code points lie between an offset and the start of its sentence."""
        number = bisect_right(self.sentence_ends, place) - 1
        return place - (self.sentence_ends[number] if number >= 0 else 0) < reach

    def add(self, person: Person, place: int, weight: float) -> None:
        """Add salience to a person who is mentioned at the offset `place`."""
        if not person.is_credible and person.words:
            weight *= NOT_CREDIBLE
        sentence = bisect_right(self.sentence_ends, place)
        previous = self.saliences.pop(id(person), None)
        value = min(MOST_SALIENCE, weight + (previous.at(sentence) if previous else 0.0))
        self.saliences[id(person)] = Salience(person, value, sentence)
        if len(self.saliences) > MOST_PEOPLE:
            del self.saliences[next(iter(self.saliences))]

    def add_speaker(self, person: Person, place: int) -> None:
        """Add salience to a person whom the source at the offset `place` means."""
        self.add(person, place, SPEAKER)

    def salience(self, person: Person, place: int) -> float:
        """Return the salience of a person at the offset `place`, up to which the focus has advanced."""
        salience = self.saliences.get(id(person))
        return salience.at(self.sentence(place)) if salience else 0.0

    def antecedent(
        self,
        place: int,
        gender: str | None,
        named_inside: frozenset[int] = frozenset(),
        can_be: Callable[[Person], bool] | None = None,
    ) -> Antecedent | None:
        """Return the most salient person at the offset `place` whose gender agrees; None if nobody is salient.

        `named_inside` are the ids of the people who are named in the quotation: they count less, because speakers
        seldom name themselves. `can_be` rules people out.
        """
        sentence = bisect_right(self.sentence_ends, place)
        scores = []
        for salience in self.saliences.values():
            if can_be is not None and not can_be(salience.person):
                continue
            value = salience.at(sentence)
            if gender and salience.person.gender != gender:
                value = 0.0 if salience.person.gender else value * UNSURE_GENDER
            if id(salience.person) in named_inside:
                value *= IN_OWN_WORDS
            if value > LEAST_SALIENCE:
                scores.append((value, salience.person))
        if not scores:
            return None
        scores.sort(key=lambda score: -score[0])
        best, person = scores[0]
        second = scores[1][0] if len(scores) > 1 else 0.0
        return Antecedent(person, best / (best + second))
