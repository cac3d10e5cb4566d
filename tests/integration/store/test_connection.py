"""Statements that the driver gets directly behave as by way of SQLAlchemy: rows, transactions, errors and events."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, NoResultFound, PendingRollbackError

from worker.store.db import connection as direct
from worker.store.db.conflicts import UNIQUE_VIOLATION, state_of
from worker.store.db.engine import single_statements

TWO = text("""SELECT 1 AS number, 'ä%' AS words UNION ALL SELECT :number, :words ORDER BY number""")
ADD = text("""INSERT INTO inboxes (name, path) VALUES (:name, '/x') RETURNING id""")
COUNT = text("""SELECT count(*) FROM inboxes""")
STOP = text("""SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid""")
PID = text("""SELECT pg_backend_pid()""")


@pytest.fixture
def unused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, let every statement fail that would go by way of SQLAlchemy."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("this went by way of SQLAlchemy")

    monkeypatch.setattr(Connection, "execute", refuse)


@pytest.mark.usefixtures("unused")
def test_rows_have_names_and_places(engine: Engine) -> None:
    with engine.connect() as connection:
        values = {"number": 2, "words": None}
        first, second = connection.execute(TWO, values)
        assert (first.number, first.words, tuple(second)) == (1, "ä%", (2, None))
        assert connection.execute(TWO, values).scalars().all() == [1, 2]
        assert [row["words"] for row in connection.execute(TWO, values).mappings()] == ["ä%", None]
        with pytest.raises(NoResultFound):
            connection.execute(text("SELECT 1 WHERE false")).one()
        changed = connection.execute(text("UPDATE locks SET session_pid = 1 WHERE name LIKE '%'"))
        assert changed.rowcount == connection.execute(text("SELECT count(*) FROM locks")).scalar_one()


@pytest.mark.usefixtures("unused")
def test_a_transaction_is_kept_or_undone_as_a_whole(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(ADD, {"name": "begun by itself, and undone"})
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "kept"})
        connection.commit()
        with pytest.raises(InvalidRequestError):  # the block's transaction has ended
            connection.execute(COUNT)
    with single_statements(engine) as connection:
        connection.execute(ADD, {"name": "kept at once"})
    with engine.connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 2


def test_a_savepoint_is_left_to_sqlalchemy(engine: Engine) -> None:
    with engine.begin() as connection:
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(ADD, {"name": "one"})
            connection.execute(ADD, {"name": "one"})
        connection.execute(ADD, {"name": "one"})
        assert connection.execute(COUNT).scalar_one() == 1


@pytest.mark.usefixtures("unused")
def test_an_error_says_what_it_is_but_quotes_no_values(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(ADD, {"name": "secret"})
    with pytest.raises(IntegrityError) as raised, engine.begin() as connection:
        connection.execute(ADD, {"name": "secret"})
    assert state_of(raised.value) == UNIQUE_VIOLATION
    assert "INSERT INTO inboxes" in str(raised.value)
    assert "[parameters" not in str(raised.value)


def test_a_lost_session_is_replaced_but_its_transaction_does_not_go_on(engine: Engine) -> None:
    with engine.connect() as connection:
        with engine.connect() as other:
            other.execute(STOP, {"pid": connection.execute(PID).scalar_one()})
        with pytest.raises(DBAPIError) as raised:
            connection.execute(COUNT)
        assert raised.value.connection_invalidated
        with pytest.raises(PendingRollbackError):
            connection.execute(COUNT)
        connection.rollback()
        assert connection.execute(COUNT).scalar_one() == 0


@pytest.mark.usefixtures("unused")
def test_a_listener_sees_each_statement_and_may_stop_it(engine: Engine) -> None:
    seen: list[str] = []

    def listen(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)
        if "%(name)s" in statement:
            raise LookupError

    event.listen(engine, "before_cursor_execute", listen)
    try:
        with pytest.raises(LookupError), engine.begin() as connection:
            connection.execute(COUNT)
            connection.execute(ADD, {"name": "one"})
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert seen == [direct._written(COUNT), direct._written(ADD)]
    with engine.connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 0
