"""`onrecord restore` puts the whole backup in the place of the database, or changes nothing."""

import json
import re
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.integration.backups.conftest import Server, Start
from tests.integration.report.conftest import Command
from worker.backups.databases import APPLICATION, MARK, filling, replaced
from worker.report import views
from worker.store import processes, telling

ONLY_BY_SUPERUSER = """
SELECT name FROM pg_available_extension_versions WHERE superuser AND NOT trusted AND requires IS NULL
ORDER BY name = 'pageinspect' DESC LIMIT 1
"""
STORED = 6  # five quotations that are shown, and a candidate


def quotes(onrecord: Command) -> list[dict[str, object]]:
    return list(json.loads(onrecord("sql", "SELECT * FROM quotes ORDER BY quote_id", "-f", "json").out))


def json_lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_there_and_back(onrecord: Command, engine: Engine, dump: Path, server: Server) -> None:
    before = quotes(onrecord)
    assert dump.stat().st_mode & 0o077 == 0
    refused = onrecord("restore", str(dump))
    assert refused.code == 1
    assert "--replace" in refused.err
    with engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET text = 'changed'"))
    telling.tell(engine)
    seen = json_lines(onrecord("changes", "--after", "0", "--json").out)
    process_id = processes.register(engine, "worker")
    assert "Stop" in onrecord("restore", str(dump), "--replace", "--unchecked").err
    processes.stop(engine, process_id)
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 0, ran.err
    assert quotes(onrecord) == before, "as the reader: its rights are restored too"
    assert server.databases() == {server.database}
    engine.dispose()
    told = json_lines(onrecord("changes", "--json", "--after", str(seen[-1]["change_id"])).out)
    assert [change["kind"] for change in told].index("restored") == 0, "whoever followed what was replaced is told"
    with engine.begin() as connection:
        assert views.are_current(connection), "the backup holds the fingerprint of the views"
        connection.execute(text("INSERT INTO outlets (name, key) VALUES ('new', 'new')"))


