"""From a source mention to an attribution: pronoun, name, description, body or unnamed."""

import re
from collections.abc import Sequence

from worker.extract.quotation import Mention, Quotation
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.capitals import Run, runs
from worker.speakers.within.names import Name, plain, split
from worker.speakers.within.people import People, Person, is_body, title_gender
from worker.speakers.within.pronouns import FEMALE, MALE, Antecedents
from worker.speakers.within.resolution import Attribution, Entity, EntityKind, SourceKind
from worker.speakers.within.roles import described
from worker.speakers.within.words import BODY_WORDS, INDEFINITE, PERSON_HEADS, PLACES

RELATIVE = frozenset(("who", "which", "that"))
NOBODY = frozenset(("i", "we", "you", "they", "it", "this", "these", "those", "one"))
FIRST_WORD = re.compile(r"[\w'’\-]+")
JOINT = re.compile(r",? and (?=[A-Z])")


class Naming:
    """The attributions of one article, made in the order of the text."""

    def __init__(self, text: str, people: People, antecedents: Antecedents, title: str | None) -> None:
        self.text = text
        self.people = people
        self.antecedents = antecedents
        self.bodies = Bodies()
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
        for number, each in enumerate(self.order):
            if each is entity or (isinstance(each, str) and each == entity):
                return number
        self.order.append(entity)
        return len(self.order) - 1

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
        before = [m for m in self.people.mentions if m.end <= mention.start and mention.start - m.end <= 3]
        if before:
            return self.person(before[-1].person, mention.start, 0.8, "relative")
        return Attribution(SourceKind.UNNAMED, evidence="relative")

    def phrase(self, mention: Mention, lower: list[str]) -> Attribution:
        """A name, a description, a body."""
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
            found = described(mention.text, mention.start, self.people)
            if found is not None:
                return self.person(found[0], mention.start, found[1], "role")
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

    def names_in(self, mention: Mention) -> list[tuple[Person, float, str]]:
        """The people a source phrase names: its first name, and those joined to it by "and"."""
        found: list[tuple[Person, float, str]] = []
        head = self.text[mention.start : mention.end]
        for run in runs(self.text, mention.start, mention.end):
            gap = self.text[found_end(found, mention) : run.start] if found else ""
            if found and not joins(self.text, mention, run):
                break
            name = split(run.words)
            entry = self.named(run, name, mention)
            if entry is not None:
                found.append(entry)
            elif found and gap:
                break
        return found if head else []

    def named(self, run: Run, name: Name, mention: Mention) -> tuple[Person, float, str] | None:
        """The person of one run of a source phrase."""
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


def found_end(found: list[tuple[Person, float, str]], mention: Mention) -> int:
    """Where the phrase begins; kept apart for readability of `names_in`."""
    return mention.start


def joins(text: str, mention: Mention, run: Run) -> bool:
    """Whether a later name of the phrase is a second speaker: only "and" stands before it."""
    before = text[mention.start : run.start].rstrip().lower()
    return before.endswith((" and", " &")) and not any(word in BODY_WORDS for word in map(plain, run.words))
