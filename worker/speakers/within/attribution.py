"""Attributes each source to its speakers; a source may be a pronoun, a name, a description or a body, or unclear."""

import re
from collections.abc import Sequence

from worker.extract.quotation import Mention, Quotation, Span
from worker.speakers.within.behalf import HEADS, Behalf
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.bodydescription import BodyDescriptions
from worker.speakers.within.bodyfocus import BodyFocus
from worker.speakers.within.bodynames import BodyNames
from worker.speakers.within.capitals import CapitalRun
from worker.speakers.within.entities import Entities
from worker.speakers.within.epithets import Epithets
from worker.speakers.within.firms import is_behind_noun, is_possessive_alone
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import FEMALE, MALE, ROLE_WEIGHT, description_gender, pronoun_gender
from worker.speakers.within.joint import Together
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.labels import is_label, is_nobodys, label_of, person_of_initials, person_of_turn
from worker.speakers.within.names import is_nationality, plain_words
from worker.speakers.within.namesakes import of_generation
from worker.speakers.within.naming import NamedPeople, NamedPerson
from worker.speakers.within.people import People, Person
from worker.speakers.within.phrases import SourcePhrase, may_be_one_person, parse_source, without_dateline
from worker.speakers.within.relative import Antecedents
from worker.speakers.within.resolution import SourceKind, SpeakerAttribution
from worker.speakers.within.roleindex import EXACT, RoleIndex
from worker.speakers.within.surroundings import Surroundings
from worker.speakers.within.wordlists import INDEFINITE, PERSON_HEADS, QUANTIFIERS

RELATIVE_PRONOUNS = frozenset(("who", "which", "that"))
OTHER_PRONOUNS = frozenset(("i", "we", "you", "they", "it", "this", "these", "those"))
"""Pronouns for which nobody is looked up, except "they": it can mean the speakers of the last joint source."""
LETTER = re.compile(r"[^\W\d_]\d{0,2}")
"""The label of a question or an answer in an interview: Q, A, Q1. It is nobody's name."""
CONTRACTION = re.compile(r"(?<=[eiuy])'(?:s|ve|re|d|ll|m)$")
DEFINITE = frozenset(("the", "his", "her", "its", "their", "this", "that", "my", "our"))


