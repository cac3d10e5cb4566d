"""From a source mention to an attribution: pronoun, name, description, body or unnamed."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from worker.extract.quotation import Mention, Quotation
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.capitals import Run, runs
from worker.speakers.within.names import plain, split
from worker.speakers.within.people import People, Person, is_body, title_gender
from worker.speakers.within.pronouns import FEMALE, MALE, Antecedents
from worker.speakers.within.resolution import Attribution, Entity, EntityKind, SourceKind
from worker.speakers.within.roles import Descriptions
from worker.speakers.within.words import INDEFINITE, PERSON_HEADS, PLACES

RELATIVE = frozenset(("who", "which", "that"))
NOBODY = frozenset(("i", "we", "you", "they", "it", "this", "these", "those", "one"))
FIRST_WORD = re.compile(r"[\w'’\-]+")
PLACE = re.compile(r"([A-Z][^,(]{3,60}?),? (?:of|for|from|at|in) ")
TRAILING = re.compile(r",|\(| [–—-] | -- | who | whose ")


class Naming:
    """The attributions of one article, made in the order of the text."""

    def __init__(self, text: str, people: People, antecedents: Antecedents, title: str | None) -> None:
        self.text = text
        self.people = people
        self.antecedents = antecedents
        self.starts = [each.start for each in people.mentions]
        self.bodies = Bodies()
        self.descriptions = Descriptions(people)
        self.numbers: dict[int | str, int] = {}
        self.known: dict[tuple[int, int], Attribution] = {}
        self.order: list[Person | str] = []
        self.previous: tuple[Person, int] | None = None
        self.title = title

    def attribute(self, quotations: Sequence[Quotation]) -> tuple[Attribution, ...]:
        """One attribution for each quotation, in the given order."""
        sources = sorted(
            {(each.source.start, each.source.end): each.source for each in quotations if each.source}.values(),
            key=lambda mention: mention.start,
        )
        for mention in sources:
            self.known[mention.start, mention.end] = self.source(mention)
        nothing = Attribution(SourceKind.NONE, evidence="no source")
        return tuple(self.known[each.source.start, each.source.end] if each.source else nothing for each in quotations)

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
        words = FIRST_WORD.findall(mention.text)
        lower = [plain(word) for word in words]
        if not words:
            return Attribution(SourceKind.NONE, evidence="no source")
        if len(words) == 1 and lower[0] in FEMALE | MALE:
            return self.pronoun(mention)
        if len(words) == 1 and lower[0] in RELATIVE:
            return self.relative(mention)
        if len(words) == 1 and lower[0] in NOBODY:
            return Attribution(SourceKind.PERSON if lower[0] == "i" else SourceKind.UNNAMED, evidence="pronoun")
        return self.phrase(mention, lower)

    def person(self, person: Person, place: int, sure: float, evidence: str) -> Attribution:
        """An attribution to one person, who is the previous speaker from now on."""
        self.previous = (person, place)
        return Attribution(SourceKind.PERSON, (self.number(person),), sure, evidence)

    def pronoun(self, mention: Mention) -> Attribution:
        """He, she."""
        found = self.antecedents.person(mention.text, mention.start, self.previous)
        if found is None:
            return Attribution(SourceKind.PERSON, evidence="pronoun")
        return self.person(found[0], mention.start, found[1], "pronoun")

    def relative(self, mention: Mention) -> Attribution:
        """Who, that: the name right before, if a name stands there."""
        number = bisect_left(self.starts, mention.start) - 1
        if number >= 0 and 0 <= mention.start - self.people.mentions[number].end <= 3:
            return self.person(self.people.mentions[number].person, mention.start, 0.8, "relative")
        return Attribution(SourceKind.UNNAMED, evidence="relative")

    def phrase(self, mention: Mention, lower: list[str]) -> Attribution:
        """A name, a description, a body."""
        if mention.text.isupper() and self.text[mention.end : mention.end + 1] == ":":
            return self.turn(mention)
        named = self.names_in(mention)
        if named:
            numbers = tuple(dict.fromkeys(self.number(person) for person, _, _ in named))
            person, sure, evidence = named[0]
            self.previous = (person, mention.start)
            return Attribution(SourceKind.PERSON, numbers, sure, evidence)
        definite = (
            lower[0] in ("the", "his", "her", "its", "their", "this", "that")
            or mention.text[0].isupper()
            or "'s" in lower[0]
        )
        plural = lower[0] in INDEFINITE or lower[-1] in INDEFINITE
        if definite and not plural:
            found = self.descriptions.person(mention.text, mention.start)
            if found is not None:
                return self.person(found[0], mention.start, found[1], "role")
        if (
            definite
            and not plural
            and core(mention.text).split()[-1:]
            and plain(core(mention.text).split()[-1]) in PERSON_HEADS
        ):
            return Attribution(SourceKind.PERSON, evidence="description")
        body = self.bodies.name(mention, lower)
        if body is not None and lower[0] not in ("a", "an", "some"):
            if body:
                return Attribution(SourceKind.BODY, (self.number(body),), 0.9, "body")
            return Attribution(SourceKind.BODY, (), 0.5, "body")
        if plural or lower[0] in INDEFINITE:
            return Attribution(SourceKind.UNNAMED, evidence="indefinite")
        if definite and any(word in PERSON_HEADS for word in lower):
            return Attribution(SourceKind.PERSON, evidence="description")
        return Attribution(SourceKind.UNNAMED, evidence="unknown")

    def turn(self, mention: Mention) -> Attribution:
        """`HOLT:` in a transcript is a person, whose name stands in capitals only there."""
        words = split(tuple(word.capitalize() for word in mention.text.split())).words
        if not words:
            return Attribution(SourceKind.PERSON, evidence="description")
        person = self.people.named(words, mention.start) or self.people.add(words)
        person.forms[mention.text] += 1
        return self.person(person, mention.start, 0.9, "turn")

    def names_in(self, mention: Mention) -> list[tuple[Person, float, str]]:
        """The people a source phrase names: its first name, and those joined to it by "and"."""
        place = PLACE.match(mention.text)
        if place:  # "Rep. Elijah Cummings of Maryland"
            kept = heads(self.text, mention.start, mention.start + place.end(1))
            entries = [entry for run in kept if (entry := self.named(run, mention))]
            if entries and kept[0].start == mention.start:
                return entries
        end = mention.start + len(core(mention.text))
        found = [entry for run in heads(self.text, mention.start, end) if (entry := self.named(run, mention))]
        if found or end >= mention.end:
            return found
        # "Iran's chief negotiator, Ali Bagheri Kani": the name comes after the comma
        rest = self.text[end : mention.end].lstrip(" ,(–—-")
        start = mention.end - len(rest)
        end = start + len(core(rest))
        return [
            entry
            for run in heads(self.text, start, end)
            if len(split(run.words).words) > 1 and run.start == start and (entry := self.named(run, mention))
        ]

    def named(self, run: Run, mention: Mention) -> tuple[Person, float, str] | None:
        """The person of one run of a source phrase."""
        name = split(run.words)
        if not name.words or is_body(name.words) or self.text[run.start : run.end].endswith(("'s", "’s")):
            return None
        person = self.people.named(name.words, run.start, title_gender(name))
        if person is None:
            if len(name.words) == 1 and not name.titles and plain(name.words[0]) in PLACES:
                return None
            lead = self.text[mention.start : run.start].strip().lower()
            if len(name.words) == 1 and not name.titles and lead:
                return None
            person = self.people.add(name.words)
            person.places.append(run.start)
            person.forms[" ".join(run.words)] += 1
        evidence = "full name" if len(name.words) > 1 else "surname"
        return person, 0.97 if len(name.words) > 1 else 0.93, evidence


def core(phrase: str) -> str:
    """A phrase without what follows its first comma, bracket, dash or relative pronoun."""
    return TRAILING.split(phrase, maxsplit=1)[0].rstrip()


def heads(text: str, start: int, end: int) -> list[Run]:
    """The runs that head a noun phrase: the one it ends with, and those joined to that by "and"."""
    kept: list[Run] = []
    edge = end
    for run in reversed(runs(text, start, end)):
        gap = text[run.end : edge]
        if (not kept and gap.strip()) or (kept and gap.strip() not in ("and", "&", "or")):
            break
        kept.append(run)
        edge = run.start
    return kept[::-1]
