"""The locks of jobs are rows of a table (before: advisory locks, which anybody who can connect can hold)

Also new: the role of our own commands, which only reads. Before, they shared the role of analysts, who can change its
password and its settings.

Revision: 0013, after 0012
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REPORT = "onrecord_report"

log = logging.getLogger("onrecord.migrations")


def make_role() -> None:
    """Make the role, if we may and if no other database of the server has made it, and let the owner act as it."""
    exists = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    try:
        with op.get_bind().begin_nested():
            if op.get_bind().execute(exists, {"name": REPORT}).first() is None:
                op.execute(f"CREATE ROLE {REPORT} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT")
                op.execute(f"ALTER ROLE {REPORT} SET default_transaction_read_only = on")
                op.execute(f"ALTER ROLE {REPORT} SET search_path = report")
            op.execute(f"GRANT {REPORT} TO CURRENT_USER")
    except sa.exc.DBAPIError:
        log.warning(
            "this user may not make the role %s, or act as it, so commands use onrecord_reader. Ask an administrator for: "
            "CREATE ROLE %s LOGIN NOINHERIT (if there is none); GRANT %s TO CURRENT_USER; "
            "then run `onrecord migrate` again, which gives the role its rights",
            *(REPORT,) * 3,
        )


def upgrade() -> None:
    """Apply the change."""
    make_role()
    op.create_table(
        "locks",
        sa.Column("name", sa.Text(), nullable=False, comment="What only one process may do at a time."),
        sa.Column("session_pid", sa.Integer(), comment="The session that does it until it ends: its number."),
        sa.Column("session_start", sa.DateTime(timezone=True), comment="When that session began."),
        sa.PrimaryKeyConstraint("name", name="pk_locks"),
        comment="Rows that are locked, so that only one process at a time does a job; a reader cannot lock them.",
    )
    op.execute("INSERT INTO locks (name) VALUES ('reconcile'), ('make a job'), ('schedule'), ('sweep'), ('beat')")


def downgrade() -> None:
    """Take the change back; the role stays, since other databases of the server may use it."""
    op.drop_table("locks")
