"""Finding a speaker among 100,000 with names as frequent as in life: how long it takes, and how often it is wrong."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import psutil
from sqlalchemy import Connection, Engine, insert, text

from benchmarks.figure import Figure
from benchmarks.growth import BACKEND_PID, servers_in_a_folder
from benchmarks.people import FREQUENT, SEED, Person, people, words
from benchmarks.processes import cpu_seconds
from worker.speakers.across import joining
from worker.speakers.across.name import read_name
from worker.speakers.across.role_keys import role_keys
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import forms as form_rows
from worker.store.db import schema
from worker.store.db.engine import make_engine
from worker.store.tables.models import Speaker, SpeakerName

BATCH = 1000
"""So many speakers are filled in at a time."""
NEW = 1000
"""So many people arrive after the tables are filled."""
ARTICLE = 4
"""So many names are looked up in one transaction, as an article has."""
ASKED = 400
"""Each way of writing a name is asked for so many people."""


NICKNAMES = dict(
    zip(
        words("william robert richard james edward margaret elizabeth thomas michael joseph daniel susan"),
        words("Bill Bob Dick Jim Ted Peggy Liz Tom Mike Joe Dan Sue"),
        strict=True,
    )
)


@dataclass(slots=True)
class Answers:
    """How the look-ups of one way of writing ended."""

    right: int = 0
    namesake: int = 0
    wrong: int = 0
    alone: int = 0

    @property
    def asked(self) -> int:
        """The number of look-ups."""
        return self.right + self.namesake + self.wrong + self.alone


def written(person: Person) -> Iterator[tuple[str, str, str]]:
    """Yield other ways to write a person, each with what it is called here, the name and the role."""
    yield "the same name", person.name, ""
    if person.middle:
        yield "the middle name as an initial", f"{person.given} {person.middle[0]}. {person.surname}", ""
    if person.role:
        yield "an initial, with the office", f"{person.given[0]}. {person.surname}", person.role
        if nickname := NICKNAMES.get(person.given.lower()):
            yield "a nickname, with the office", f"{nickname} {person.surname}", person.role


def measure(count: int) -> list[Figure]:
    """Store so many people, look names up, and return the figures."""
    with servers_in_a_folder() as (url, _):
        engine = make_engine(url, repeats=True)
        schema.upgrade(engine)
        try:
            return _measure(engine, people(count))
        finally:
            engine.dispose()


def _measure(engine: Engine, everybody: Sequence[Person]) -> list[Figure]:
    """Fill the tables with all but the last people, let these arrive as articles do, and look names up."""
    new = everybody[-min(NEW, len(everybody) // 10) :]
    speaker_of = _fill(engine, everybody[: -len(new)])
    known = set(speaker_of.values())
    names = {person.name for person in speaker_of}
    seconds, other = 0.0, 0
    for start in range(0, len(new), ARTICLE):
        batch = new[start : start + ARTICLE]
        with engine.begin() as connection:
            ids, took = _join(connection, [(person.name, person.role) for person in batch])
        seconds += took
        other += sum(number in known and person.name not in names for person, number in zip(batch, ids, strict=True))
        speaker_of.update(zip(batch, ids, strict=True))
    figures = [
        Figure("people", len(everybody), "people"),
        Figure(
            "people who have somebody else's whole name", len(everybody) - len({*names, *(p.name for p in new)}), ""
        ),
        Figure("a new person, CPU", 1000 * seconds / len(new), "ms"),
        Figure("a new person, taken for somebody of another name", 100 * other / len(new), "%"),
    ]
    return figures + _look_up(engine, everybody, speaker_of)


def _fill(engine: Engine, stored: Sequence[Person]) -> dict[Person, int]:
    """Store speakers in bulk; people with the same whole name are one speaker, as for the product."""
    by_name: dict[str, int] = {}
    for person in stored:
        by_name.setdefault(person.name, len(by_name) + 1)
    roles: dict[str, set[str]] = {}
    for person in stored:
        roles.setdefault(person.name, set()).update([person.role] if person.role else [])
    with engine.begin() as connection:
        rest = iter(by_name.items())
        while batch := [*islice(rest, BATCH)]:
            parsed = [(read_name(name, EntityKind.PERSON), number) for name, number in batch]
            rows = [{"name": name, "kind": "person"} for name, _ in batch]
            connection.execute(insert(Speaker), rows)
            forms = [
                {"speaker_id": number, "name": name, "evidence": "filled", "confidence": 1.0, "articles": 1,
                 "roles": sorted(roles[name])}
                for name, number in batch
            ]  # fmt: skip
            connection.execute(insert(SpeakerName), forms)
            keys = {(key, number) for name, number in parsed for key in name.keys | role_keys(name, roles[name.text])}
            form_rows.add_keys(connection, keys)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return {person: by_name[person.name] for person in stored}


def _look_up(engine: Engine, stored: Sequence[Person], speaker_of: dict[Person, int]) -> list[Figure]:
    chance = random.Random(SEED + 1)
    frequent = [person for person in stored if person.surname in FREQUENT[:5]]
    figures: list[Figure] = []
    for crowd, persons in (("anybody", stored), ("the five most frequent surnames", frequent)):
        asked: dict[str, list[tuple[Person, str, str]]] = {}
        for person in chance.sample(persons, min(len(persons), 40 * ASKED)):
            for way, name, role in written(person):
                if len(asked.setdefault(way, [])) < ASKED:
                    asked[way].append((person, name, role))
        for way, cases in asked.items():
            answers, milliseconds = _ask(engine, cases, speaker_of)
            name = f"{crowd}: {way}"
            figures += [
                Figure(f"{name}, right", 100 * answers.right / answers.asked, "%"),
                Figure(f"{name}, a namesake written exactly so", 100 * answers.namesake / answers.asked, "%"),
                Figure(f"{name}, somebody else", 100 * answers.wrong / answers.asked, "%"),
                Figure(f"{name}, CPU a name", milliseconds, "ms"),
            ]
    return figures


def _ask(
    engine: Engine, cases: Sequence[tuple[Person, str, str]], speaker_of: dict[Person, int]
) -> tuple[Answers, float]:
    """Look names up, a few in each transaction, which is rolled back; return the answers and milliseconds a name."""
    answers, took = Answers(), 0.0
    newest = max(speaker_of.values())
    known = {person.name for person in speaker_of}
    for start in range(0, len(cases), ARTICLE):
        batch = cases[start : start + ARTICLE]
        with engine.connect() as connection:
            ids, seconds = _join(connection, [(name, role) for _, name, role in batch])
            connection.rollback()
        took += 1000 * seconds
        for (person, name, _), found in zip(batch, ids, strict=True):
            if found == speaker_of[person]:
                answers.right += 1
            elif name in known:
                answers.namesake += 1
            elif found > newest:
                answers.alone += 1
            else:
                answers.wrong += 1
    return answers, took / len(cases)


def _join(connection: Connection, named: Sequence[tuple[str, str]]) -> tuple[list[int], float]:
    """Join names as an article's final transaction does; return the speakers, and the seconds of CPU.

    The CPU is that of this process and of the connection's server process; names are parsed before.
    """
    server = psutil.Process(connection.execute(BACKEND_PID).scalar_one())
    entities = [Entity(name, EntityKind.PERSON, (name,), (role,) if role else ()) for name, role in named]
    for entity in entities:
        read_name(entity.name, entity.kind)
    began = time.process_time() + cpu_seconds(server)
    ids = joining.join(connection, entities)
    return ids, time.process_time() + cpu_seconds(server) - began
