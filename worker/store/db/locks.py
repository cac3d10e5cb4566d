"""Advisory locks of PostgreSQL: with them only one process at a time does a job. They lock no row."""

from enum import IntEnum

from sqlalchemy import Connection, text

HOLD = text("""SELECT pg_advisory_xact_lock(:lock)""")
TRY_TO_HOLD = text("""SELECT pg_try_advisory_xact_lock(:lock)""")
TRY_TO_KEEP = text("""SELECT pg_try_advisory_lock(:lock)""")


class Lock(IntEnum):
    """The numbers of the locks, one for each job; no other program may lock these numbers in this database."""

    RECONCILE = 0x0011_0C11
    MAKE_JOB = 0x0011_5E1F
    SCHEDULE = 0x0011_5C4D
    SWEEP = 0x0011_5EE9
    BEAT = 0x0011_BEA7


def hold(connection: Connection, lock: Lock) -> None:
    """Wait for a lock and hold it until the transaction ends."""
    connection.execute(HOLD, {"lock": int(lock)})


def try_to_hold(connection: Connection, lock: Lock) -> bool:
    """Hold a lock until the transaction ends; False when another process holds it."""
    return bool(connection.execute(TRY_TO_HOLD, {"lock": int(lock)}).scalar_one())


def try_to_keep(connection: Connection, lock: Lock) -> bool:
    """Hold a lock until the connection ends; False when another process holds it."""
    return bool(connection.execute(TRY_TO_KEEP, {"lock": int(lock)}).scalar_one())
