"""An alias that a person gives a speaker: it joins what is stored, what comes, and is taken away again."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text

from tests.integration.dedupe.newsroom import Said, Story, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.decisions import aliases
from worker.decisions import speakers as speaker_decisions
from worker.store.decisions import Undecidable
from worker.store.tables.models import Speaker

ONE = "We expect the agreement to be achieved before the end of this year"
TWO = "There are countries with interests outside their borders"
LATER = "The bridge opens in the spring when the ice is gone"
WHO: dict[str, Any] = {"who": "ada", "reason": "her pen name"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def speaker(connection: Connection) -> int:
    """A speaker, who is quoted beside another one with quite another name."""
    store(connection, Story(prose(1, 60), (Said(ONE, [person("Ruta Linden")]), Said(TWO, [person("Nina Vale")]))))
    return connection.execute(select(Speaker.id).where(Speaker.name == "Ruta Linden")).scalar_one()


def said_by(connection: Connection) -> dict[str, str]:
    return {row.quote: row.speaker for row in connection.execute(text("SELECT quote, speaker FROM report.quotes"))}


def given(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT alias FROM report.speaker_aliases ORDER BY 1")).scalars())


def test_an_alias_joins_what_is_stored_and_what_comes_until_it_is_undone(connection: Connection, speaker: int) -> None:
    decision = aliases.add(connection, speaker, "Nina Vale", **WHO)
    assert said_by(connection) == {ONE: "Ruta Linden", TWO: "Ruta Linden"}
    assert given(connection) == ["Nina Vale"]
    speaker_decisions.undo(connection, decision, **WHO)
    assert said_by(connection) == {ONE: "Ruta Linden", TWO: "Nina Vale"}
    assert given(connection) == []


def test_several_aliases_are_of_one_speaker(connection: Connection, speaker: int) -> None:
    first = aliases.add(connection, speaker, "Old Salt", **WHO)
    aliases.add(connection, speaker, "Nina Vale", **WHO)
    assert given(connection) == ["Nina Vale", "Old Salt"]
    store(connection, Story(prose(2, 60), [Said(LATER, [person("Old Salt")])]))
    assert set(said_by(connection).values()) == {"Ruta Linden"}
    speaker_decisions.undo(connection, first, **WHO)
    assert given(connection) == ["Nina Vale"]
    assert said_by(connection)[LATER] == "Old Salt"


def test_a_speaker_whose_name_a_person_chose_keeps_it(connection: Connection, speaker: int) -> None:
    speaker_decisions.rename(connection, speaker, "The Harbour Master", **WHO)
    aliases.add(connection, speaker, "Nina Vale", **WHO)
    assert said_by(connection) == {ONE: "The Harbour Master", TWO: "The Harbour Master"}


def test_what_is_no_alias(connection: Connection, speaker: int) -> None:
    with pytest.raises(Undecidable, match="Ruta Linden is a name of Ruta Linden already"):
        aliases.add(connection, speaker, " Ruta Linden ", **WHO)
    aliases.add(connection, speaker, "Old Salt", **WHO)
    with pytest.raises(Undecidable, match="Old Salt is a name of Ruta Linden already"):
        aliases.add(connection, speaker, "Old Salt", **WHO)
    with pytest.raises(Undecidable, match="no speaker 99"):
        aliases.add(connection, 99, "Old Salt", **WHO)
    other = connection.execute(select(Speaker.id).where(Speaker.name == "Nina Vale")).scalar_one()
    speaker_decisions.rename(connection, other, "Ruta Linden", **WHO)
    with pytest.raises(Undecidable, match="Several speakers are called Ruta Linden"):
        aliases.add(connection, speaker, "Salty", **WHO)
