"""The reader (the read-only role): it cannot write, and sees nothing outside the schema `report`."""

from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState

from tests.security.conftest import House

# PostgreSQL must refuse each of these statements because the reader lacks the right, not because of a syntax error or
# because of the read-only default.
REFUSED = """
CREATE TABLE public.mine (x int)
CREATE TABLE report.mine (x int)
CREATE TEMP TABLE mine (x int)
SELECT 1 AS x INTO TEMP mine
CREATE SCHEMA mine
CREATE FUNCTION report.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'
DO $$ BEGIN PERFORM 1; END $$
CREATE TYPE report.mine AS (a int)
CREATE EXTENSION dblink
CREATE DATABASE mine
CREATE ROLE mine
CREATE PUBLICATION mine
CREATE TABLESPACE mine LOCATION '/tmp'
CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()
ALTER ROLE onrecord_reader SUPERUSER
ALTER ROLE onrecord_reader CREATEDB
ALTER ROLE onrecord_reader BYPASSRLS
ALTER ROLE onrecord_reader CONNECTION LIMIT -1
ALTER ROLE onrecord PASSWORD 'x'
ALTER DATABASE onrecord SET statement_timeout = 0
ALTER SYSTEM SET work_mem = '1GB'
ALTER VIEW report.files RENAME TO mine
ALTER FUNCTION report.search(text) SECURITY INVOKER
COMMENT ON VIEW report.files IS 'x'
DROP VIEW report.files
DROP SCHEMA report CASCADE
TRUNCATE public.files
LOCK TABLE public.files
VACUUM public.files
CHECKPOINT
SET ROLE onrecord
SET SESSION AUTHORIZATION onrecord
SET temp_file_limit = -1
SET log_statement = 'none'
SET session_replication_role = replica
LOAD 'plpgsql'
COPY (SELECT 1) TO PROGRAM 'true'
COPY (SELECT 1) TO '/tmp/onrecord-written'
SELECT lo_creat(-1)
SELECT lo_create(0)
SELECT lo_from_bytea(0, 'x')
SELECT lo_put(1, 0, 'x')
SELECT lo_import('/etc/passwd')
SELECT lo_export(1, '/tmp/onrecord-written')
SELECT lo_unlink(1)
SELECT pg_read_file('/etc/passwd')
SELECT pg_read_binary_file('/etc/passwd')
SELECT pg_ls_dir('.')
SELECT pg_ls_logdir()
SELECT pg_ls_waldir()
SELECT pg_stat_file('PG_VERSION')
SELECT pg_current_logfile()
SELECT pg_config()
SELECT pg_reload_conf()
SELECT pg_rotate_logfile()
SELECT pg_switch_wal()
SELECT pg_create_restore_point('x')
SELECT pg_backup_start('x')
SELECT pg_promote()
SELECT pg_stat_reset()
SELECT pg_logical_emit_message(false, 'a', 'b')
SELECT pg_create_logical_replication_slot('a', 'pgoutput')
SELECT pg_create_physical_replication_slot('a')
SELECT pg_import_system_collations('report')
SELECT pg_advisory_lock(1)
SELECT pg_try_advisory_lock(1)
SELECT pg_advisory_xact_lock_shared(1)
SELECT pg_notify('a', 'b')
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'onrecord'
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'onrecord'
SELECT pg_log_backend_memory_contexts(pg_backend_pid())
SELECT nextval('public.files_id_seq')
SELECT setval('public.files_id_seq', 1)
SELECT pg_get_sequence_data('public.files_id_seq'::regclass)
SELECT query_to_xml('SELECT * FROM public.files', true, true, '')
SELECT table_to_xml('public.files', true, true, '')
SELECT pg_relation_size('public.files')
SELECT set_config('role', 'onrecord', false)
SELECT rolpassword FROM pg_authid
SELECT * FROM pg_shadow
SELECT * FROM pg_largeobject
SELECT * FROM pg_statistic
SELECT * FROM pg_hba_file_rules
SELECT * FROM pg_file_settings
SELECT * FROM pg_subscription
SELECT * FROM pg_backend_memory_contexts
SHOW data_directory
SHOW hba_file
SELECT current_setting('config_file')
""".strip().splitlines()

