"""The people whom a source names: by one name, or by several that are joined."""

import re
from typing import NamedTuple

from worker.extract.quotation import Mention
from worker.speakers.within.bodylooks import is_body
from worker.speakers.within.capitals import CapitalRun
from worker.speakers.within.joint import named_together
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.listed import is_given_name
from worker.speakers.within.names import is_person_noun, plain, split_titles
from worker.speakers.within.people import People, Person
from worker.speakers.within.phrases import SourcePhrase, is_apposed, possible_names
from worker.speakers.within.recognition import is_person, title_gender
from worker.speakers.within.wordlists import PERSON_HEADS

DESCRIBED = re.compile(r"(?:(?!\bwho\b)[^:“”\"(\n])*")
"""What can stand before a name in a joint source."""
SIGNED = re.compile(r"(?:\A|\n)[ \u00a0]?(?:[―—–]|--?)[ \u00a0]?\Z")
"""What stands before the name of a signature, which is a person's: "― Karin Dahl"."""
DETERMINERS = frozenset(("the", "a", "an", "one", "another", "some"))
ONE_WORD_CONFIDENCE = 0.7
"""Confidence that one capitalised word is a person who has no full name or title in the article."""


class NamedPerson(NamedTuple):
    """A person whom a source names, with the confidence, and the rule by which the person was found."""

    person: Person
    confidence: float
    evidence: str


class NamedPeople:
    """Finds the people whom the sources of one article name."""

    def __init__(self, text: str, people: People, kinds: NameKinds) -> None:
        self._text = text
        self._people = people
        self._kinds = kinds

    def of(self, phrase: SourcePhrase) -> list[NamedPerson]:
        """Return the people whom a source names.

        A source may have several readings (`possible_names`); the first reading that names somebody counts.
        """
        for runs in possible_names(phrase):
            people = [person for run in runs if (person := self._one(run, phrase))]
            if people:
                return people
        return []

    def with_others(self, named: list[NamedPerson], source: Mention) -> list[NamedPerson]:
        """Return the people of all parts of a joint source, or those named at its head, if that is all it names.

        Before the head only names that are surely people's count: "Mayor Ana Ferro and harbour master Jan Holm".
        """
        together = self.together(source, 0)
        people = [speaker.person for speaker in together]
        if len(together) <= len(named) or named[0].person not in people:
            return named
        spans = named_together(self._text, source)
        before = zip(people[: people.index(named[0].person)], spans, strict=False)
        are_people = all(
            len(person.words) > 1 and person.is_surely_one and self._text[slice(*span)].endswith(person.words[-1])
            for person, span in before
        )
        return together if are_people else named

    def together(self, source: Mention, first: int) -> list[NamedPerson]:
        """Return the people of a joint source, from its part number `first` on; nobody if a part names no person."""
        people = []
        for start, end in named_together(self._text, source)[first:]:
            mention = self._people.mention_by_end.get(end)
            if mention is None or mention.start < start or not DESCRIBED.fullmatch(self._text, start, mention.start):
                return []
            people.append(NamedPerson(mention.person, 0.9, "full name"))
        return people

    def _one(self, run: CapitalRun, phrase: SourcePhrase) -> NamedPerson | None:
        """Return the person whom one run of a source names; None if the run names nobody.

        A run is a row of capitalised words.
        """
        name = split_titles(run.words)
        evidence, confidence = ("full name", 0.97) if len(name.words) > 1 else ("surname", 0.93)
        mention = self._people.mention_by_end.get(run.end)
        if mention is not None and mention.start >= run.start:
            has_one_word = len(mention.person.words) == 1 and not mention.person.has_title
            return NamedPerson(mention.person, ONE_WORD_CONFIDENCE if has_one_word else confidence, evidence)
        if not name.words or is_body(name.words):
            return None
        person = self._people.find(name.words, run.start, title_gender(name))
        if person is None:
            lead = self._text[phrase.start : run.start].strip()
            is_behind = run.start >= phrase.core_end
            has_office = describes_person(lead) or (is_behind and describes_person(phrase.noun))
            apposed = is_behind and (
                is_apposed(self._text, run.start) or (has_office and phrase.noun_end == phrase.core_end)
            )  # "her husband, Ray"
            is_sure = apposed and plain(phrase.noun.split()[-1]) in PERSON_HEADS
            is_sure = is_sure or (
                len(name.words) > 1 and SIGNED.search(self._text, max(0, run.start - 6), run.start) is not None
            )
            is_behind_office = is_behind and has_office and len(name.words) > 1
            if not (name.titles or apposed or is_behind_office) and (
                len(name.words) == 1 or lead.split(" ")[0].lower() in DETERMINERS
            ):
                return None
            if not is_person(self._text, run, name):
                return None
            if not is_sure and not self._kinds.is_person(name.words, bool(name.titles) or has_office):
                return None
            person = self._people.add(name.words)
            person.places.append(run.start)
            person.full_places.append(run.start)
            person.forms[" ".join(run.words)] += 1
        elif len(name.words) > len(person.words) and self._lengthens(name.words, person):
            self._people.complete_name(person, name.words)
        return NamedPerson(person, confidence, evidence)

    def _lengthens(self, words: tuple[str, ...], person: Person) -> bool:
        """True if words are a longer form of a person's name: of a surname, or of "Suu Kyi", "Aung San Suu Kyi".

        Before a listed given name the further words may be anything: "Wicketkeeper Karin Dahl".
        """
        size = len(person.words)
        return size == 1 or (words[-size:] == person.words and not is_given_name(plain(person.words[0])))


def describes_person(words: str) -> bool:
    """True if the first or last word is a noun for a person, determiners aside: "the chairman of selectors"."""
    nouns = [word for word in words.split() if word.lower() not in DETERMINERS]
    return bool(nouns) and (is_person_noun(nouns[0]) or is_person_noun(nouns[-1]))
