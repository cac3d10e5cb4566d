"""Which errors of PostgreSQL are an outage or a conflict, so that they cost no strike; a real server raises each."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from worker.store.db.conflicts import conflict, in_words
from worker.store.db.engine import make_engine
from worker.tasks.outcomes import outage

RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}', MESSAGE = 'made up'; END $$"

OUTAGES = {
    "connection_failure": "08006",
    "disk_full": "53100",
    "out_of_memory": "53200",
    "too_many_connections": "53300",
    "admin_shutdown": "57P01",
    "cannot_connect_now": "57P03",
    "io_error": "58030",
    "read_only_sql_transaction": "25006",
    "idle_in_transaction_session_timeout": "25P03",
}
CONFLICTS = {"serialization_failure": "40001", "deadlock_detected": "40P01", "lock_not_available": "55P03"}
NEITHER = {
    "query_canceled": "57014",
    "unique_violation": "23505",
    "undefined_table": "42P01",
    "program_limit_exceeded": "54000",
}


def raised(engine: Engine, state: str) -> DBAPIError:
    """Return the error with this SQLSTATE, as SQLAlchemy raises it."""
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(text(RAISE.format(state)))
    return caught.value


@pytest.mark.parametrize("state", OUTAGES.values(), ids=OUTAGES)
def test_a_server_that_lacks_something_is_an_outage(engine: Engine, state: str) -> None:
    error = raised(engine, state)
    assert outage(error)
    assert not conflict(error)


@pytest.mark.parametrize("state", CONFLICTS.values(), ids=CONFLICTS)
def test_transactions_that_meet_are_a_conflict(engine: Engine, state: str) -> None:
    error = raised(engine, state)
    assert conflict(error)
    assert not outage(error)


@pytest.mark.parametrize("state", NEITHER.values(), ids=NEITHER)
def test_a_wrong_statement_is_neither(engine: Engine, state: str) -> None:
    error = raised(engine, state)
    assert not outage(error)
    assert not conflict(error)
    assert "made up" not in in_words(error), "what a statement says may be an article's words"


def test_a_server_that_is_not_there_is_an_outage() -> None:
    nowhere = make_engine("postgresql:///nothing?host=/nowhere")
    with pytest.raises(DBAPIError) as caught, nowhere.connect():
        pass
    assert outage(caught.value)
    assert not conflict(caught.value)
    assert "No such file or directory" in in_words(caught.value)
