"""Attributes each source to its speakers; a source may be a pronoun, a name, a description or a body, or unclear."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.speakers.within.behalf import Behalf
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.bodyfocus import BodyFocus, is_state
from worker.speakers.within.bodynames import BodyNames
from worker.speakers.within.capitals import CapitalRun
from worker.speakers.within.epithets import Epithets
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import FEMALE, MALE, ROLE_WEIGHT, description_gender, pronoun_gender
from worker.speakers.within.joint import of_how_many
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.labels import TURN, is_label, is_nobodys, person_of_initials
from worker.speakers.within.names import TOKEN, is_nationality, plain, plain_words, split_titles
from worker.speakers.within.namesakes import of_generation
from worker.speakers.within.naming import NamedPeople, NamedPerson
from worker.speakers.within.people import People, Person
from worker.speakers.within.phrases import SourcePhrase, parse_source
from worker.speakers.within.resolution import Entity, EntityKind, SourceKind, SpeakerAttribution
from worker.speakers.within.roles import RoleIndex
from worker.speakers.within.wordlists import BODY_NOUNS, COMPANIES, INDEFINITE, INSTITUTIONS, PERSON_HEADS

RELATIVE_PRONOUNS = frozenset(("who", "which", "that"))
OTHER_PRONOUNS = frozenset(("i", "we", "you", "they", "it", "this", "these", "those", "one"))
"""Pronouns for which nobody is looked up, except "they": it can mean the speakers of the last joint source."""
SIDE_BY_SIDE = 400
"""At most this many code points before "both men" are searched for two people who are named side by side."""
LETTER = re.compile(r"[^\W\d_]\d{0,2}")
"""The label of a question or an answer in an interview: Q, A, Q1. It is nobody's name."""
CONTRACTION = re.compile(r"(?<=[eiuy])'(?:s|ve|re|d|ll|m)$")
DEFINITE = frozenset(("the", "his", "her", "its", "their", "this", "that", "my", "our"))
OF_NAME = re.compile(r" of (?:the )?[A-Z]")
MOST_NAMES_INSIDE = 50
"""At most this many mentions inside one part of a quotation are looked at."""


