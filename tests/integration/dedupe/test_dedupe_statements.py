"""Statements in the tables: the same words of one owner are one statement, in whatever article they are."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, func, select

from worker.dedupe.lookup import COMMON, StatementInput
from worker.dedupe.statements import assign
from worker.dedupe.wording import said
from worker.store.tables.models import Statement, StatementKey

SAID = "We hope to reach a final agreement at this stage of the talks in Vienna"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def assigned(connection: Connection, owner: int, text: str) -> int | None:
    return assign(connection, [StatementInput(owner, text)])[0]


def test_the_same_words_of_one_owner_are_one_statement(connection: Connection) -> None:
    first = assigned(connection, 1, SAID)
    assert first is not None
    assert assigned(connection, 1, "“" + SAID.replace("stage", "phase") + ",”") == first
    assert assigned(connection, 2, SAID) not in (None, first)
    assert assigned(connection, -1, SAID) not in (None, first)


def test_a_batch_finds_what_is_stored_and_what_is_in_itself(connection: Connection) -> None:
    stored = assigned(connection, 1, "No")
    batch = [(1, SAID), (1, "no!"), (1, SAID + " indeed"), (2, SAID), (1, "…")]
    first, no, again, other, nothing = assign(connection, [StatementInput(*item) for item in batch])
    assert no == stored
    assert first == again != other
    assert nothing is None
    assert connection.execute(select(func.count()).select_from(Statement)).scalar_one() == 3


@pytest.mark.parametrize("text", [SAID, "Taxes rose"])
def test_who_denies_words_does_not_say_them(connection: Connection, text: str) -> None:
    affirmed, denied = assigned(connection, 1, text), assigned(connection, 1, said(text, denied=True))
    assert None not in (affirmed, denied) and affirmed != denied
    assert assigned(connection, 1, said(text, denied=True)) == denied
    assert assigned(connection, 1, said(text, denied=False)) == affirmed


def test_nothing_is_assigned_to_nothing(connection: Connection) -> None:
    assert assign(connection, []) == []


def test_a_phrase_used_all_the_time_finds_nothing_and_costs_little(connection: Connection) -> None:
    texts = [f"we are going to win and word{n} thing{n} other{n} more{n} last{n}" for n in range(30)]
    statements = assign(connection, [StatementInput(1, text) for text in texts[:15]])
    for text in texts[15:]:
        statements.append(assigned(connection, 1, text))
    assert len(set(statements)) == 30
    most = select(func.count()).where(StatementKey.owner == 1).group_by(StatementKey.hash)
    assert max(connection.execute(most).scalars()) <= 15 + 1
    assert assigned(connection, 1, texts[29]) == statements[29], "equal words are found however common their parts are"
    assert COMMON < 15


def test_edits_do_not_drift_along_a_chain(connection: Connection) -> None:
    words = [f"w{n}" for n in range(20)]
    first = assigned(connection, 1, " ".join(words))
    for n in range(0, 20, 2):
        words[n] = f"x{n}"
    assert assigned(connection, 1, " ".join(words)) != first
