"""From a source mention to an attribution: pronoun, name, description, body or unnamed."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from worker.extract.quotation import Mention, Quotation
from worker.speakers.within import phrases
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.capitals import Run
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import FEMALE, MALE, of_description, of_pronoun
from worker.speakers.within.names import plain, split
from worker.speakers.within.people import People, Person
from worker.speakers.within.phrases import Phrase
from worker.speakers.within.recognition import is_body, is_person, title_gender
from worker.speakers.within.resolution import Attribution, Entity, EntityKind, SourceKind
from worker.speakers.within.roles import Descriptions
from worker.speakers.within.wordlists import INDEFINITE, PERSON_HEADS

RELATIVE = frozenset(("who", "which", "that"))
NOBODY = frozenset(("i", "we", "you", "they", "it", "this", "these", "those", "one"))
CONTRACTED = re.compile(r"(?<=[eiuy])'(?:s|ve|re|d|ll|m)$")
WORD = re.compile(r"[\w'’\-]+")
DETERMINERS = frozenset(("the", "a", "an", "one", "another", "some"))
BARE = 0.7
"""How sure one word with a capital is a person who is nowhere named in full."""
DEFINITE = frozenset(("the", "his", "her", "its", "their", "this", "that", "my", "our"))
PERSONAL = re.compile(r"(?:man|woman|person|ist|ian|surgeon|eer|-old|(?<!ap)(?<!tt)(?<!mb)(?<!nt)er|[^ct]or)$")
"""What a noun for a person mostly ends in."""
COMPLEMENT = re.compile(r" of (?:the )?[A-Z]")
POSSESSOR = re.compile(r"['’]s?\s")
PARTISANS = frozenset(("republican", "democrat", "conservative", "socialist", "liberal", "libertarian", "independent"))
EPITHET = 0.55
"""How far ahead of others somebody must be to be called by a description that nothing in the article explains."""
LOOK_BACK = 1500
MOST_NAMES_SAID = 50


class Naming:
    """The attributions of one article, made in the order of the text."""

    def __init__(self, text: str, people: People, focus: Focus) -> None:
        self.text = text
        self.people = people
        self.focus = focus
        self.starts = [each.start for each in people.mentions]
        self.bodies = Bodies()
        self.descriptions = Descriptions(people)
        self.numbers: dict[int | str, int] = {}
        self.order: list[Person | str] = []
        self.joint: tuple[int, ...] = ()
        self.said: frozenset[int] = frozenset()

    def attribute(self, quotations: Sequence[Quotation]) -> tuple[Attribution, ...]:
        """One attribution for each quotation, in the given order."""
        sources: dict[tuple[int, int], tuple[Mention, list[Quotation]]] = {}
        for each in quotations:
            if each.source:
                sources.setdefault((each.source.start, each.source.end), (each.source, []))[1].append(each)
        known: dict[tuple[int, int], Attribution] = {}
        for place in sorted(sources):
            mention, said = sources[place]
            self.focus.advance(mention.start)
            self.said = self.people_in(said)
            known[place] = self.source(mention)
        nothing = Attribution(SourceKind.NONE, evidence="no source")
        return tuple(known[each.source.start, each.source.end] if each.source else nothing for each in quotations)

    def people_in(self, quotations: list[Quotation]) -> frozenset[int]:
        """The ids of the people named in what is said."""
        found: set[int] = set()
        for start, end in (part for each in quotations for part in each.parts):
            first = bisect_left(self.starts, start)
            for mention in self.people.mentions[first : first + MOST_NAMES_SAID]:
                if mention.start >= end:
                    break
                found.add(id(mention.person))
        return frozenset(found)

    def entities(self) -> list[Entity]:
        """The people and bodies that speak, in the order in which they first did."""
        made = []
        for each in self.order:
            if isinstance(each, str):
                made.append(Entity(each, EntityKind.BODY, (each,)))
            else:
                roles = tuple(dict.fromkeys(role for role, _ in each.roles))
                made.append(Entity(each.name, EntityKind.PERSON, tuple(each.forms), roles))
        return made

    def number(self, entity: Person | str) -> int:
        """The index of an entity, a new one where it has none yet."""
        key = entity if isinstance(entity, str) else id(entity)
        if key not in self.numbers:
            self.numbers[key] = len(self.order)
            self.order.append(entity)
        return self.numbers[key]

    def source(self, mention: Mention) -> Attribution:
        """What one source mention stands for."""
        lower = [plain(word) for word in WORD.findall(mention.text)]
        lower[:1] = [CONTRACTED.sub("", word) for word in lower[:1]]
        if not lower:
            return Attribution(SourceKind.NONE, evidence="no source")
        if lower[0] in ("he", "she") or (len(lower) == 1 and lower[0] in FEMALE | MALE):
            return self.pronoun(mention, lower[0])
        if len(lower) == 1 and lower[0] in RELATIVE:
            return self.relative(mention)
        if lower == ["they"] and self.joint:
            return Attribution(SourceKind.PERSON, self.joint, 0.6, "pronoun")
        if len(lower) == 1 and lower[0] in NOBODY:
            return Attribution(SourceKind.PERSON if lower[0] == "i" else SourceKind.UNNAMED, evidence="pronoun")
        return self.phrase(phrases.parse(self.text, mention), mention, lower)

    def person(self, person: Person, place: int, sure: float, evidence: str) -> Attribution:
        """An attribution to one person, who is spoken of from now on."""
        self.focus.speaks(person, place)
        return Attribution(SourceKind.PERSON, (self.number(person),) if person.words else (), sure, evidence)

    def stranger(self, mention: Mention, kind: SourceKind, evidence: str) -> Attribution:
        """An attribution to somebody without a name, to whom the next "he" or "she" may lead back."""
        person = Person(())
        gender = of_description(mention.text)
        if gender:
            person.genders[gender] += 9
        self.focus.speaks(person, mention.start)
        return Attribution(kind, evidence=evidence)

    def pronoun(self, mention: Mention, word: str) -> Attribution:
        """He, she."""
        found = self.focus.antecedent(mention.start, of_pronoun(word), self.said)
        if found is None:
            return Attribution(SourceKind.PERSON, evidence="pronoun")
        return self.person(found[0], mention.start, round(0.35 + 0.6 * found[1], 2), "pronoun")

    def relative(self, mention: Mention) -> Attribution:
        """Who, that: the name right before, if a name stands there."""
        number = bisect_left(self.starts, mention.start) - 1
        if number >= 0 and 0 <= mention.start - self.people.mentions[number].end <= 3:
            return self.person(self.people.mentions[number].person, mention.start, 0.8, "relative")
        return Attribution(SourceKind.UNNAMED, evidence="relative")

    def phrase(self, phrase: Phrase, mention: Mention, lower: list[str]) -> Attribution:
        """A name, a description, a body."""
        if mention.text.isupper() and self.text[mention.end : mention.end + 1] == ":":
            return self.turn(mention)
        named = self.names_in(phrase)
        if named:
            for person, _, _ in reversed(named):
                self.focus.speaks(person, mention.start)
            numbers = tuple(dict.fromkeys(self.number(person) for person, _, _ in named))
            self.joint = numbers if len(numbers) > 1 else ()
            return Attribution(SourceKind.PERSON, numbers, *named[0][1:])
        return self.description(phrase, mention, lower)

    def description(self, phrase: Phrase, mention: Mention, lower: list[str]) -> Attribution:
        """A phrase that names nobody itself."""
        noun = [plain(word) for word in WORD.findall(phrase.noun)] or lower
        plural = (
            lower[0] in INDEFINITE or noun[-1] in INDEFINITE or noun[-1].removesuffix("s") in PERSON_HEADS - {noun[-1]}
        )
        definite = lower[0] in DEFINITE or mention.text[0].isupper() or "'s" in lower[0]
        if definite and not plural:
            found = self.descriptions.person(phrase.core, mention.start)
            if found is not None:
                return self.person(found[0], mention.start, found[1], "role")
            epithet = self.epithet(phrase, mention, noun) if lower[0] == "the" else None
            if epithet is not None:
                return self.person(epithet, mention.start, 0.6, "epithet")
            if noun[-1] in PERSON_HEADS:
                return self.stranger(mention, SourceKind.PERSON, "description")
        body = self.bodies.name(mention, lower)
        if body is not None and lower[0] not in ("a", "an", "some"):
            if body:
                return Attribution(SourceKind.BODY, (self.number(body),), 0.9, "body")
            return Attribution(SourceKind.BODY, (), 0.5, "body")
        if plural or lower[0] in INDEFINITE:
            return self.stranger(mention, SourceKind.UNNAMED, "indefinite")
        if definite and any(word in PERSON_HEADS for word in lower):
            return self.stranger(mention, SourceKind.PERSON, "description")
        return Attribution(SourceKind.UNNAMED, evidence="unknown")

    def epithet(self, phrase: Phrase, mention: Mention, noun: list[str]) -> Person | None:
        """Who is spoken of where "the New York businessman" says something that no role explains.

        Not where the description takes up somebody unnamed ("An aide wrote. … the aide added").
        """
        words = WORD.findall(phrase.noun)
        if not words:  # the source is cut so that its description has no word
            return None
        word = words[-1]
        aged = any(each.endswith("-year-old") for each in noun)
        personal = aged or noun[-1] in PERSON_HEADS or (word.islower() and PERSONAL.search(word))
        if COMPLEMENT.match(self.text, phrase.noun_end):
            return None
        if not personal or POSSESSOR.search(phrase.noun) or (word[0].isupper() and noun[-1] not in PARTISANS):
            return None
        before = self.text[max(0, mention.start - LOOK_BACK) : mention.start]
        if re.search(
            rf"\b(?:an?|one|another)\s(?:[\w\-]+\s){{0,4}}{re.escape(noun[-1])}\b(?!\s[A-Z])", before, re.IGNORECASE
        ):
            return None
        found = self.focus.antecedent(mention.start, of_description(phrase.noun), self.said)
        return found[0] if found and found[1] >= EPITHET and (found[0].credible or not found[0].words) else None

    def turn(self, mention: Mention) -> Attribution:
        """`HOLT:` in a transcript is a person, whose name stands in capitals only there."""
        words = split(tuple(word.capitalize() for word in mention.text.split())).words
        if not words:
            return Attribution(SourceKind.PERSON, evidence="description")
        person = self.people.named(words, mention.start) or self.people.add(words)
        person.forms[mention.text] += 1
        return self.person(person, mention.start, 0.9, "turn")

    def names_in(self, phrase: Phrase) -> list[tuple[Person, float, str]]:
        """The people a source phrase names: its head, those joined to it by "and", or else the name in apposition."""
        for found in phrases.named(phrase):
            entries = [entry for run in found if (entry := self.named(run, phrase))]
            if entries:
                return entries
        return []

    def named(self, run: Run, phrase: Phrase) -> tuple[Person, float, str] | None:
        """The person of one run of a source phrase."""
        name = split(run.words)
        evidence, sure = ("full name", 0.97) if len(name.words) > 1 else ("surname", 0.93)
        known = self.people.ending.get(run.end)
        if known is not None and known.start >= run.start:
            alone = len(known.person.words) == 1 and not known.person.titled
            return known.person, BARE if alone else sure, evidence
        if not name.words or is_body(name.words):
            return None
        person = self.people.named(name.words, run.start, title_gender(name))
        if person is None:
            lead = self.text[phrase.start : run.start].strip().lower()
            if not name.titles and (len(name.words) == 1 or lead.split(" ")[0] in DETERMINERS):
                return None
            if not is_person(self.text, run, name):
                return None
            person = self.people.add(name.words)
            person.places.append(run.start)
            person.full.append(run.start)
            person.forms[" ".join(run.words)] += 1
        elif len(person.words) == 1 and len(name.words) > 1:
            self.people.complete(person, name.words)
        return person, sure, evidence
