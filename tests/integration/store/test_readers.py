"""Readers: what can be taken from them, and what a role that changes itself can do; and the locks of jobs."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from worker.cli.checks.analysts import findings
from worker.store import readers
from worker.store.db.engine import make_engine
from worker.store.db.locks import Lock, of_inbox, try_to_hold, try_to_keep
from worker.tasks.guard import Guard

OWNER = "an_owner_without_rights"


@pytest.fixture
def ordinary(engine: Engine, database_url: str) -> Iterator[Engine]:
    """An engine of a user who owns the database, but is no superuser."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP ROLE IF EXISTS {OWNER}")
        connection.exec_driver_sql(f"CREATE ROLE {OWNER} LOGIN PASSWORD 'own' NOSUPERUSER CREATEROLE")
        connection.exec_driver_sql(f"GRANT onrecord_reader TO {OWNER}")
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} OWNER TO {OWNER}")
    made = make_engine(engine.url.set(username=OWNER, password="own").render_as_string(hide_password=False))
    yield made
    made.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} OWNER TO CURRENT_USER")
        connection.exec_driver_sql(f"DROP OWNED BY {OWNER}")
        connection.exec_driver_sql(f"DROP ROLE {OWNER}")


@pytest.fixture
def spoiled(engine: Engine) -> Iterator[None]:
    """The role of analysts, which belongs to the whole server, gets its settings back after the test."""
    yield
    with engine.begin() as connection:
        readers.put_back(connection)


@pytest.fixture
def analysts(engine: Engine) -> Iterator[Engine]:
    """An engine that logs in as the role of analysts."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER ROLE onrecord_reader PASSWORD 'known'")
    url = engine.url.set(username="onrecord_reader", password="known").render_as_string(hide_password=False)
    made = make_engine(url)
    yield made
    made.dispose()


def refused(engine: Engine, statement: str) -> bool:
    """True if a reader may not run the statement."""
    with engine.connect() as connection:
        connection.exec_driver_sql("SET ROLE onrecord_reader")
        try:
            connection.exec_driver_sql(statement)
        except DBAPIError:
            return True
        return False


def test_a_superuser_takes_everything_from_readers_and_keeps_it(engine: Engine) -> None:
    assert not refused(engine, "SELECT pg_advisory_lock(1)")
    with engine.begin() as connection:
        assert readers.open_rights(connection)
        assert readers.confine(connection) == []
    for statement in ("SELECT pg_advisory_lock(1)", "CREATE TEMP TABLE mine (a int)", "SELECT lo_create(0)"):
        assert refused(engine, statement), statement
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(1)")


def test_doctor_says_what_only_an_administrator_can_forbid(engine: Engine, ordinary: Engine) -> None:
    with ordinary.begin() as connection:
        left = readers.confine(connection)
    assert any("pg_advisory_lock(bigint)" in statement for statement in left)
    assert not any("TEMPORARY" in statement for statement in left), "the owner of a database may take this away"
    said = [finding.todo for finding in findings(ordinary)]
    assert any("REVOKE EXECUTE ON FUNCTION" in todo for todo in said)
    with engine.begin() as connection:
        for statement in left:
            connection.exec_driver_sql(statement)
    with ordinary.begin() as connection:
        assert readers.open_rights(connection) == []


@pytest.mark.usefixtures("spoiled")
def test_what_the_role_changed_about_itself_is_named_and_put_back(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER ROLE onrecord_reader SET local_preload_libraries = 'nonexistent'")
        connection.exec_driver_sql("ALTER ROLE onrecord_reader SET statement_timeout = 0")
        connection.exec_driver_sql("ALTER ROLE onrecord_reader SET temp_file_limit = '1GB'")
    (finding,) = [finding for finding in findings(engine) if "were changed" in finding.message]
    assert "local_preload_libraries=nonexistent, statement_timeout=0" in finding.message
    Guard(engine).look_after()
    with engine.begin() as connection:
        assert readers.changed(connection) == []
        kept = "SELECT 1 FROM pg_db_role_setting, unnest(setconfig) AS word WHERE word = 'temp_file_limit=1GB'"
        assert connection.execute(text(kept)).first(), "what only an administrator can set stays"
        connection.exec_driver_sql("ALTER ROLE onrecord_reader RESET temp_file_limit")


@pytest.mark.usefixtures("spoiled")
def test_a_user_who_may_not_change_the_role_goes_on(engine: Engine, ordinary: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER ROLE onrecord_reader SET statement_timeout = 0")
    Guard(ordinary).look_after()
    assert any("statement_timeout=0" in finding.message for finding in findings(ordinary))


@pytest.mark.usefixtures("spoiled")
def test_a_role_that_is_changed_in_an_open_transaction_is_put_back(
    engine: Engine, analysts: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "WRITING_SECONDS", 0)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER ROLE onrecord_reader SET statement_timeout = 0")
    with analysts.connect() as analyst:
        analyst.exec_driver_sql("SET TRANSACTION READ WRITE")
        analyst.exec_driver_sql("ALTER ROLE onrecord_reader SET statement_timeout = '1h'")
        guard = Guard(engine)
        for _ in range(20):  # the session ends within moments
            guard.look_after()
            with engine.connect() as connection:
                if not readers.changed(connection):
                    break
        else:
            raise AssertionError("the settings are not put back")
        with pytest.raises(DBAPIError):
            analyst.exec_driver_sql("SELECT 1")


def test_overlong_sessions_are_ended(engine: Engine, analysts: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "TRANSACTION_SECONDS", 0)
    with analysts.connect() as analyst:
        analyst.exec_driver_sql("SELECT 1")
        with engine.begin() as connection:
            assert readers.end_overlong(connection) == 1
        with pytest.raises(DBAPIError):
            analyst.exec_driver_sql("SELECT 1")


def test_a_kept_lock_ends_with_its_connection(engine: Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        assert try_to_keep(first, of_inbox(7))
        assert try_to_keep(first, of_inbox(7))
        assert not try_to_keep(second, of_inbox(7))
        assert try_to_keep(second, of_inbox(8))
        first.invalidate()
        for _ in range(1000):  # the server notices within moments that the connection is closed
            if try_to_keep(second, of_inbox(7)):
                break
        else:
            raise AssertionError("the lock is still held")


def test_a_held_lock_ends_with_its_transaction(engine: Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        for name in (Lock.SWEEP, "a name that has no row yet"):
            assert try_to_hold(first, name)
        assert not try_to_hold(second, Lock.SWEEP)
        first.commit()
        assert try_to_hold(second, Lock.SWEEP)
        assert try_to_hold(second, "a name that has no row yet")
