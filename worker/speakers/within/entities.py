"""The people and bodies that speak in one article, numbered in the order of their first attribution."""

from worker.speakers.within.bodies import Bodies
from worker.speakers.within.people import Person
from worker.speakers.within.resolution import Entity, EntityKind


class Entities:
    """The speakers of one article: a person is an object, a body its name."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._numbers: dict[int | str, int] = {}
        self._speakers: list[Person | str] = []

    def number(self, speaker: Person | str) -> int:
        """Return the index of a speaker among the entities; add the speaker if it is new."""
        key = speaker if isinstance(speaker, str) else id(speaker)
        if key not in self._numbers:
            self._numbers[key] = len(self._speakers)
            self._speakers.append(speaker)
        return self._numbers[key]

    def people(self, numbers: tuple[int, ...]) -> tuple[Person, ...]:
        """Return the people with some of the indexes, without the bodies."""
        speakers = (self._speakers[number] for number in numbers)
        return tuple(speaker for speaker in speakers if isinstance(speaker, Person))

    def all(self) -> list[Entity]:
        """Return the entities in the order of their indexes."""
        entities = []
        for speaker in self._speakers:
            if isinstance(speaker, str):
                given = self._bodies.given.get(speaker)
                entities.append(Entity(speaker, EntityKind.BODY, (speaker, given) if given else (speaker,)))
            else:
                roles = tuple(dict.fromkeys(role for role, _ in speaker.roles))
                entities.append(Entity(speaker.name, EntityKind.PERSON, tuple(speaker.forms), roles))
        return entities
