"""Who is being spoken of as an article goes on: the people a pronoun can mean.

After Lappin and Leass (1994): each mention adds to a person's salience, the more the likelier it is a subject, and
every sentence takes off more than half. Pronouns outside quotation marks are resolved on the way and count as mentions.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

from worker.extract.quotation import Span
from worker.speakers.within.gender import PRONOUN, of_pronoun
from worker.speakers.within.people import Mention, People, Person

SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+|\n+")
ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|St|Jr|Sr|vs|No)|\b[A-Z])\.\s+$")
PREPOSITION = re.compile(
    r"\b(?:of|to|with|for|by|from|on|about|against|at|in|than|over|like|under|behind|toward|towards|into|between|without)"
    r"\s+(?:\w+[.]?\s+)?$"
)
SPEAKER, SUBJECT, OTHER, GENITIVE, REPORTED, QUOTED = 1.2, 1.0, 0.5, 0.4, 0.4, 0.15
"""What a mention adds, by what it is; tuned on CoreNLP's chains of other articles, so rough."""
DECAY = 0.4
UNSURE_GENDER = 0.8
IN_OWN_WORDS = 0.15
"""The share left to one who is named inside the words that the pronoun's person says."""
HARDLY_A_PERSON = 0.3
LEAST = 0.02
MOST_SALIENT = 3.0
MOST = 24
"""People remembered at once."""


class Stretches:
    """Stretches of the text, in order and apart; a place is in one of them or not."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans
        self.starts = [start for start, _ in spans]

    def __contains__(self, place: int) -> bool:
        number = bisect_right(self.starts, place) - 1
        return number >= 0 and place < self.spans[number][1]


@dataclass(slots=True)
class Standing:
    """A person's salience at the end of sentence `sentence`."""

    person: Person
    value: float
    sentence: int

    def at(self, sentence: int) -> float:
        """The salience some sentences later."""
        return self.value * DECAY ** min(60, max(0, sentence - self.sentence))


class Focus:
    """Moves through an article once, from its start to its end."""

    def __init__(
        self, text: str, people: People, *, quoted: list[Span], said: list[Span], taken: frozenset[int], end: int
    ) -> None:
        """`quoted` are the stretches between marks, `said` all that is reported; `taken` the starts of source mentions.

        The stretches are in order and apart.
        """
        self.text = text
        self.quoted = Stretches(quoted)
        self.said = Stretches(said)
        self.ends = [
            match.end()
            for match in SENTENCE_END.finditer(text)
            if "\n" in match.group()
            or (
                match.start() not in self.quoted
                and not ABBREVIATION.search(text, max(0, match.start() - 5), match.end())
            )
        ]
        pronouns = [
            match
            for match in PRONOUN.finditer(text, 0, end)
            if match.start() not in taken and match.start() not in self.quoted
        ]
        self.events: list[tuple[int, Mention | str]] = sorted(
            [(mention.start, mention) for mention in people.mentions] + [(m.start(), m.group()) for m in pronouns],
            key=lambda event: event[0],
        )
        self.next = 0
        self.taken = taken
        self.standing: dict[int, Standing] = {}

    def advance(self, place: int) -> None:
        """Take in what stands before a place."""
        while self.next < len(self.events) and self.events[self.next][0] < place:
            start, what = self.events[self.next]
            self.next += 1
            if isinstance(what, Mention):
                self.note(what.person, start, self.weight(what))
            else:
                found = self.antecedent(start, of_pronoun(what))
                if found is not None:
                    self.note(found[0], start, SUBJECT if what.lower() in ("he", "she") else GENITIVE)

    def weight(self, mention: Mention) -> float:
        """What a mention by name adds."""
        if mention.start in self.quoted:
            return QUOTED
        if mention.start in self.said and mention.start not in self.taken:
            return REPORTED
        if self.text[mention.start : mention.end].endswith(("'s", "’s", "'", "’")):
            return GENITIVE
        if mention.start in self.taken:
            return SUBJECT
        before = self.text[max(0, mention.start - 30) : mention.start]
        return OTHER if PREPOSITION.search(before) else SUBJECT if self.leads(mention.start) else (SUBJECT + OTHER) / 2

    def leads(self, place: int) -> bool:
        """Whether a place is near its sentence's start."""
        number = bisect_right(self.ends, place) - 1
        return place - (self.ends[number] if number >= 0 else 0) < 40

    def note(self, person: Person, place: int, weight: float) -> None:
        """Add to a person's salience."""
        if not person.credible and person.words:
            weight *= HARDLY_A_PERSON
        sentence = bisect_right(self.ends, place)
        known = self.standing.pop(id(person), None)
        value = min(MOST_SALIENT, weight + (known.at(sentence) if known else 0.0))
        self.standing[id(person)] = Standing(person, value, sentence)
        if len(self.standing) > MOST:
            del self.standing[next(iter(self.standing))]

    def speaks(self, person: Person, place: int) -> None:
        """Note that a person says something."""
        self.note(person, place, SPEAKER)

    def antecedent(
        self, place: int, gender: str | None, said: frozenset[int] = frozenset()
    ) -> tuple[Person, float] | None:
        """The person most spoken of at a place whose gender agrees, and how far that one is ahead, in [0, 1].

        `said` holds the ids of the people named in the words said: who speaks seldom names himself.
        """
        sentence = bisect_right(self.ends, place)
        scores = []
        for known in self.standing.values():
            value = known.at(sentence)
            if gender and known.person.gender != gender:
                value = 0.0 if known.person.gender else value * UNSURE_GENDER
            if id(known.person) in said:
                value *= IN_OWN_WORDS
            if value > LEAST:
                scores.append((value, known.person))
        if not scores:
            return None
        scores.sort(key=lambda score: -score[0])
        second = scores[1][0] if len(scores) > 1 else 0.0
        return scores[0][1], scores[0][0] / (scores[0][0] + second)
