"""A session has what our code relies on, whatever an administrator has set for the role or the database."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text

from tests.pooler import STARTUP_REFUSED, Pooler
from worker.cli.checks.analysts import check_analysts
from worker.cli.checks.database import check_database
from worker.cli.checks.finding import Level
from worker.cli.checks.pipeline import check_pipeline
from worker.cli.checks.running_check import RunningCheck
from worker.settings import Settings
from worker.store.db import pooler, schema
from worker.store.db.engine import PREPARE_AFTER, make_engine, single_statements
from worker.store.db.pooler import PooledTransactions
from worker.store.db.session import VALUES, settle

SETTING = text("""SELECT current_setting(:name, true)""")
PLANS = text(
    """
    SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%FROM statements WHERE id%'
    """
)
KEEP = text("""INSERT INTO locks (name) VALUES (:name)""")
HOSTILE = {
    "DateStyle": "German",
    "IntervalStyle": "sql_standard",
    "TimeZone": "Pacific/Kiritimati",
    "search_path": "report",
    "client_encoding": "LATIN1",
    "lock_timeout": "5s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "5s",
    "default_transaction_isolation": "serializable",
    "synchronous_commit": "off",
}


@pytest.fixture
def altered(engine: Engine) -> Engine:
    """The engine of a database with hostile settings."""
    with engine.begin() as connection:
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        for setting, value in HOSTILE.items():
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    engine.dispose()
    return engine


def test_what_is_set_for_the_database_is_set_back(altered: Engine) -> None:
    with altered.connect() as connection:
        shown = {name: connection.execute(SETTING, {"name": name}).scalar() for name in [*VALUES, *HOSTILE]}
    newer = {name for name, value in shown.items() if value is None}
    assert newer <= {"transaction_timeout"}  # PostgreSQL 15 and 16
    assert shown == {**VALUES, "search_path": "public", "synchronous_commit": "on"} | dict.fromkeys(newer)


def test_it_outlives_a_rollback_and_the_pool(altered: Engine) -> None:
    for _ in range(2):
        with altered.connect() as connection:
            assert connection.execute(SETTING, {"name": "DateStyle"}).scalar() == "ISO, MDY"
            connection.rollback()


def test_limits_of_our_own_are_kept(altered: Engine) -> None:
    url = altered.url.render_as_string(hide_password=False)
    limited = make_engine(url, impatient=7, silence_seconds=9, schema="report")
    with limited.connect() as connection:
        shown = [
            connection.execute(SETTING, {"name": name}).scalar()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout", "search_path")
        ]
    limited.dispose()
    assert shown == ["7s", "9s", "report"]


@pytest.fixture
def through(database_url: str, request: pytest.FixtureRequest) -> Iterator[Pooler]:
    """A pooler in front of the database of this test."""
    address = make_url(database_url)
    folder = str(address.query.get("host", ""))
    if not folder.startswith("/"):
        pytest.skip("the pooler of these tests needs the socket of the embedded server")
    server = Path(folder) / f".s.PGSQL.{address.query.get('port', 5432)}"
    assert address.username and address.database
    lending = Pooler(server, address.username, address.database, request.param)
    yield lending
    lending.close()


@pytest.mark.parametrize("through", ["transaction"], indirect=True)
def test_a_pooler_of_transactions_is_refused_with_what_to_do(through: Pooler) -> None:
    pooled = make_engine(through.url)
    with pytest.raises(PooledTransactions, match=rf"127.0.0.1:{through.port} is a pooler .*PostgreSQL's own address"):
        pooled.connect()
    pooled.dispose()
    (said,) = RunningCheck("database", lambda: check_database(Settings(database_url=through.url))).findings()
    assert (said.level, said.subject) == (Level.PROBLEM, "database")
    assert "let the pooler lend whole sessions" in said.message + said.todo
    settings = Settings(database_url=through.url)
    assert [*check_pipeline(settings), *check_analysts(settings)] == [], "it is said once"


@pytest.mark.parametrize("through", ["transaction"], indirect=True)
def test_who_borrows_sessions_sets_in_each_transaction_what_it_relies_on(altered: Engine, through: Pooler) -> None:
    schema.upgrade(altered)
    altered.dispose()
    borrowing = make_engine(through.url, pool_size=2, silence_seconds=9, repeats=True, borrows=True)
    shown: list[object] = []
    with closing(psycopg.connect(through.url, autocommit=True)) as stranger:
        for number in range(5):  # the pooler lends the same session to everybody
            stranger.execute("SELECT set_config('TimeZone', 'Pacific/Kiritimati', false)")
            with borrowing.begin() as connection:
                shown += [connection.execute(SETTING, {"name": name}).scalar() for name in ("TimeZone", "DateStyle")]
                shown.append(connection.execute(SETTING, {"name": "idle_in_transaction_session_timeout"}).scalar())
                shown.append(connection.execute(SETTING, {"name": "transaction_isolation"}).scalar())
            with single_statements(borrowing) as connection:
                shown.append(connection.execute(SETTING, {"name": "search_path"}).scalar())
                connection.execute(KEEP, {"name": f"lock {number}"})
            row = stranger.execute("SELECT current_setting('TimeZone'), current_setting('DateStyle')").fetchone()
            assert row == ("Pacific/Kiritimati", "German, DMY"), "what we set is gone with our transaction"
        assert stranger.execute("SELECT count(*) FROM public.locks WHERE name LIKE 'lock _'").fetchone() == (5,)
        assert stranger.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
    borrowing.dispose()
    assert shown == ["UTC", "ISO, MDY", "9s", "read committed", "public"] * 5


@pytest.mark.parametrize("through", ["transaction"], indirect=True)
def test_doctor_says_who_can_do_with_a_pooler_of_transactions(through: Pooler) -> None:
    doctor = {one.subject: one for one in check_database(Settings(database_url=through.url, prepare=False))}
    assert doctor["database"].level is Level.OK
    assert "workers can do with that" in doctor["pooler"].message
    assert "Start everything but `onrecord worker` with PostgreSQL's own address" in doctor["pooler"].todo


def test_doctor_says_that_nothing_needs_prepare_0(database_url: str) -> None:
    doctor = {one.subject: one for one in check_database(Settings(database_url=database_url, prepare=False))}
    assert doctor["pooler"].message == "ONRECORD_PREPARE=0 is set, and no pooler stands before PostgreSQL."


@pytest.mark.parametrize("through", ["session"], indirect=True)
def test_a_pooler_of_sessions_is_taken(through: Pooler) -> None:
    pooled = make_engine(through.url, pool_size=2)
    with pooled.connect() as connection, pooled.connect() as other:
        assert connection.execute(SETTING, {"name": "TimeZone"}).scalar() == "UTC"
        assert other.execute(SETTING, {"name": "search_path"}).scalar() == "public"
    pooled.dispose()
    doctor = {finding.subject: finding for finding in check_database(Settings(database_url=through.url))}
    assert doctor["pooler"].message.startswith("A pooler before PostgreSQL lends whole sessions")
    with pytest.raises(psycopg.OperationalError, match=STARTUP_REFUSED):
        psycopg.connect(through.url, options="-c timezone=UTC")


def test_without_a_pooler_no_other_connection_is_opened(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_connection: psycopg.Connection) -> psycopg.Connection:
        raise AssertionError("another connection was opened")

    monkeypatch.setattr(pooler, "another", refuse)
    monkeypatch.setattr(pooler, "_trusted", set())
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(url, application_name=f"onrecord {uuid.uuid4()}")) as connection:
        settle(connection)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_connection_that_the_server_has_just_ended_is_replaced(engine: Engine) -> None:
    with engine.connect() as connection:
        first = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(url, autocommit=True)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != first


def test_a_repeated_statement_is_planned_once_and_for_a_grown_table(database_url: str, engine: Engine) -> None:
    repeating = make_engine(database_url, repeats=True)
    schema.upgrade(engine)
    look_up = text("SELECT id FROM statements WHERE id = ANY(CAST(:ids AS bigint[]))")
    with repeating.connect() as connection:
        for number in range(9):
            connection.execute(look_up, {"ids": [number]})
        plans = connection.execute(PLANS).one()
        explained = connection.exec_driver_sql("EXPLAIN SELECT * FROM quotes WHERE statement_id = 1").scalars()
        assert "Index" in "".join(explained)
    repeating.dispose()
    assert tuple(plans) == (9 - PREPARE_AFTER, 0)
