"""Running processes: each has a row that says it is alive; a claim ends when its process is not seen any more."""

import os
import socket
import time
from collections.abc import Sequence

from sqlalchemy import Connection, Double, Engine, case, func, insert, literal, select, text, update

from worker import __version__
from worker.reasons import Hindrance
from worker.settings import settings
from worker.store.db.engine import light_transaction
from worker.store.tables.models import Process


def register(engine: Engine, kind: str, queues: Sequence[str] = ()) -> int:
    """Make this process (`watch`, `worker`, `backfill` or `beat`) and the queues it serves known; give its number.

    It waits for the disk: a row that a crash of the server takes back would leave a living process without one, and
    every claim of its would count as a dead one's.
    """
    with engine.begin() as connection:
        values = {
            "kind": kind,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "version": __version__,
            "queues": list(queues),
        }
        return int(connection.execute(insert(Process).values(values).returning(Process.id)).scalar_one())


def pulse(
    engine: Engine,
    process_id: int,
    *,
    finished: bool = False,
    trouble: Hindrance | None = None,
    folders_away: Sequence[str] = (),
    events_lost: int = 0,
    detail: str | None = None,
) -> float:
    """Say that the process lives; `finished`: that it has ended a task or a scan (beat: rung) since the last pulse.

    `trouble`, `folders_away` and `events_lost` are what programs read; `detail` tells people the same.

    Gives the seconds for which it had not been seen. The machine's clock is told too, as no other machine can see it.
    A process that was taken for dead and comes back (it had been stopped) is alive again; its claims are gone.
    """
    with light_transaction(engine) as connection:
        seconds = unseen(connection, process_id)
        connection.execute(
            update(Process)
            .where(Process.id == process_id)
            .values(
                last_seen=func.clock_timestamp(),
                last_finished=case((finished, func.clock_timestamp()), else_=Process.last_finished),  # type: ignore[arg-type]
                stopped_at=None,
                trouble=trouble,
                folders_away=list(folders_away),
                events_lost=events_lost,
                detail=detail,
                clock_ahead=literal(time.time(), Double) - func.extract("epoch", func.clock_timestamp()),
            )
        )
    return seconds


def unseen(connection: Connection, process_id: int) -> float:
    """Seconds since a process was last seen, by the database's clock when this transaction began."""
    seconds = select(func.extract("epoch", func.now() - Process.last_seen)).where(Process.id == process_id)
    return float(connection.execute(seconds).scalar() or 0.0)


def alive(engine: Engine, kind: str, host: str | None = None) -> bool:
    """Whether a process_id of this kind has been seen lately (on one machine, if `host` names it)."""
    found = text(
        "SELECT 1 FROM processes WHERE kind = :kind AND stopped_at IS NULL AND host = coalesce(:host, host)"
        " AND last_seen > clock_timestamp() - make_interval(secs => :seen) LIMIT 1"
    )
    with engine.connect() as connection:
        values = {"kind": kind, "host": host, "seen": settings().seen_seconds}
        return connection.execute(found, values).first() is not None


def stop(engine: Engine, process_id: int) -> None:
    """Say that the process ends of its own will."""
    with light_transaction(engine) as connection:
        connection.execute(update(Process).where(Process.id == process_id).values(stopped_at=func.now()))
