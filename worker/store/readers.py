"""The roles that only read: what they may not do, and what keeps one of their sessions small.

`onrecord_reader` is the role of analysts and their programs. `onrecord_report` is the role of our own commands. Both
see the schema `report` and nothing else. A role may always change its own settings and its own password, also so that
nobody can log in as this role any more. Therefore our commands do not share the analysts' role, and beat puts back the
settings of that role.

A reader may also change most settings for its session. So nothing that storing needs depends on those: beat ends the
sessions that go past the limits. Only a superuser can set `temp_file_limit`, or take away the rights that PostgreSQL
gives to every role.
"""

from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from worker.store.roles import READER, REPORT

STATEMENT_SECONDS = 90
"""End the session of an analyst whose statement takes longer; its own limit is 60 s, but it may change that."""
TRANSACTION_SECONDS = 900
"""End the session of an analyst whose transaction is open for longer: it keeps deleted rows on the disk."""

WRITING_SECONDS = 5
"""End the session of an analyst whose transaction has written for longer: all that it can change is its own role."""
PATIENCE = text("""SET LOCAL lock_timeout = '2s'""")
"""Wait at most so long for an analyst who changes the role in an open transaction."""

BOUNDS = {
    "default_transaction_read_only": "on",
    "search_path": "report",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "10min",
    "idle_session_timeout": "1h",
}
"""The settings of the analysts' role; a session may change them for itself."""

EXISTS = text("""SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)""")
RESET = text("""ALTER ROLE onrecord_reader RESET ALL""")
RESET_HERE = text("""SELECT format('ALTER ROLE onrecord_reader IN DATABASE %I RESET ALL', current_database())""")
BIND = text(
    """
    ALTER ROLE onrecord_reader SET default_transaction_read_only = 'on';
    ALTER ROLE onrecord_reader SET search_path = 'report';
    ALTER ROLE onrecord_reader SET statement_timeout = '60s';
    ALTER ROLE onrecord_reader SET idle_in_transaction_session_timeout = '10min';
    ALTER ROLE onrecord_reader SET idle_session_timeout = '1h'
    """
)
BIND_FIRMLY = text(
    """
    ALTER ROLE onrecord_reader SET temp_file_limit = '500MB';
    ALTER ROLE onrecord_reader SET log_min_error_statement = 'panic'
    """
)
BIND_COMMANDS = text(
    """
    ALTER ROLE onrecord_report SET temp_file_limit = '500MB';
    ALTER ROLE onrecord_report SET log_min_error_statement = 'panic'
    """
)
LIMIT_SESSIONS = text("""SELECT format('ALTER ROLE onrecord_reader CONNECTION LIMIT %s', CAST(:most AS int))""")

# A role can set only settings of the context `user` for itself, and names with a dot, which PostgreSQL does not know.
# The other settings of the role are an administrator's.
SETTINGS = text(
    """
    SELECT s.setdatabase <> 0 AS here, split_part(word, '=', 1) AS name, substr(word, strpos(word, '=') + 1) AS value
    FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS word
    LEFT JOIN pg_settings p ON p.name = split_part(word, '=', 1)
    WHERE r.rolname = 'onrecord_reader' AND coalesce(p.context, 'user') IN ('user', 'backend')
      AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    """
)
# Cheap, unlike the above: asked every two seconds, to see whether anything was changed at all.
CONFIGURED = text(
    """
    SELECT s.setdatabase::text || ' ' || array_to_string(s.setconfig, ' ')
    FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
    WHERE r.rolname = 'onrecord_reader'
      AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY s.setdatabase
    """
)
RESET_ONE = text(
    """
    SELECT format(
        'ALTER ROLE onrecord_reader %s RESET %I',
        CASE WHEN :here THEN format('IN DATABASE %I', current_database()) ELSE '' END, CAST(:name AS text))
    """
)

END_WRITERS = text(
    """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'onrecord_reader' AND backend_xid IS NOT NULL
    """
)
END_OVERLONG = text(
    """
    SELECT count(*) FROM (
        SELECT pg_terminate_backend(pid) AS is_ended FROM pg_stat_activity
        WHERE usename = 'onrecord_reader' AND datname = current_database()
          AND (state = 'active' AND clock_timestamp() - query_start > make_interval(secs => :statement_seconds)
               OR clock_timestamp() - xact_start > make_interval(secs => :transaction_seconds)
               OR backend_xid IS NOT NULL
                  AND clock_timestamp() - xact_start > make_interval(secs => :writing_seconds))
    ) AS ended WHERE is_ended
    """
)