class SourceResolver:
    """Attributes the sources of one article to its people and bodies, in the order of the text."""

    def __init__(self, text: str, people: People, focus: Focus, kinds: NameKinds, runs: list[CapitalRun]) -> None:
        self.text = text
        self.people = people
        self.focus = focus
        self.kinds = kinds
        self.antecedents = Antecedents(text, people)
        names = BodyNames(text, runs, kinds, frozenset(people.mention_by_end))
        self.bodies = Bodies(text, names)
        self.body_focus = BodyFocus(
            text, names, kinds, full=self.bodies.full, weight=focus.span_weight, sentence=focus.sentence
        )
        self.role_index = RoleIndex(people, focus)
        self.named_people = NamedPeople(text, people, kinds)
        self.surroundings = Surroundings(people)
        self.together = Together(text, people, focus)
        self.epithets = Epithets(text, people, focus)
        self.body_descriptions = BodyDescriptions(text, self.bodies)
        self.behalf = Behalf(
            text,
            people=people,
            bodies=self.bodies,
            body_focus=self.body_focus,
            roles=self.role_index,
            focus=focus,
            describes_body=self.body_descriptions.describes,
        )
        self.entities = Entities(self.bodies)
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
            self.named_inside = self.surroundings.people_inside(its_quotations)
            outer = self.surroundings.source_around(source, its_quotations, quotations)
            self.outer_speakers = self.people_of(outer, attributions) if outer else ()
            attributions[span] = self.attribute_source(source)
        without_source = SpeakerAttribution(SourceKind.NONE, evidence="no source")
        return tuple(
            attributions[quotation.source.start, quotation.source.end] if quotation.source else without_source
            for quotation in quotations
        )

    def people_of(self, source: Mention, attributions: dict[Span, SpeakerAttribution]) -> tuple[Person, ...]:
        """Return the people whom a source means by the attributions so far, or names, if it stands further behind."""
        known = attributions.get((source.start, source.end))
        if known is None:
            return tuple(named.person for named in self.named_people.of(parse_source(self.text, source)))
        return self.entities.people(known.entities)

    def attribute_source(self, source: Mention) -> SpeakerAttribution:
        """Return the attribution of one source."""
        source = without_dateline(self.text, source)
        words = plain_words(source.text)
        if not words:
            return SpeakerAttribution(SourceKind.NONE, evidence="no source")
        words[0] = CONTRACTION.sub("", words[0])
        if words[0] in ("he", "she") or (len(words) == 1 and words[0] in FEMALE | MALE):
            return self.attribute_pronoun(source, words[0])
        if len(words) == 1 and words[0] in RELATIVE_PRONOUNS:
            return self.attribute_relative(source)
        both = self.together.meant(" ".join(words), source.start)
        if both:
            return SpeakerAttribution(SourceKind.PERSON, tuple(map(self.entities.number, both)), 0.6, "pronoun")
        if words == ["it"]:
            return self.attribute_to_last_body(source)
        if words == ["one"]:
            return self.attribute_to_unnamed(source, "pronoun")
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
        return SpeakerAttribution(SourceKind.PERSON, (self.entities.number(person),), confidence, evidence)

    def attribute_to_body(self, name: str, source: Mention, confidence: float, evidence: str) -> SpeakerAttribution:
        """Return an attribution to a body, and remember that it spoke."""
        core = parse_source(self.text, source).core if evidence == "body" else ""
        self.body_focus.add_speaker(name, source.start, core)
        return SpeakerAttribution(SourceKind.BODY, (self.entities.number(name),), confidence, evidence)

    def attribute_to_last_body(self, source: Mention, noun: Sequence[str] = ()) -> SpeakerAttribution:
        """Return the attribution of "the NOUN", a body's description, or of "it" if there is no noun.

        `noun` are its plain words, of which the last one says what the body is.
        """
        evidence = "body description" if noun else "body pronoun"
        meant = self.body_focus.find(noun[-1] if noun else None, source.start, noun[1:-1])
        if meant is None:
            return SpeakerAttribution(SourceKind.UNNAMED, evidence=evidence)
        return self.attribute_to_body(meant.name, source, round(0.3 + 0.5 * meant.share, 2), evidence)

    def attribute_to_unnamed(self, source: Mention, evidence: str) -> SpeakerAttribution:
        """Return an attribution to somebody without a name, whom the next "he" can mean if it is one person."""
        noun = plain_words(parse_source(self.text, source).noun)
        person = Person((), speaks_for=self.behalf.of(source), called=set(noun[-1:]))
        gender = description_gender(source.text)
        if gender:
            person.genders[gender] += ROLE_WEIGHT
        if may_be_one_person(parse_source(self.text, source)):
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

    def attribute_relative(self, source: Mention) -> SpeakerAttribution:
        """Return the attribution of "who", "which" or "that".

        It means the person whose name is right before it, if there is such a name.
        """
        person = self.antecedents.of(source)
        if person is not None:
            return self.attribute_to(person, source.start, 0.8, "relative")
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
        return self.attribute_to_all(self.named_people.with_others(named, source), source)

    def attribute_to_all(self, named: list[NamedPerson], source: Mention) -> SpeakerAttribution:
        """Return an attribution to the people whom a source names, and add to the salience of each."""
        for speaker in reversed(named):
            self.focus.add_speaker(speaker.person, source.start)
            if not speaker.person.is_surely_one:
                self.body_focus.add_rival(speaker.person.name, source.start)
        numbers = tuple(dict.fromkeys(self.entities.number(speaker.person) for speaker in named))
        self.together.remember([speaker.person for speaker in named])
        return SpeakerAttribution(SourceKind.PERSON, numbers, named[0].confidence, named[0].evidence)

    def body_named_so(self, named: list[NamedPerson], phrase: SourcePhrase) -> str | None:
        """Return the body whose short form was taken for a person's surname: "Kellogg", if there is a "Kellogg Co".

        A source that goes on with "which" is a body's, too: "Foster's, which has breweries in China". So is a name
        right behind a noun for a company, "investment bank Robert Fleming", and one that ends as a possessive.
        """
        if len(named) != 1:
            return None
        person = named[0].person
        if phrase.text.startswith(", which ", phrase.core_end):
            return self.bodies.name(phrase) or self.bodies.names.full(person.name)
        if is_behind_noun(phrase, person):
            return self.bodies.names.full(person.name)
        if is_possessive_alone(phrase, person):
            return self.bodies.names.full(phrase.core)
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
        apposed = self.body_descriptions.apposed(phrase, noun)
        if apposed is not None:
            return self.attribute_to_body(apposed, source, 0.85, "body")
        is_definite = words[0] in DEFINITE or source.text[0].isupper() or "'s" in words[0]
        if is_definite and not is_plural:
            is_name = words[0] not in DEFINITE and self.bodies.is_whole_name(phrase)
            match = self.person_in_role(phrase, source, noun) if len(words) > 1 and not is_name else None
            if match is not None:
                person, confidence = match
                return self.attribute_to(person, source.start, confidence, "role")
            called = self.role_index.find_called(noun[-1], source.start) if words[0] == "the" else None
            if called is not None:
                return self.attribute_to(called, source.start, 0.7, "role")
            if words[0] in ("the", "this", "its") and self.body_descriptions.describes(phrase, noun):
                return self.attribute_to_last_body(source, noun)
            if words[0] == "the" and self.body_descriptions.may_be_named_so(phrase, noun):
                meant = self.attribute_to_last_body(source, noun)
                if meant.entities:
                    return meant
            epithet = self.epithets.find(phrase, source, noun, self.named_inside) if words[0] == "the" else None
            if epithet is not None:
                return self.attribute_to(epithet, source.start, 0.6, "epithet")
            if (noun[-1] in PERSON_HEADS and not is_name) or (words[0] in DEFINITE and is_nationality(noun[-1])):
                return self.attribute_to_unnamed(source, "description")
        bodies = self.bodies.joint(source)
        if bodies:
            for name in bodies:
                self.body_focus.add_speaker(name, source.start)
            numbers = tuple(dict.fromkeys(self.entities.number(name) for name in bodies))
            return SpeakerAttribution(SourceKind.BODY, numbers, 0.8, "body")
        is_of_many = words[0] in QUANTIFIERS and (source.text[0].islower() or words[0] in ("a", "an", "some"))
        body = None if is_of_many else self.bodies.name(phrase)
        if body is not None:
            return self.attribute_to_body(body, source, 0.9, "body")
        if is_plural or words[0] in INDEFINITE:
            return self.attribute_to_unnamed(source, "indefinite")
        if is_definite and any(word in PERSON_HEADS for word in words):
            return self.attribute_to_unnamed(source, "description")
        if words[0] == "the" and noun[-1] in HEADS:  # "the Western source"
            return self.attribute_to_unnamed(source, "unknown")
        return SpeakerAttribution(SourceKind.UNNAMED, evidence="unknown", speaks_for=self.behalf.of(source))

    def person_in_role(self, phrase: SourcePhrase, source: Mention, noun: list[str]) -> tuple[Person, float] | None:
        """Return the person whose role a description names, and the confidence; None if nobody has such a role.

        If the role has other words, too, somebody more salient may be meant whose role the article does not give.
        """
        match = self.role_index.find(phrase.core, source.start)
        if match is None or match[1] == EXACT or not source.text.lower().startswith("the "):
            return match
        person, confidence = match
        other = self.epithets.find(phrase, source, noun, self.named_inside)
        salience = self.focus.salience
        if other is not None and salience(other, source.start) > salience(person, source.start):
            return other, confidence
        return match

    def attribute_turn(self, source: Mention) -> SpeakerAttribution:
        """Return the attribution of a source like `HOLT:`, which begins a speaker's words in a transcript."""
        label = label_of(source)
        if is_nobodys(label):
            return SpeakerAttribution(SourceKind.UNNAMED, evidence="label")
        meant = person_of_initials(label, self.people)
        if meant is not None:
            return self.attribute_to(meant, source.start, 0.8, "turn")
        person = person_of_turn(source, self.people)
        if person is None:
            return SpeakerAttribution(SourceKind.UNNAMED, evidence="label")
        return self.attribute_to(person, source.start, 0.9, "turn")