# Each of these statements must return no row, or only empty values.
EMPTY = """
SELECT setting FROM pg_settings WHERE name IN ('data_directory', 'hba_file', 'config_file', 'external_pid_file')
SELECT 1 FROM pg_stats WHERE schemaname = 'public'
SELECT query FROM pg_stat_activity WHERE usename IS DISTINCT FROM current_user AND query NOT IN ('', '<insufficient privilege>')
SELECT client_addr FROM pg_stat_activity WHERE usename IS DISTINCT FROM current_user AND client_addr IS NOT NULL
SELECT rolname FROM pg_roles WHERE rolpassword NOT IN ('********')
SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'
SELECT 1 FROM information_schema.columns WHERE table_schema NOT IN ('report', 'pg_catalog', 'information_schema')
""".strip().splitlines()  # noqa: E501

OUTSIDE = """
SELECT c.oid::regclass::text, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('report', 'pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'v', 'm', 'S', 'p', 'f')
"""  # noqa: E501
VIEWS = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'report'::regnamespace AND relkind = 'v'"
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

STATE = """
SELECT 'relations', md5(string_agg(oid::text || relname || coalesce(relacl::text, ''), ' ' ORDER BY oid)) FROM pg_class
    WHERE relpersistence = 'p'
UNION ALL SELECT 'functions', md5(string_agg(oid::text || coalesce(proacl::text, ''), ' ' ORDER BY oid)) FROM pg_proc
UNION ALL SELECT 'roles', md5(string_agg(r::text, ' ' ORDER BY oid)) FROM pg_roles r
UNION ALL SELECT 'settings', md5(string_agg(s::text, ' ' ORDER BY setdatabase, setrole)) FROM pg_db_role_setting s
UNION ALL SELECT 'databases', md5(string_agg(datname || coalesce(datacl::text, ''), ' ' ORDER BY oid)) FROM pg_database
UNION ALL SELECT 'comments', md5(string_agg(d::text, ' ' ORDER BY objoid, objsubid)) FROM pg_description d
UNION ALL SELECT 'large objects', count(*)::text FROM pg_largeobject_metadata
"""


def state(house: House) -> dict[str, str]:
    """Return digests of everything that the reader could have changed: the catalogues, and the rows of every table."""
    with house.servers.postgres.connect() as owner:
        digests = {str(name): str(digest) for name, digest in owner.execute(STATE).fetchall()}
        for table, kind in owner.execute(OUTSIDE).fetchall():
            if kind == "r":
                rows = sql.SQL("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t")
                answer = owner.execute(rows.format(sql.SQL(table))).fetchone()
                assert answer is not None
                digests[table] = str(answer[0])
    return digests


