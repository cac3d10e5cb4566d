"""What the tables themselves refuse, and how stored rows that break these rules are repaired by the migration."""

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from tests.integration.decisions.at_once import meanwhile, until_they_wait
from tests.integration.dedupe.newsroom import Said, Story, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.speakers.across import moving
from worker.store import speakers as speaker_rows
from worker.store.db import schema

SPEAKERS = "INSERT INTO speakers (name, kind) SELECT 'S' || n, 'person' FROM generate_series(1, 6) n"
SAID = "We expect the agreement to be achieved before the end of this year"


def into(connection: Connection, speaker: int, root: int | None) -> None:
    speaker_rows.set_root(connection, speaker, root)


def in_a_transaction(engine: Engine, work: object) -> object:
    with engine.begin() as connection:
        return work(connection)  # type: ignore[operator]


def merged(engine: Engine) -> dict[int, int]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, merged_into FROM speakers WHERE merged_into IS NOT NULL"))
        return {row.id: row.merged_into for row in rows}


@pytest.mark.parametrize(("first", "second"), [((2, 1), (1, 3)), ((2, 1), (3, 2)), ((2, 1), (1, 2))])
def test_a_chain_or_a_circle_of_merges_is_refused(
    engine: Engine, first: tuple[int, int], second: tuple[int, int]
) -> None:
    with engine.begin() as connection:
        connection.execute(text(SPEAKERS))
        into(connection, *first)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        into(connection, *second)
    assert merged(engine) == dict([first])


@pytest.mark.parametrize(("first", "second"), [((2, 1), (1, 3)), ((2, 1), (3, 2)), ((2, 1), (1, 2))])
def test_a_chain_is_refused_also_of_two_transactions_at_once(
    engine: Engine, first: tuple[int, int], second: tuple[int, int]
) -> None:
    with engine.begin() as connection:
        connection.execute(text(SPEAKERS))

    def other() -> str:
        try:
            with engine.begin() as connection:
                into(connection, *second)
        except IntegrityError:
            return "refused"
        return "accepted"

    with meanwhile(engine, in_a_transaction, lambda c: into(c, *first), other) as (_, [answer]):
        assert answer == "refused"
    assert merged(engine) == dict([first])


BY_HAND = "INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence, by_hand, position) VALUES"


def test_a_second_hand_and_a_machine_s_speaker_beside_a_hand_are_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        store(connection, Story(prose(1, 60), [Said(SAID)]))
        connection.execute(text(SPEAKERS))
        connection.execute(text(f"{BY_HAND} (1, 1, 'S1', 'a person', 1, true, 0)"))
    for row in ("(1, 2, 'S2', 'a person', 1, true, 0)", "(1, 2, 'S2', 'a person', 1, true, 1)",
                "(1, 2, 'S2', 'full name', 1, false, 0)"):  # fmt: skip
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(f"{BY_HAND} {row}"))


LEFTOVERS = """
INSERT INTO speakers (name, kind) SELECT 'S' || n, 'person' FROM generate_series(1, 9) n;
UPDATE speakers SET merged_into = v.root FROM (VALUES (2, 1), (3, 2), (4, 3), (5, 6), (6, 5), (7, 5)) AS v(id, root)
    WHERE speakers.id = v.id;
INSERT INTO decisions (kind, speaker_id, value, who, reason) VALUES
    ('merge', 5, '{"into": 6}', 'ada', 'same'), ('merge', 6, '{"into": 5}', 'bob', 'same');
INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence, by_hand, position) VALUES
    (1, 8, 'S8', 'a person', 1, true, 0), (1, 9, 'S9', 'full name', 1, false, 1),
    (2, 8, 'S8', 'a person', 1, true, 0), (2, 9, 'S9', 'a person', 1, true, 0),
    (3, 8, 'S8', 'full name', 1, false, 1), (3, 9, 'S9', 'full name', 1, false, 1);
INSERT INTO speaker_names (speaker_id, name, articles, evidence, confidence) VALUES
    (8, 'S8', 3, 'full name', 1), (9, 'S9', 3, 'full name', 1);
INSERT INTO decisions (kind, quote_id, article_id, value, who, reason) VALUES
    ('set_speaker', 1, 1, '{"name": "S8"}', 'ada', 'so'), ('set_speaker', 2, 2, '{"name": "S8"}', 'ada', 'so'),
    ('set_speaker', 2, 2, '{"name": "S9"}', 'bob', 'no')
"""


def test_the_migration_repairs_what_the_tables_refuse_from_now_on(engine: Engine) -> None:
    with engine.begin() as connection:
        for number in range(3):
            store(connection, Story(prose(number, 60), [Said(SAID, [person("Old")])]))
        connection.execute(text("DELETE FROM quote_speakers"))
        connection.execute(text("DELETE FROM speakers"))
        connection.execute(text("ALTER TABLE speakers ALTER COLUMN id RESTART WITH 1"))
    schema.downgrade(engine, "0008")
    with engine.begin() as connection:
        for statement in LEFTOVERS.split(";\n"):
            connection.execute(text(statement))
    schema.upgrade(engine)
    assert merged(engine) == {2: 1, 3: 1, 4: 1, 5: 6, 7: 6}
    with engine.connect() as connection:
        hands = connection.execute(
            text("SELECT quote_id, position, speaker_id, by_hand FROM quote_speakers ORDER BY 1, 2")
        )
        assert [tuple(row) for row in hands] == [(1, 0, 8, True), (2, 0, 9, True), (3, 0, 8, False), (3, 1, 9, False)]
        counts = connection.execute(text("SELECT articles FROM speaker_names ORDER BY name"))
        assert list(counts.scalars()) == [2, 2]
        numbers = connection.execute(text("SELECT speaker_id FROM decisions WHERE kind = 'set_speaker' ORDER BY id"))
        assert list(numbers.scalars()) == [8, None, 9]
    moving.finish(engine)
    with engine.connect() as connection:
        owners = connection.execute(
            text("SELECT q.id, s.owner FROM quotes q JOIN statements s ON s.id = q.statement_id ORDER BY 1")
        )
        assert [tuple(row) for row in owners] == [(1, 8), (2, 9), (3, 8)]


def test_a_surname_s_row_keeps_two_transactions_apart_and_others_not(engine: Engine) -> None:
    waited = []

    def same() -> None:
        with engine.begin() as connection:
            speaker_rows.lock(connection, [7, 5 + 2 * speaker_rows.LOCKS])
            waited.append("same")

    with engine.begin() as connection:
        speaker_rows.lock(connection, [-speaker_rows.LOCKS + 5, 3])
        with engine.begin() as other:
            speaker_rows.lock(other, [4, 6])
    with meanwhile(engine, in_a_transaction, lambda c: speaker_rows.lock(c, [5]), same):
        assert waited == [] or waited == ["same"]
    assert waited == ["same"]
    until_they_wait(engine, 0)


def test_a_lost_lock_row_is_no_silent_loss_of_the_lock(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM surname_locks WHERE id = 5"))
    with pytest.raises(RuntimeError, match="surname_locks"), engine.begin() as connection:
        speaker_rows.lock(connection, [5])