class SourceResolver:
    """Attributes the sources of one article to its people and bodies, in the order of the text."""

    def __init__(self, text: str, people: People, focus: Focus, kinds: NameKinds, runs: list[CapitalRun]) -> None:
        self.text = text
        self.people = people
        self.focus = focus
        self.kinds = kinds
        self.mention_starts = [mention.start for mention in people.mentions]
        names = BodyNames(text, runs, kinds, frozenset(people.mention_by_end))
        self.bodies = Bodies(text, names)
        self.body_focus = BodyFocus(
            text, names, kinds, full=self.bodies.full, weight=focus.span_weight, sentence=focus.sentence
        )
        self.role_index = RoleIndex(people)
        self.named_people = NamedPeople(text, people, kinds)
        self.epithets = Epithets(text, people, focus)
        self.behalf = Behalf(
            text,
            people=people,
            bodies=self.bodies,
            body_focus=self.body_focus,
            roles=self.role_index,
            focus=focus,
            describes_body=self.describes_body,
        )
        self.numbers: dict[int | str, int] = {}
        self.speakers: list[Person | str] = []
        self.last_joint: tuple[int, ...] = ()
        self.named_inside: frozenset[int] = frozenset()
        self.outer_speakers: tuple[Person, ...] = ()

    def attribute(self, quotations: Sequence[Quotation]) -> tuple[SpeakerAttribution, ...]:
        """Return one attribution for each quotation, in the order of `quotations`."""
        by_source: dict[Span, tuple[Mention, list[Quotation]]] = {}
        for quotation in quotations:
            source = quotation.source
            if source:
                by_source.setdefault((source.start, source.end), (source, []))[1].append(quotation)
        attributions: dict[Span, SpeakerAttribution] = {}
        for span in sorted(by_source):
            source, its_quotations = by_source[span]
            self.focus.advance(source.start)
            self.named_inside = self.people_inside(its_quotations)
            self.outer_speakers = self.speakers_around(source, its_quotations, quotations, attributions)
            attributions[span] = self.attribute_source(source)
        without_source = SpeakerAttribution(SourceKind.NONE, evidence="no source")
        return tuple(
            attributions[quotation.source.start, quotation.source.end] if quotation.source else without_source
            for quotation in quotations
        )

    def speakers_around(
        self,
        source: Mention,
        its_quotations: list[Quotation],
        quotations: Sequence[Quotation],
        attributions: dict[Span, SpeakerAttribution],
    ) -> tuple[Person, ...]:
        """Return the people in whose words a source stands: there, "he" and "she" are others.

        Only quotations with marks count. The speaker may be named behind these words.
        """
        for quotation in its_quotations:
            outer = quotations[quotation.inside] if quotation.inside is not None else None
            if outer is None or outer.source is None or outer.kind is Kind.INDIRECT:
                continue
            if not any(start <= source.start < end for start, end in outer.parts):
                continue
            known = attributions.get((outer.source.start, outer.source.end))
            if known is None:
                return tuple(named.person for named in self.named_people.of(parse_source(self.text, outer.source)))
            speakers = (self.speakers[number] for number in known.entities)
            return tuple(speaker for speaker in speakers if isinstance(speaker, Person))
        return ()

    def people_inside(self, quotations: list[Quotation]) -> frozenset[int]:
        """Return the ids of the people named in the parts of some quotations."""
        ids: set[int] = set()
        for start, end in (part for quotation in quotations for part in quotation.parts):
            first = bisect_left(self.mention_starts, start)
            for mention in self.people.mentions[first : first + MOST_NAMES_INSIDE]:
                if mention.start >= end:
                    break
                ids.add(id(mention.person))
        return frozenset(ids)

    def entities(self) -> list[Entity]:
        """Return the people and bodies that speak, in the order of their first attribution."""
        entities = []
        for speaker in self.speakers:
            if isinstance(speaker, str):
                given = self.bodies.given.get(speaker)
                entities.append(Entity(speaker, EntityKind.BODY, (speaker, given) if given else (speaker,)))
            else:
                roles = tuple(dict.fromkeys(role for role, _ in speaker.roles))
                entities.append(Entity(speaker.name, EntityKind.PERSON, tuple(speaker.forms), roles))
        return entities

    def number(self, speaker: Person | str) -> int:
        """Return the index of a speaker among the entities; add the speaker if it is new.

        A person is given as an object, a body by its name.
        """
        key = speaker if isinstance(speaker, str) else id(speaker)
        if key not in self.numbers:
            self.numbers[key] = len(self.speakers)
            self.speakers.append(speaker)
        return self.numbers[key]

    def attribute_source(self, source: Mention) -> SpeakerAttribution:
        """Return the attribution of one source."""
        words = plain_words(source.text)
        if not words:
            return SpeakerAttribution(SourceKind.NONE, evidence="no source")
        words[0] = CONTRACTION.sub("", words[0])
        if words[0] in ("he", "she") or (len(words) == 1 and words[0] in FEMALE | MALE):
            return self.attribute_pronoun(source, words[0])
        if len(words) == 1 and words[0] in RELATIVE_PRONOUNS:
            return self.attribute_relative(source)
        both = self.people_both(source, " ".join(words))
        if both:
            self.last_joint = both
            return SpeakerAttribution(SourceKind.PERSON, both, 0.6, "pronoun")
        if words == ["it"]:
            return self.attribute_to_last_body(source, None)
        if len(words) == 1 and words[0] in OTHER_PRONOUNS:
            return SpeakerAttribution(SourceKind.UNNAMED, evidence="pronoun")
        if LETTER.fullmatch(source.text.strip(".")):
            return SpeakerAttribution(SourceKind.UNNAMED, evidence="label")
        return self.attribute_phrase(source, words)

    def attribute_to(self, person: Person, place: int, confidence: float, evidence: str) -> SpeakerAttribution:
        """Return an attribution to one person, and add to the person's salience (see `focus`)."""
        self.focus.add_speaker(person, place)
        if not person.words:
            return SpeakerAttribution(SourceKind.UNNAMED, (), confidence, evidence, person.speaks_for)
        return SpeakerAttribution(SourceKind.PERSON, (self.number(person),), confidence, evidence)

    def attribute_to_body(self, name: str, source: Mention, confidence: float, evidence: str) -> SpeakerAttribution:
        """Return an attribution to a body, and remember that it spoke."""
        self.body_focus.add_speaker(name, source.start)
        return SpeakerAttribution(SourceKind.BODY, (self.number(name),), confidence, evidence)

    def attribute_to_last_body(self, source: Mention, noun: str | None) -> SpeakerAttribution:
        """Return the attribution of "the NOUN", a body's description, or of "it" if there is no noun."""
        evidence = "body description" if noun else "body pronoun"
        meant = self.body_focus.find(noun, source.start)
        if meant is None:
            return SpeakerAttribution(SourceKind.UNNAMED, evidence=evidence)
        return self.attribute_to_body(meant.name, source, round(0.3 + 0.5 * meant.share, 2), evidence)

    def attribute_to_unnamed(self, source: Mention, evidence: str) -> SpeakerAttribution:
        """Return an attribution to a person without a name, whom the next "he" or "she" can mean."""
        person = Person((), speaks_for=self.behalf.of(source))
        gender = description_gender(source.text)
        if gender:
            person.genders[gender] += ROLE_WEIGHT
        self.focus.add_speaker(person, source.start)
        return SpeakerAttribution(SourceKind.UNNAMED, evidence=evidence, speaks_for=person.speaks_for)

    def attribute_pronoun(self, source: Mention, word: str) -> SpeakerAttribution:
        """Return the attribution of "he" or "she", or of another form of these pronouns."""
        antecedent = self.focus.antecedent(
            source.start,
            pronoun_gender(word),
            self.named_inside,
            can_be=lambda person: person not in self.outer_speakers,
        )
        if antecedent is None:
            return SpeakerAttribution(SourceKind.PERSON, evidence="pronoun")
        confidence = round(0.35 + 0.6 * antecedent.share, 2)
        if antecedent.person.words and " and " in source.text:  # "he and Shaw"
            others = self.named_people.together(source, 1)
            return self.attribute_to_all([NamedPerson(antecedent.person, confidence, "pronoun"), *others], source)
        return self.attribute_to(antecedent.person, source.start, confidence, "pronoun")

    def people_both(self, source: Mention, words: str) -> tuple[int, ...]:
        """Return the numbers of the two people whom "both men" or "they" means; none if these are not known.

        They are the speakers of the last joint source. If there is none, "both men" means two people who are named side
        by side shortly before; "they" may then mean anybody.
        """
        number = of_how_many(words)
        if number == 1 or len(self.last_joint) == number:
            return self.last_joint
        if number != 2 or self.last_joint:
            return ()
        last = bisect_left(self.mention_starts, source.start)
        for second, first in pairwise(reversed(self.people.mentions[max(0, last - MOST_NAMES_INSIDE) : last])):
            if source.start - second.start > SIDE_BY_SIDE:
                break
            if self.text[first.end : second.start] == " and " and first.person is not second.person:
                return self.number(first.person), self.number(second.person)
        return ()

    def attribute_relative(self, source: Mention) -> SpeakerAttribution:
        """Return the attribution of "who", "which" or "that".

        It means the person whose name is right before it, if there is such a name.
        """
        number = bisect_left(self.mention_starts, source.start) - 1
        if number >= 0 and 0 <= source.start - self.people.mentions[number].end <= 3:
            return self.attribute_to(self.people.mentions[number].person, source.start, 0.8, "relative")
        body = self.bodies.names.ending_at(source.start)
        if body is not None and source.text.lower() != "who":
            return self.attribute_to_body(self.bodies.full(body.name), source, 0.8, "relative")
        return SpeakerAttribution(SourceKind.UNNAMED, evidence="relative")

    def attribute_phrase(self, source: Mention, words: list[str]) -> SpeakerAttribution:
        """Return the attribution of a name, a description or a body; `words` are the source's plain words."""
        if is_label(self.text, source):
            return self.attribute_turn(source)
        meant = of_generation(source, self.people)
        if meant is not None:
            return self.attribute_to(meant, source.start, 0.85, "surname")
        phrase = parse_source(self.text, source)
        named = self.named_people.of(phrase)
        if not named:
            return self.attribute_description(phrase, source, words)
        body = self.body_named_so(named, phrase)
        if body is not None:
            return self.attribute_to_body(body, source, 0.8, "body")
        together = self.named_people.together(source, 0)
        if len(together) > len(named) and together[0].person is named[0].person:
            named = together
        return self.attribute_to_all(named, source)

    def attribute_to_all(self, named: list[NamedPerson], source: Mention) -> SpeakerAttribution:
        """Return an attribution to the people whom a source names, and add to the salience of each."""
        for speaker in reversed(named):
            self.focus.add_speaker(speaker.person, source.start)
            if not speaker.person.is_surely_one:
                self.body_focus.add_rival(speaker.person.name, source.start)
        numbers = tuple(dict.fromkeys(self.number(speaker.person) for speaker in named))
        self.last_joint = numbers if len(numbers) > 1 else ()
        return SpeakerAttribution(SourceKind.PERSON, numbers, named[0].confidence, named[0].evidence)

    def body_named_so(self, named: list[NamedPerson], phrase: SourcePhrase) -> str | None:
        """Return the body whose short form was taken for a person's surname: "Kellogg", if there is a "Kellogg Co".

        A source that goes on with "which" is a body's, too: "Foster's, which has breweries in China".
        """
        if len(named) != 1:
            return None
        person = named[0].person
        if phrase.text.startswith(", which ", phrase.core_end):
            return self.bodies.name(phrase) or self.bodies.names.full(person.name)
        if len(person.words) != 1 or person.is_surely_one:
            return None
        full = self.bodies.names.full(person.name)
        return full if full != person.name else None

    def attribute_description(self, phrase: SourcePhrase, source: Mention, words: list[str]) -> SpeakerAttribution:
        """Return the attribution of a source that contains no speaker's name; `words` are its plain words."""
        noun = plain_words(phrase.noun) or words
        is_plural = (
            words[0] in INDEFINITE
            or noun[-1] in INDEFINITE
            or (noun[-1].endswith("s") and noun[-1].removesuffix("s") in PERSON_HEADS)
        )
        apposed = self.apposed_body(phrase, noun)
        if apposed is not None:
            return self.attribute_to_body(apposed, source, 0.85, "body")
        is_definite = words[0] in DEFINITE or source.text[0].isupper() or "'s" in words[0]
        if is_definite and not is_plural:
            match = self.role_index.find(phrase.core, source.start) if len(words) > 1 else None
            if match is not None:
                person, confidence = match
                return self.attribute_to(person, source.start, confidence, "role")
            called = self.role_index.find_called(noun[-1], source.start) if words[0] == "the" else None
            if called is not None:
                return self.attribute_to(called, source.start, 0.7, "role")
            if words[0] in ("the", "this", "its") and self.describes_body(phrase, noun):
                return self.attribute_to_last_body(source, noun[-1])
            epithet = self.epithets.find(phrase, source, noun, self.named_inside) if words[0] == "the" else None
            if epithet is not None:
                return self.attribute_to(epithet, source.start, 0.6, "epithet")
            if noun[-1] in PERSON_HEADS or (words[0] in DEFINITE and is_nationality(noun[-1])):
                return self.attribute_to_unnamed(source, "description")
        bodies = self.bodies.joint(source)
        if bodies:
            for name in bodies:
                self.body_focus.add_speaker(name, source.start)
            numbers = tuple(dict.fromkeys(self.number(name) for name in bodies))
            return SpeakerAttribution(SourceKind.BODY, numbers, 0.8, "body")
        body = self.bodies.name(phrase) if words[0] not in ("a", "an", "some") else None
        if body is not None:
            return self.attribute_to_body(body, source, 0.9, "body")
        if is_plural or words[0] in INDEFINITE:
            return self.attribute_to_unnamed(source, "indefinite")
        if is_definite and any(word in PERSON_HEADS for word in words):
            return self.attribute_to_unnamed(source, "description")
        return SpeakerAttribution(SourceKind.UNNAMED, evidence="unknown", speaks_for=self.behalf.of(source))

    def apposed_body(self, phrase: SourcePhrase, noun: list[str]) -> str | None:
        """Return the body whose name stands behind its description: "the ferry company, Casco Lines"; else None."""
        behind = self.text[phrase.core_end : phrase.end]
        if (
            noun[-1] not in BODY_NOUNS
            or phrase.noun.split()[-1][0].isupper()
            or not behind.startswith(", ")
            or not behind[2:3].isupper()
        ):
            return None
        return self.bodies.name(parse_source(self.text, Mention(behind[2:], phrase.core_end + 2, phrase.end)))

    def describes_body(self, phrase: SourcePhrase, noun: list[str]) -> bool:
        """True if a source only describes a body: "the company", "the UK firm", but not "the Lowmark council"."""
        tokens = TOKEN.findall(phrase.noun)
        if not tokens or not tokens[-1].islower() or not (noun[-1] in BODY_NOUNS or noun[-1] in INSTITUTIONS):
            return False
        if "and" in noun and any(word in PERSON_HEADS for word in noun):
            return False  # "the writer and broadcaster"
        based = max((number for number, word in enumerate(tokens) if word.endswith("-based")), default=0)
        capitals = [plain(word) for word in tokens[based + 1 :] if word[0].isupper()]
        if OF_NAME.match(self.text, phrase.noun_end) or (capitals and noun[-1] not in COMPANIES):
            return False
        return all(is_state(word) or not self.bodies.names.knows(word) for word in capitals)

    def attribute_turn(self, source: Mention) -> SpeakerAttribution:
        """Return the attribution of a source like `HOLT:`, which begins a speaker's words in a transcript.

        The name may be in capitals only there, so it is looked up in its usual form ("Holt").
        """
        label = TURN.split(source.text, maxsplit=1)[0].strip()
        if is_nobodys(label):
            return SpeakerAttribution(SourceKind.UNNAMED, evidence="label")
        meant = person_of_initials(label, self.people)
        if meant is not None:
            return self.attribute_to(meant, source.start, 0.8, "turn")
        words = split_titles(tuple(word.capitalize() for word in label.split())).words
        if not words:
            return SpeakerAttribution(SourceKind.UNNAMED, evidence="label")  # "The CHAIRMAN."
        person = self.people.find(words, source.start) or self.people.add(words)
        if all(word.isupper() for word in person.words):
            person.words = tuple(word.capitalize() for word in person.words)
        person.forms[source.text] += 1
        return self.attribute_to(person, source.start, 0.9, "turn")