def attempt(connection: psycopg.Connection, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement; return its rows, or an empty list if it has no result."""
    cursor = connection.execute(statement)
    return cursor.fetchall() if cursor.description else []


def test_what_is_refused_is_refused_for_want_of_the_right_and_changes_nothing(house: House) -> None:
    before = state(house)
    allowed = []
    with house.servers.postgres.connect(), house.reader(writing=True) as reader:
        for statement in REFUSED:
            if "TABLE" in statement and statement.startswith("LOCK"):
                statement = f"BEGIN; {statement}"
            try:
                attempt(reader, statement)
                allowed.append(statement)
            except InsufficientPrivilege:
                reader.rollback()
    assert allowed == []
    assert state(house) == before


def test_what_may_be_asked_of_the_catalogues_says_nothing(house: House) -> None:
    with house.servers.postgres.connect() as owner:
        owner.execute("SELECT 'a secret of the owner'")  # its last query, which others must not see
        with house.reader() as reader:
            readable = {statement: rows for statement in EMPTY if (rows := attempt(reader, statement))}
    assert readable == {}


def test_every_table_and_sequence_outside_report_is_closed(house: House) -> None:
    with house.servers.postgres.connect() as owner:
        outside = owner.execute(OUTSIDE).fetchall()
    assert len(outside) > 30
    with house.reader(writing=True) as reader:
        for name, kind in outside:
            with pytest.raises(InsufficientPrivilege):
                attempt(reader, f"SELECT * FROM {name if '.' in name else f'public.{name}'}")
            if kind != "S":
                for right in RIGHTS:
                    granted = reader.execute(
                        "SELECT has_table_privilege(%s::regclass::oid, %s)", [oid_of(house, name), right]
                    ).fetchone()
                    assert granted == (False,), f"{right} on {name}"


def oid_of(house: House, name: str) -> int:
    """Return the oid of a relation, which the reader is not allowed to look up by name."""
    with house.servers.postgres.connect() as owner:
        row = owner.execute("SELECT %s::regclass::oid::int", [name]).fetchone()
    assert row is not None
    return int(row[0])


def test_every_view_of_report_can_be_read_and_not_written(house: House) -> None:
    with house.reader(writing=True) as reader:
        views = [name for (name,) in reader.execute(VIEWS).fetchall()]
        assert len(views) >= 8
        for view in views:
            attempt(reader, f"SELECT * FROM {view} LIMIT 1")
            for change in (f"DELETE FROM {view}", f"INSERT INTO {view} DEFAULT VALUES"):
                with pytest.raises((InsufficientPrivilege, ObjectNotInPrerequisiteState)):
                    attempt(reader, change)
        assert reader.execute("SELECT count(*) FROM report.search('talks')").fetchone() == (1,)


def test_the_bounds_are_there_and_come_back(house: House) -> None:
    """A role can change its own password and settings; `up` and `migrate` reset them."""
    with house.reader() as reader:
        before = bounds(reader)
        reader.execute("SET default_transaction_read_only = off")
        reader.execute("ALTER ROLE onrecord_reader SET statement_timeout = 0")
        reader.execute("ALTER ROLE onrecord_reader IN DATABASE onrecord SET search_path = public")
        reader.execute("ALTER ROLE onrecord_reader SET work_mem = '8GB'")
        reader.execute("ALTER ROLE onrecord_reader PASSWORD 'mine'")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"), house.reader():
        pass
    assert house.servers.grant_reader_login()
    with house.reader() as reader:
        assert bounds(reader) == before
    assert before == {
        "default_transaction_read_only": "on",
        "idle_in_transaction_session_timeout": "10min",
        "search_path": "report",
        "statement_timeout": "1min",
        "temp_file_limit": "500MB",
        "work_mem": "4MB",
    }


def bounds(reader: psycopg.Connection) -> dict[str, str]:
    """Return the settings that limit a session."""
    names = (
        *("default_transaction_read_only", "idle_in_transaction_session_timeout", "search_path"),
        *("statement_timeout", "temp_file_limit", "work_mem"),
    )
    # SHOW prints the unit; pg_settings has base units
    return {name: str(attempt(reader, f"SHOW {name}")[0][0]) for name in names}


def test_a_question_cannot_fill_the_disk(house: House) -> None:
    """The limit is lowered for this test, because it takes a while to write two gigabytes."""
    with house.servers.postgres.connect() as owner:
        owner.execute("ALTER ROLE onrecord_report SET temp_file_limit = '5MB'")
    try:
        ran = house.run("sql", "SELECT x FROM generate_series(1, 3000000) x ORDER BY md5(x::text)")
    finally:
        house.servers.grant_reader_login()
    assert ran.returncode == 1
    assert "more space for temporary files" in ran.stderr
    assert len(ran.stderr.splitlines()) == 2


def test_readers_leave_connections_to_the_pipeline(house: House) -> None:
    assert house.servers.reader_url is not None
    taken: list[psycopg.Connection] = []
    try:
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            for _ in range(60):
                taken.append(psycopg.connect(house.servers.reader_url, connect_timeout=10))
        assert len(taken) <= 20
        with house.servers.postgres.connect() as owner:
            assert owner.execute("SELECT 1").fetchone() == (1,)
    finally:
        for connection in taken:
            connection.close()
