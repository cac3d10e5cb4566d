"""The check of the analysts' role: its settings are as they should be, and it can do no harm on this server."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError

from worker.cli.checks.database import SECONDS
from worker.cli.checks.finding import Finding, problem, warning
from worker.cli.connection import owner_engine_of
from worker.store import readers
from worker.store.db.conflicts import state_of
from worker.store.db.pooler import PooledTransactions
from worker.store.roles import READER

if TYPE_CHECKING:
    from worker.settings import Settings

RESET = "`onrecord migrate` puts them back, and beat does so within seconds, if our user may change that role."


def check_analysts(settings: "Settings") -> Iterator[Finding]:
    """Check the role `onrecord_reader`. If the database cannot be asked, yield nothing: `check_database` says so."""
    try:
        with owner_engine_of(settings, seconds=SECONDS) as engine:
            yield from findings(engine)
    except (ArgumentError, PooledTransactions):
        return
    except DBAPIError as error:
        if state_of(error):
            raise


def findings(engine: Engine) -> Iterator[Finding]:
    """Yield what is wrong about the role, and what an administrator can forbid it."""
    with engine.connect() as connection:
        if not readers.exists(connection):
            return
        if strange := readers.changed(connection):
            message = f"The settings of the role {READER} were changed: {', '.join(strange)}."
            yield problem("analysts", message, RESET)
        statements = readers.open_rights(connection)
        restarting = readers.open_server(connection)
    if statements:
        message = "Readers may write something, or keep others waiting."
        yield warning("analysts", message, f"As an administrator of this database: {'; '.join(statements)};")
    if restarting:
        message = "Readers may fill the disk with notifications."
        yield warning("analysts", message, f"As an administrator, then restart: {'; '.join(restarting)};")
