"""The views of a migrated database are the views of `views.sql`. They are made again when that file has changed."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from worker.report import views
from worker.store.db import schema

DEFINITIONS = text(
    """
    SELECT c.relname, pg_get_viewdef(c.oid), obj_description(c.oid, 'pg_class'),
           array_agg(a.attname || ': ' || col_description(c.oid, a.attnum) ORDER BY a.attnum), c.relacl::text
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'report'::regnamespace AND c.relkind = 'v'
    GROUP BY c.oid ORDER BY c.relname
    """
)
OIDS = text(
    """
    SELECT oid, relname FROM pg_class WHERE relnamespace = 'report'::regnamespace
    UNION ALL SELECT oid, proname FROM pg_proc
    WHERE pronamespace = 'report'::regnamespace AND proname NOT IN ('words_of', 'stems_of') -- the column needs them
    ORDER BY 1
    """
)
READABLE = text(
    """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'report'::regnamespace
      AND has_table_privilege('onrecord_reader', c.oid, 'SELECT')
      AND NOT has_table_privilege('onrecord_reader', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    """
)
SEARCHED_BY = text(
    """
    SELECT r.rolname FROM pg_proc p CROSS JOIN aclexplode(p.proacl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee
    WHERE p.oid = 'report.search(text)'::regprocedure AND a.grantee <> p.proowner
    """
)


def ask(engine: Engine, statement: Any) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def of_an_older_release(connection: Connection) -> None:
    """Make views as an older release might have left them.

    One view has other columns, one view does not exist in this release, and the fingerprint is another one.
    """
    connection.exec_driver_sql("DROP VIEW report.outlets")
    connection.exec_driver_sql("CREATE VIEW report.outlets AS SELECT id AS outlet FROM outlets")
    connection.exec_driver_sql("CREATE VIEW report.publishers AS SELECT id FROM outlets")
    made = f"Made from 0123456789abcdef: {', '.join(views.names())}, publishers"
    connection.exec_driver_sql(f"COMMENT ON SCHEMA report IS 'What people ask.\n{made}'")


def test_the_migrated_views_are_those_of_the_file(engine: Engine) -> None:
    migrated = ask(engine, DEFINITIONS)
    assert [row[0] for row in migrated] == sorted(views.names())
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP VIEW {', '.join(f'report.{name}' for name in views.names())} CASCADE")
        views.apply(connection)
        assert [tuple(row) for row in connection.execute(DEFINITIONS)] == migrated
        connection.rollback()


def test_views_of_an_older_release_are_replaced_with_their_rights(engine: Engine) -> None:
    expected = ask(engine, DEFINITIONS)
    with engine.begin() as connection:
        of_an_older_release(connection)
    schema.upgrade(engine)
    assert ask(engine, DEFINITIONS) == expected
    assert sorted(name for (name,) in ask(engine, READABLE)) == sorted(views.names())
    searching = sorted(ask(engine, SEARCHED_BY))
    assert searching == [("onrecord_reader",), ("onrecord_report",)], "nobody else, and not everybody"


def test_views_from_before_there_were_fingerprints_are_replaced(engine: Engine) -> None:
    expected = ask(engine, DEFINITIONS)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER VIEW report.outlets RENAME COLUMN outlet TO publisher")
        connection.exec_driver_sql("COMMENT ON SCHEMA report IS 'What people ask.'")
    schema.upgrade(engine)
    assert ask(engine, DEFINITIONS) == expected


def test_views_that_are_current_are_not_touched(engine: Engine) -> None:
    before = ask(engine, OIDS)
    with engine.begin() as reader:
        reader.exec_driver_sql("LOCK TABLE report.quotes IN ACCESS EXCLUSIVE MODE")
        schema.upgrade(engine)
    assert ask(engine, OIDS) == before


def test_a_failure_changes_nothing_and_the_next_try_mends_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ask(engine, DEFINITIONS)
    with engine.begin() as connection:
        of_an_older_release(connection)
    older = ask(engine, DEFINITIONS)
    with monkeypatch.context() as patched:
        patched.setattr(views, "VIEWS", views.VIEWS + "SELECT 1 / 0;")
        with pytest.raises(DBAPIError, match="division by zero"):
            schema.upgrade(engine)
        assert ask(engine, DEFINITIONS) == older
    schema.upgrade(engine)
    assert ask(engine, DEFINITIONS) == expected


def test_objects_of_others_are_never_dropped(engine: Engine) -> None:
    with engine.begin() as connection:
        of_an_older_release(connection)
        connection.exec_driver_sql("CREATE VIEW report.mine AS SELECT quote FROM report.quotes")
    with pytest.raises(schema.OtherSchema, match=r"report\.mine depends on view report\.quotes. Drop that"):
        schema.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP VIEW report.mine")
        connection.exec_driver_sql("CREATE VIEW report.mine AS SELECT text FROM public.quotes")
    schema.upgrade(engine)
    assert {name for name, *_ in ask(engine, DEFINITIONS)} == {*views.names(), "mine"}


@pytest.mark.slow
def test_a_query_that_goes_on_reading_is_not_ended(engine: Engine) -> None:
    with engine.begin() as connection:
        of_an_older_release(connection)
    with engine.begin() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM report.quotes")
        with pytest.raises(schema.OtherSchema, match="a query is reading them"):
            schema.upgrade(engine)
        reader.exec_driver_sql("SELECT count(*) FROM report.quotes")
    schema.upgrade(engine)
    assert [name for name, *_ in ask(engine, DEFINITIONS)] == sorted(views.names())


def test_a_step_down_drops_the_views_and_a_step_up_makes_them(engine: Engine) -> None:
    expected = ask(engine, DEFINITIONS)
    schema.downgrade(engine, "-1")
    assert ask(engine, OIDS) == []
    schema.upgrade(engine)
    assert ask(engine, DEFINITIONS) == expected
    schema.downgrade(engine, "0002")
    schema.upgrade(engine, "0004")
    assert ask(engine, OIDS) == [], "the views are those of the newest revision only"
    schema.upgrade(engine)
    assert ask(engine, DEFINITIONS) == expected


def test_where_the_reader_is_missing_the_views_are_made_without_rights(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROLES", ("a_role_that_is_not_there",))
    with engine.begin() as connection:
        views.apply(connection)
        assert views.are_current(connection)
    assert ask(engine, READABLE) == []
    assert len(ask(engine, DEFINITIONS)) == len(views.names())


def test_dropping_twice_or_without_the_schema_is_no_error(engine: Engine) -> None:
    with engine.connect() as connection:
        views.drop(connection)
        assert not views.are_current(connection)
        views.drop(connection)
        connection.exec_driver_sql("DROP SCHEMA report CASCADE")  # with the configurations of the search
        views.drop(connection)
        connection.rollback()
