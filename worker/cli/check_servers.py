"""Checks of the servers: the database, its clock, the reading role, the broker, the running parts, the quarantine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from worker.cli.errors import first_line
from worker.cli.finding import Finding, ok, problem, warning
from worker.cli.health import Health, examine

if TYPE_CHECKING:
    from worker.settings import Settings

OLDEST_SERVER = 150000  # PostgreSQL 15
SKEW_WARNING = 2.0  # seconds
SKEW_PROBLEM = 60.0
BROKER_SECONDS = 5.0
QUARANTINE_SHARE = 0.05  # of what ended in a day

CLOCK = """
SELECT clock_timestamp(), current_setting('server_version_num')::int, current_setting('server_version')
"""
LATELY = """
SELECT count(*) FILTER (WHERE state = 'quarantined') AS quarantined, count(*) AS ended
FROM files WHERE finished_at > now() - interval '1 day'
"""


def check_database(engine: Engine, given: "Settings") -> Iterator[Finding]:
    """Everything that the owner's connection shows; raises when it cannot be made."""
    with engine.connect() as connection:
        before = datetime.now(UTC)
        theirs, version, named = connection.execute(text(CLOCK)).one()
        after = datetime.now(UTC)
    if version < OLDEST_SERVER:
        yield problem("database", f"PostgreSQL {named} is too old.", "Onrecord needs 15 or newer.")
    else:
        yield ok("database", f"PostgreSQL {named} answers.")
    yield check_clock(before, theirs, after)
    health = examine(engine, given)
    yield from check_health(health)
    if health.revision == health.newest_revision:
        yield check_quarantine(engine)


def check_clock(before: datetime, theirs: datetime, after: datetime) -> Finding:
    """How far the database's clock is from ours; asking took from `before` to `after`."""
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    said = f"This clock and the database's are {skew:.1f} s apart."
    todo = "Set both by NTP; leases use the database's clock alone, but days and log lines will not fit."
    if skew > SKEW_PROBLEM:
        return problem("clock", said, todo)
    return warning("clock", said, todo) if skew > SKEW_WARNING else ok("clock", said)


def check_health(health: Health) -> Iterator[Finding]:
    """The schema, the running parts and the queues."""
    if health.revision == health.newest_revision:
        yield ok("schema", f"Migrated to {health.revision}.")
    for part in health.parts:
        where = f"{part['kind']} on {part['host']}, process {part['pid']}"
        if part["alive"]:
            yield ok("part", f"{where} is alive.")
        else:
            yield warning("part", f"{where} was last seen {part['last_seen']:%Y-%m-%d %H:%M} UTC.", "Start it again.")
    for trouble in health.problems:
        yield problem("pipeline", trouble.said, trouble.todo)


def check_quarantine(engine: Engine) -> Finding:
    """Whether many files of the last day were bad."""
    with engine.connect() as connection:
        quarantined, ended = connection.execute(text(LATELY)).one()
    said = f"{quarantined} of {ended} files were quarantined in the last 24 hours."
    if quarantined and quarantined > QUARANTINE_SHARE * ended:
        return warning(
            "quarantine", said, "`onrecord files --state quarantined` says why; `onrecord retry` tries again."
        )
    return ok("quarantine", said)


def check_reader() -> Iterator[Finding]:
    """Whether questions can be asked as the role that only reads."""
    from worker.cli.connection import READER, reader_engine

    with reader_engine() as engine, engine.connect() as connection:
        who = connection.execute(text("SELECT current_user")).scalar_one()
        connection.execute(text("SELECT 1 FROM report.quotes LIMIT 1"))
    if who == READER:
        yield ok("reader", f"Questions are asked as {who}.")
    else:
        yield warning("reader", f"Questions are asked as {who}.", f"Let ONRECORD_REPORT_URL log in as {READER}.")


def check_broker(url: str) -> Iterator[Finding]:
    """Whether the broker answers."""
    from kombu import Connection

    with Connection(url, connect_timeout=BROKER_SECONDS) as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
        except Exception as error:  # of whichever transport it is
            said = f"{connection.as_uri()} does not answer: {first_line(str(error))}"
            yield problem("broker", said, "Check ONRECORD_BROKER_URL; nothing is lost meanwhile.")
        else:
            yield ok("broker", f"{connection.as_uri()} answers.")