def test_into_an_empty_database(onrecord: Command, dump: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from worker.settings import settings

    before, name = quotes(onrecord), f"{server.database}_empty"
    server.ask(f"CREATE DATABASE {name}")
    monkeypatch.setenv("ONRECORD_DATABASE_URL", server.address(name))
    settings.cache_clear()
    ran = onrecord("restore", str(dump), "--unchecked")
    assert ran.code == 0, ran.err
    assert quotes(onrecord) == before


def test_an_older_backup_is_migrated_beside_the_old_database(
    onrecord: Command, dump: Path, server: Server, engine: Engine, tmp_path: Path
) -> None:
    from tests.integration.backups.test_backups_archive import dumped
    from worker.store.db import schema

    before = quotes(onrecord)
    schema.downgrade(engine, "0006")
    dumped(server.address(), tmp_path / "older.dump")
    engine.dispose()
    ran = onrecord("restore", str(tmp_path / "older.dump"), "--replace", "--unchecked")
    assert ran.code == 0, ran.err
    assert schema.current_revision(engine) == schema.newest_revision()
    assert quotes(onrecord) == before


def test_rights_and_settings_of_the_old_database_stay(onrecord: Command, dump: Path, server: Server) -> None:
    name, role = server.database, f"{server.database}_analyst"
    server.ask(f'CREATE ROLE "{role}" LOGIN')
    try:
        for statement in (
            f"GRANT SELECT ON report.quotes TO {role}",
            f"GRANT USAGE ON SCHEMA report TO {role}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA report GRANT SELECT ON TABLES TO {role}",
            "REVOKE EXECUTE ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC",
            f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC",
            f"GRANT CREATE ON DATABASE {name} TO {role}",
            f"ALTER DATABASE {name} SET search_path = report, public",
            f"ALTER ROLE {role} IN DATABASE {name} SET work_mem = '7MB'",
            f"COMMENT ON DATABASE {name} IS 'the newsroom''s'",
            f"ALTER DATABASE {name} CONNECTION LIMIT 77",
        ):
            server.ask(statement, database=name)
        kept = server.ask(FACTS, name, database=name)
        assert onrecord("restore", str(dump), "--replace", "--unchecked").code == 0
        assert server.ask(FACTS, name, database=name) == kept
        server.ask("CREATE VIEW report.later AS SELECT 1 AS one", database=name)
        with server.connect() as connection:
            connection.execute(f"SET ROLE {role}".encode())
            assert connection.execute("SELECT count(*) FROM report.quotes").fetchone() == (5,)
            assert connection.execute("SELECT * FROM report.later").fetchone() == (1,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM public.quotes")
    finally:
        server.ask(f"DROP DATABASE {name} WITH (FORCE)")
        server.ask(f"CREATE DATABASE {name}")
        server.ask(f'DROP ROLE "{role}"')


FACTS = """
SELECT (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a), datconnlimit, encoding, datcollate,
       datlocprovider, to_jsonb(d) ->> 'datlocale', shobj_description(oid, 'pg_database'),
       (SELECT array_agg((setrole::regrole::text, setconfig)::text ORDER BY 1) FROM pg_db_role_setting
        WHERE setdatabase = d.oid),
       (SELECT proacl::text FROM pg_proc WHERE oid = 'lo_create(oid)'::regprocedure),
       (SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'), pg_get_userbyid(datdba)
FROM pg_database d WHERE datname = %s
"""


def test_roles_that_this_server_does_not_have_are_named(onrecord: Command, dump: Path, server: Server) -> None:
    role = f"{server.database}_gone"
    server.ask(f'CREATE ROLE "{role}"')
    server.ask(f"GRANT SELECT ON report.quotes TO {role}", database=server.database)
    assert onrecord("backup", str(dump)).code == 0
    server.ask(f"DROP OWNED BY {role}", database=server.database)
    server.ask(f'DROP ROLE "{role}"')
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 0, ran.err
    assert f"Left out the rights of roles that this server does not have: {role}." in ran.out
    assert len(quotes(onrecord)) == 5, "the reader has its rights all the same"


@pytest.mark.parametrize("statement", ["CREATE TABLE invoices (id int)", "CREATE VIEW report.mine AS SELECT 1 AS one"])
def test_what_is_not_ours_is_not_lost(onrecord: Command, dump: Path, server: Server, statement: str) -> None:
    server.ask(statement, database=server.database)
    oid = server.oid()
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 1
    assert "invoices" in ran.err or "report.mine" in ran.err
    assert server.oid() == oid
    assert onrecord("backup", str(dump)).code == 0
    assert onrecord("restore", str(dump), "--replace", "--unchecked").code == 0, "it is in the backup now"
    assert server.oid() != oid


def test_sessions_end_and_find_the_new_database(onrecord: Command, dump: Path, server: Server) -> None:
    with closing(server.connect()) as analyst, closing(server.connect()) as idle:
        analyst.execute("SELECT count(*) FROM report.quotes")
        analyst.execute("BEGIN; SELECT count(*) FROM report.quotes")
        ran = onrecord("restore", str(dump), "--replace", "--unchecked")
        assert ran.code == 0, ran.err
        assert re.search(r"Ended [2-9] sessions", ran.out), ran.out
        for connection in (analyst, idle):
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
    assert len(quotes(onrecord)) == 5


def test_a_user_without_the_rights_is_told_which(onrecord: Command, dump: Path, server: Server, start: Start) -> None:
    role, before, oid = f"{server.database}_owner", server.contents(), server.oid()
    server.ask(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'x'")
    server.ask(f"GRANT pg_read_all_data, onrecord_reader TO {role}")
    url = server.address(username=role, password="x")
    try:
        process = start("restore", dump, "--replace", "--unchecked", url=url)
        _, said = process.communicate(timeout=60)
        assert f'ALTER ROLE "{role}" CREATEDB;' in said
        server.ask(f"ALTER ROLE {role} CREATEDB")
        process = start("restore", dump, "--replace", "--unchecked", url=url)
        _, said = process.communicate(timeout=60)
        assert f'ALTER DATABASE "{server.database}" OWNER TO "{role}";' in said
        assert "Nothing was changed" in said
        assert (server.contents(), server.oid(), server.databases()) == (before, oid, {server.database})
    finally:
        server.ask(f"DROP OWNED BY {role}")
        server.ask(f'DROP ROLE "{role}"')


def test_an_ordinary_owner_restores(server: Server, start: Start, dump: Path, onrecord: Command) -> None:
    """A user of a managed server: no superuser, but it owns its database and may make others."""
    role, name = f"{server.database}_owner", f"{server.database}_own"
    server.ask(f"CREATE ROLE \"{role}\" LOGIN CREATEDB PASSWORD 'x'")
    server.ask(f'CREATE DATABASE {name} OWNER "{role}"')
    url = server.address(name, username=role, password="x")
    try:
        for arguments in (("--unchecked",), ("--unchecked", "--replace")):
            process = start("restore", dump, *arguments, url=url)
            out, said = process.communicate(timeout=120)
            assert process.returncode == 0, said
            assert "Restored" in out
        assert server.ask("SELECT count(*) FROM quotes", database=name) == [(STORED,)]
        assert server.ask(
            "SELECT has_table_privilege('onrecord_reader', 'report.quotes', 'SELECT')", database=name
        ) == [(True,)]
        server.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with closing(server.connect(name)):  # a superuser is connected, whom an ordinary user cannot end
            process = start("restore", dump, "--replace", "--unchecked", url=url)
            _, said = process.communicate(timeout=120)
            assert process.returncode == 1
            assert "cannot be disconnected by us" in said
            assert "Nothing was changed" in said
        assert server.ask("SELECT count(*) FROM quotes", database=name) == [(STORED,)]
        assert server.databases() == {server.database, name}
    finally:
        server.ask(f"DROP DATABASE {name} WITH (FORCE)")
        server.ask(f'DROP ROLE "{role}"')


def test_an_ordinary_owner_ends_the_sessions_of_other_roles(server: Server, start: Start, dump: Path) -> None:
    """The owner may end them (pg_signal_backend), but does not see what kind of sessions they are."""
    role, other, name = (f"{server.database}_{ending}" for ending in ("owner", "other", "own"))
    server.ask(f"CREATE ROLE \"{role}\" LOGIN CREATEDB PASSWORD 'x' IN ROLE pg_signal_backend")
    server.ask(f"CREATE ROLE \"{other}\" LOGIN PASSWORD 'x'")
    server.ask(f'CREATE DATABASE {name} OWNER "{role}"')
    url = server.address(name, username=role, password="x")
    try:
        with closing(psycopg.connect(server.address(name, username=other, password="x"), autocommit=True)) as session:
            process = start("restore", dump, "--unchecked", url=url)
            out, said = process.communicate(timeout=120)
            assert process.returncode == 0, said
            assert "Ended 1 sessions" in out
            with pytest.raises(psycopg.OperationalError):
                session.execute("SELECT 1")
    finally:
        server.ask(f"DROP DATABASE {name} WITH (FORCE)")
        server.ask(f'DROP ROLE "{role}", "{other}"')


def test_an_ordinary_owner_restores_without_an_administrators_extension(
    server: Server, start: Start, dump: Path, onrecord: Command
) -> None:
    role, name = f"{server.database}_owner", f"{server.database}_own"
    found = server.ask(ONLY_BY_SUPERUSER)
    if not found:
        pytest.skip("the server has no extension that only a superuser may make")
    server.ask(f'CREATE EXTENSION "{found[0][0]}"', database=server.database)
    assert onrecord("backup", str(dump)).code == 0
    server.ask(f"CREATE ROLE \"{role}\" LOGIN CREATEDB PASSWORD 'x'")
    server.ask(f'CREATE DATABASE {name} OWNER "{role}"')
    try:
        process = start("restore", dump, "--unchecked", url=server.address(name, username=role, password="x"))
        out, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert f"Left out extensions that our user may not make, or this server lacks: {found[0][0]}." in out
        assert server.ask("SELECT count(*) FROM quotes", database=name) == [(STORED,)]
    finally:
        server.ask(f"DROP DATABASE {name} WITH (FORCE)")
        server.ask(f'DROP ROLE "{role}"')


def test_nobody_writes_meanwhile(dump: Path, server: Server, start: Start, engine: Engine) -> None:
    """A writer waits until the restore has ended; then it is told that its connection is gone."""
    process = start("restore", dump, "--replace", "--unchecked")
    assert process.stdout is not None
    while "Restoring beside" not in process.stdout.readline():
        assert process.poll() is None
    with closing(server.connect()) as connection, pytest.raises(psycopg.OperationalError):
        connection.execute("INSERT INTO outlets (name, key) VALUES ('late', 'late')")
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert server.ask("SELECT count(*) FROM outlets WHERE key = 'late'", database=server.database) == [(0,)]
    assert "Ended" in out


def test_nothing_is_replaced_if_somebody_could_write(dump: Path, server: Server, start: Start) -> None:
    """The session that keeps writers out ends before the swap, and nobody is connected any more."""
    before = server.oid()
    process = start("restore", dump, "--replace", "--unchecked")
    assert process.stdout is not None
    while "Restoring beside" not in process.stdout.readline():
        assert process.poll() is None
    ended = server.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = %s",
        server.database,
        APPLICATION,
    )
    assert ended == [(True,)]
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "somebody could write meanwhile" in said
    assert (server.oid(), server.databases()) == (before, {server.database})


def test_two_restores_at_once(dump: Path, server: Server, start: Start) -> None:
    ran = [start("restore", dump, "--replace", "--unchecked") for _ in range(2)]
    said = [process.communicate(timeout=100)[1] for process in ran]
    assert 0 in [process.returncode for process in ran], said
    for process, words in zip(ran, said, strict=True):
        lines = [line for line in words.splitlines() if not line.startswith("onrecord: waiting for")]
        assert process.returncode == 0 or len(lines) == 2, words
        assert "PostgreSQL cannot be asked" not in words
    assert server.databases() == {server.database}
    assert server.ask("SELECT count(*) FROM quotes", database=server.database) == [(STORED,)]


def test_leftovers_are_dropped_and_what_is_not_ours_is_not(onrecord: Command, dump: Path, server: Server) -> None:
    half, old = filling(server.database), replaced(server.database)
    server.ask(f"CREATE DATABASE {half}")  # killed before it was marked: empty
    server.ask(f"CREATE DATABASE {old}")
    server.ask("CREATE TABLE rows (id int)", database=old)
    server.ask(f"COMMENT ON DATABASE {old} IS '{MARK}'")
    assert f"An interrupted restore has left the database {old} (" in onrecord("doctor").out
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 0, ran.err
    assert ran.out.count("which an interrupted restore had left") == 2
    server.ask(f"CREATE DATABASE {half}")
    server.ask("CREATE SCHEMA theirs CREATE TABLE rows (id int)", database=half)
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 1
    assert f"There is a database {half}" in ran.err
    assert server.databases() == {server.database, half}


def test_no_room(onrecord: Command, dump: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from worker.backups import space

    monkeypatch.setattr(space, "AT_LEAST", 1 << 60)
    oid = server.oid()
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 1
    assert "MB free" in ran.err
    assert (server.oid(), server.databases()) == (oid, {server.database})


def test_ctrl_c(dump: Path, server: Server, start: Start) -> None:
    before, oid = server.contents(), server.oid()
    process = start("restore", dump, "--replace", "--unchecked")
    assert process.stdout is not None
    while "Restoring beside" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert (server.contents(), server.oid(), server.databases()) == (before, oid, {server.database})
