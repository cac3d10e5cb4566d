"""The schema `report` and the role that may read it and nothing else; `worker.report.views` makes the views in it

Revision: 0002, after 0001
"""

import logging

import sqlalchemy as sa
from alembic import op

from worker.report import views

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

READER = "onrecord_reader"

log = logging.getLogger("onrecord.migrations")


def role_exists() -> bool:
    """True if the reading role exists; it belongs to the whole server, so another database may have made it."""
    row = op.get_bind().execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": READER})
    return row.first() is not None


def make_role() -> bool:
    """Make the reading role if it is missing; return False if this user has no right to make it."""
    if role_exists():
        return True
    try:
        with op.get_bind().begin_nested():
            op.execute(f"CREATE ROLE {READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT")
            op.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")
            op.execute(f"ALTER ROLE {READER} SET statement_timeout = '60s'")
            op.execute(f"ALTER ROLE {READER} SET search_path = report")
    except sa.exc.ProgrammingError:
        log.warning(
            "this user may not create the role %s; ask an administrator for: CREATE ROLE %s LOGIN; "
            "then: GRANT USAGE ON SCHEMA report TO %s; GRANT SELECT ON ALL TABLES IN SCHEMA report TO %s; "
            "GRANT EXECUTE ON FUNCTION report.search(text) TO %s",
            *(READER,) * 5,
        )
        return False
    return True


def lend_role() -> None:
    """Let the owner of the tables act as the reading role; the commands do so if that role has no URL of its own."""
    try:
        with op.get_bind().begin_nested():
            op.execute(f"GRANT {READER} TO CURRENT_USER")
    except sa.exc.DBAPIError:
        log.info("this user may not act as the role %s; set ONRECORD_REPORT_URL to read as it", READER)


def upgrade() -> None:
    """Make the schema, the role and its right to the schema."""
    op.execute("CREATE SCHEMA report")
    op.execute("COMMENT ON SCHEMA report IS 'What people ask: read-only views over what Onrecord stored.'")
    # The reading role sees the schema `report` and nothing else. The names of the tables are no secret, but the role
    # does not need them.
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    if make_role():
        lend_role()
        op.execute(f"GRANT USAGE ON SCHEMA report TO {READER}")


def downgrade() -> None:
    """Take the schema away; the role stays, since other databases of the server may use it."""
    views.drop(op.get_bind())
    op.execute("DROP SCHEMA report")
