"""The names in articles join the speakers in the tables."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text

from tests.integration.dedupe.newsroom import body, person
from worker.speakers import across
from worker.store.tables.models import Speaker, SpeakerKey, SpeakerName


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def join(connection: Connection, *names: str) -> list[int]:
    return across.join(connection, [person(name) for name in names])


def proposals(connection: Connection) -> set[tuple[int, int | None]]:
    rows = select(SpeakerName.speaker_id, SpeakerName.other_id).where(SpeakerName.status == "proposed")
    return {(row.speaker_id, row.other_id) for row in connection.execute(rows)}


def names(connection: Connection, ids: Sequence[int]) -> list[str]:
    rows = {row.id: row.name for row in connection.execute(select(Speaker.id, Speaker.name))}
    return [rows[speaker_id] for speaker_id in ids]


def test_spellings_share_a_speaker_within_and_across_calls(connection: Connection) -> None:
    sergey, sergei, smith = join(connection, "Sergey Lavrov", "Sergei Lavrov", "John Smith")
    assert sergey == sergei != smith
    assert join(connection, "Sergei Lavrov", "James Smith", "Sergej Lavrov") == [sergey, smith + 1, sergey]
    assert proposals(connection) == set()


def test_the_evidence_of_a_join_is_stored(connection: Connection) -> None:
    join(connection, "Sergey Lavrov", "Sergei Lavrov")
    rows = connection.execute(select(SpeakerName.name, SpeakerName.evidence).order_by(SpeakerName.id)).all()
    assert rows == [
        ("Sergey Lavrov", "first seen"),
        ("Sergei Lavrov", "another spelling: Sergei Lavrov / Sergey Lavrov"),
    ]


def test_roles_add_up_and_join_names_that_spelling_does_not(connection: Connection) -> None:
    assert len(set(join(connection, "Ali Bagheri", "Ali Bagheri Kani"))) == 2
    assert len(proposals(connection)) == 1
    roles = "iranian chief negotiator"
    nuri = across.join(connection, [person("Hassan Nuri", roles)])
    assert across.join(connection, [person("Hassan Nuri", "iranian envoy")]) == nuri
    assert across.join(connection, [person("Hassan Nuri Shams", "iran's lead negotiator")]) == nuri
    stored_roles = select(SpeakerName.roles).where(SpeakerName.name == "Hassan Nuri")
    assert connection.execute(stored_roles).scalar_one() == [roles, "iranian envoy"]


def test_a_bare_surname_is_proposed_while_one_speaker_has_it(connection: Connection) -> None:
    full, bare = join(connection, "Sergey Lavrov", "Lavrov")
    assert full != bare
    assert proposals(connection) == {(full, bare)}
    assert join(connection, "Lavrov") == [bare]
    join(connection, "John Smith", "James Smith", "Smith")
    assert proposals(connection) == {(full, bare)}


def test_bodies(connection: Connection) -> None:
    entities = [
        body(name)
        for name in (
            "Iranian Foreign Ministry",
            "the Iranian Foreign Ministry",
            "Iran's Foreign Ministry",
            "Russian Foreign Ministry",
            "Iran's Foreign Affairs Ministry",
        )
    ]
    iranian, with_article, of_iran, russian, affairs = across.join(connection, entities)
    assert iranian == with_article == of_iran != russian
    assert proposals(connection) == {(iranian, affairs)}
    assert across.join(connection, [person("Iranian Foreign Ministry")]) not in ([iranian], [affairs])


def test_names_that_may_mean_several_get_half_the_confidence(connection: Connection) -> None:
    across.join(connection, [person("Lavrov"), person("John Smith"), body("Foreign Ministry"), body("White House")])
    confidences = connection.execute(select(SpeakerName.name, SpeakerName.confidence).order_by(SpeakerName.id)).all()
    assert confidences == [("Lavrov", 0.5), ("John Smith", 1.0), ("Foreign Ministry", 0.5), ("White House", 1.0)]


def test_roles_that_clash_turn_a_spelling_into_a_proposal(connection: Connection) -> None:
    (minister,) = across.join(connection, [person("Sergei Ivanov", "russian defence minister")])
    (keeper,) = across.join(connection, [person("Sergey Ivanov", "bulgarian goalkeeper")])
    assert minister != keeper
    evidence = select(SpeakerName.evidence).where(SpeakerName.status == "proposed")
    assert connection.execute(evidence).scalars().all() == [
        "another spelling: Sergei Ivanov / Sergey Ivanov, but the roles differ (bulgaria / russia)"
    ]


def test_two_speakers_are_proposed_once(connection: Connection) -> None:
    initial, full, middle = join(connection, "W. Oduya", "William Oduya", "William T. Oduya")
    assert full == middle
    assert proposals(connection) == {(initial, full)}
    rows = select(func.count()).where(SpeakerName.status == "proposed")
    assert connection.execute(rows).scalar_one() == 1


def test_an_article_without_names_changes_nothing(connection: Connection) -> None:
    assert across.join(connection, []) == []
    across.settle(connection, set(), set())


def test_use_decides_the_canonical_name(connection: Connection) -> None:
    (lavrov,) = join(connection, "Sergei Lavrov")
    join(connection, "Sergey Lavrov")
    sergei, sergey = {(lavrov, "Sergei Lavrov")}, {(lavrov, "Sergey Lavrov")}
    across.settle(connection, set(), sergey)
    assert names(connection, [lavrov]) == ["Sergey Lavrov"]
    across.settle(connection, set(), sergei)
    assert names(connection, [lavrov]) == ["Sergei Lavrov"], "of equals the first in the alphabet"
    across.settle(connection, sergei, sergey)
    assert names(connection, [lavrov]) == ["Sergey Lavrov"]
    rows = select(SpeakerName.name, SpeakerName.articles).order_by(SpeakerName.name)
    assert connection.execute(rows).all() == [("Sergei Lavrov", 0), ("Sergey Lavrov", 2)]


def test_a_name_among_thousands_of_its_surname_is_found(connection: Connection) -> None:
    connection.execute(insert(Speaker), [{"name": f"Given{n} Smith", "kind": "person"} for n in range(3000)])
    connection.execute(
        text("INSERT INTO speaker_names (speaker_id, name, evidence, confidence) SELECT id, name, '', 1 FROM speakers")
    )
    connection.execute(text("INSERT INTO speaker_keys (key, speaker_id) SELECT 'smith', id FROM speakers"))
    mohammed, smith = join(connection, "Mohammed Smith", "Smith")
    assert join(connection, "Muhammad Smith") == [mohammed]
    assert proposals(connection) == set(), f"too many share the surname of {smith}"
    assert connection.execute(select(func.count()).where(SpeakerKey.speaker_id == mohammed)).scalar_one() < 8


def test_two_transactions_wait_for_each_other_at_a_surname(engine: Engine) -> None:
    ids: list[int] = []
    first, second = engine.connect(), engine.connect()
    ids += join(first, "Sergey Lavrov")
    waiting = threading.Thread(target=lambda: ids.extend(join(second, "Sergei Lavrov")))
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    first.commit()
    waiting.join(10)
    second.commit()
    first.close()
    second.close()
    assert len(ids) == 2
    assert ids[0] == ids[1]