# What PostgreSQL lets every role do although it writes something, or lets other sessions wait, or fills shared memory.
OPEN_RIGHTS = text(
    """
    WITH side_effects AS (
        SELECT p.oid::regprocedure::text AS signature FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
          AND (p.proname ~ '^pg_(try_)?advisory_(xact_)?lock' OR p.proname IN (
              'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_truncate', 'lo_truncate64',
              'lo_unlink', 'pg_logical_emit_message', 'pg_notify', 'pg_export_snapshot', 'pg_current_xact_id',
              'txid_current'))
          AND has_function_privilege('onrecord_reader', p.oid, 'EXECUTE')
        ORDER BY 1)
    SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', string_agg(signature, ', ')) FROM side_effects
    HAVING count(*) > 0
    UNION ALL
    SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())
    WHERE has_database_privilege('onrecord_reader', current_database(), 'TEMPORARY')
    UNION ALL
    SELECT format('REVOKE USAGE ON LANGUAGE %I FROM PUBLIC', lanname) FROM pg_language
    WHERE lanpltrusted AND has_language_privilege('onrecord_reader', oid, 'USAGE') AND lanname <> 'sql'
    UNION ALL
    SELECT format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', nspname) FROM pg_namespace
    WHERE nspname !~ '^pg_' AND has_schema_privilege('onrecord_reader', oid, 'CREATE')
    UNION ALL
    SELECT 'ALTER ROLE onrecord_reader CONNECTION LIMIT 20' FROM pg_roles
    WHERE rolname = 'onrecord_reader' AND rolconnlimit < 0
    UNION ALL
    SELECT 'ALTER ROLE onrecord_reader SET temp_file_limit = ''500MB'''
    WHERE NOT EXISTS (
        SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS word
        WHERE r.rolname = 'onrecord_reader' AND word LIKE 'temp_file_limit=%')
      AND (SELECT CAST(setting AS bigint) FROM pg_settings WHERE name = 'temp_file_limit') < 0
    UNION ALL
    SELECT 'ALTER ROLE onrecord_reader SET log_min_error_statement = ''panic'''
    WHERE NOT EXISTS (
        SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS word
        WHERE r.rolname = 'onrecord_reader' AND word LIKE 'log_min_error_statement=%')
    """
)
# Only a restart changes these, so `onrecord migrate` leaves them to an administrator.
OPEN_SERVER = text(
    """
    SELECT 'ALTER SYSTEM SET max_notify_queue_pages = 1024' FROM pg_settings
    WHERE name = 'max_notify_queue_pages' AND CAST(setting AS int) > 16384
    """
)


def exists(connection: Connection, role: str = READER) -> bool:
    """True if the role exists. (Somebody else may have to make it, if our user may not make roles.)"""
    return bool(connection.execute(EXISTS, {"role": role}).scalar_one())


def end_writers(connection: Connection) -> None:
    """End the sessions of analysts that write at this moment: they change the role, and we would wait for them."""
    connection.execute(END_WRITERS)


def bind(connection: Connection, most_sessions: int) -> None:
    """Set the settings of both roles on a server that only Onrecord uses, and reset all others."""
    connection.execute(PATIENCE)
    run(connection, str(connection.execute(RESET_HERE).scalar_one()))
    connection.execute(RESET)
    connection.execute(BIND)
    connection.execute(BIND_FIRMLY)
    if exists(connection, REPORT):
        connection.execute(BIND_COMMANDS)
    run(connection, str(connection.execute(LIMIT_SESSIONS, {"most": most_sessions}).scalar_one()))


def changed(connection: Connection) -> list[str]:
    """Return the settings of the analysts' role that are not as they should be (`name=value`)."""
    return sorted(f"{row.name}={row.value}" for row in connection.execute(SETTINGS) if is_strange(row))


def is_strange(row: Row[Any]) -> bool:
    """True if a setting of the analysts' role is not one of its bounds."""
    return bool(row.here) or BOUNDS.get(row.name) != row.value


def configured(connection: Connection) -> list[str]:
    """Return the settings of the analysts' role as PostgreSQL keeps them, to see later whether they were changed."""
    return list(connection.execute(CONFIGURED).scalars())


def put_back(connection: Connection) -> list[str]:
    """Put back the settings of the analysts' role, which may change them itself. Return what was not as it should be.

    Settings that only a superuser may change stay as they are. Raises SQLAlchemy's error if we may not change the role.
    """
    connection.execute(PATIENCE)
    rows = connection.execute(SETTINGS).all()
    strange = [row for row in rows if is_strange(row)]
    for row in strange:
        run(connection, str(connection.execute(RESET_ONE, {"here": row.here, "name": row.name}).scalar_one()))
    if not set(BOUNDS) <= {row.name for row in rows if not is_strange(row)}:
        connection.execute(BIND)
    return sorted(f"{row.name}={row.value}" for row in strange)


def end_overlong(connection: Connection) -> int:
    """End the sessions of analysts that go past the limits above; return their number."""
    limits = {
        "statement_seconds": STATEMENT_SECONDS,
        "transaction_seconds": TRANSACTION_SECONDS,
        "writing_seconds": WRITING_SECONDS,
    }
    return int(connection.execute(END_OVERLONG, limits).scalar_one())


def open_rights(connection: Connection) -> list[str]:
    """Return the statements that would take from readers what they could do harm with; most need a superuser."""
    return [str(statement) for statement in connection.execute(OPEN_RIGHTS).scalars()]


def open_server(connection: Connection) -> list[str]:
    """Return the statements that change settings of the server for which it must be restarted."""
    return [str(statement) for statement in connection.execute(OPEN_SERVER).scalars()]


def confine(connection: Connection) -> list[str]:
    """Carry out the statements of `open_rights`, as far as we may; return those that PostgreSQL refused.

    The rights are taken from every role, in this database only. The owner of the database, and superusers, keep them.
    """
    if not exists(connection):
        return []
    for statement in open_rights(connection):
        try:
            with connection.begin_nested():
                run(connection, statement)
        except DBAPIError:
            continue
    return open_rights(connection)  # PostgreSQL only warns if a right was not ours to take away


def run(connection: Connection, statement: str) -> None:
    """Run statements without parameters; `:` and `%` are ordinary characters in them."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
