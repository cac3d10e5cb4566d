"""Rows of running processes, with their heartbeats; the claims of a process end when it is not seen any more."""

import os
import socket
import time
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from worker import __version__
from worker.reasons import Hindrance
from worker.settings import settings
from worker.store.db.engine import LIGHTLY, light_transaction, single_statements

HEARTBEAT_SECONDS = 2.0
"""Wait so many seconds between two heartbeats of a process."""

REGISTER = text(
    """
    INSERT INTO processes (kind, host, pid, version, queues)
    VALUES (:kind, :host, :pid, :version, CAST(:queues AS text[]))
    RETURNING id
    """
)
HEARTBEAT = text(
    f"""
    UPDATE processes p
    SET last_seen = clock_timestamp(),
        last_finished = CASE WHEN :finished THEN clock_timestamp() ELSE p.last_finished END,
        stopped_at = NULL, trouble = :trouble, folders_away = CAST(:folders_away AS text[]),
        folders_unreadable = CAST(:folders_unreadable AS text[]), events_lost = :events_lost,
        detail = :detail,
        clock_ahead = CAST(:clock AS double precision) - extract(epoch FROM clock_timestamp())
    FROM (SELECT last_seen FROM processes WHERE id = :id) AS before
    WHERE p.id = :id
    RETURNING extract(epoch FROM now() - before.last_seen), {LIGHTLY}
    """
)
UNSEEN = text("""SELECT extract(epoch FROM now() - last_seen) FROM processes WHERE id = :id""")
ALIVE = text(
    """
    SELECT 1 FROM processes
    WHERE kind = :kind AND stopped_at IS NULL AND host = coalesce(:host, host)
      AND last_seen > clock_timestamp() - make_interval(secs => :seen_seconds)
    LIMIT 1
    """
)
SERVES = text(
    """
    SELECT 1 FROM processes
    WHERE stopped_at IS NULL AND last_seen > clock_timestamp() - make_interval(secs => :seen_seconds)
      AND CAST(:queue AS text) = ANY (queues) AND CAST(:but_not AS text) <> ALL (queues)
    LIMIT 1
    """
)
STOP = text("""UPDATE processes SET stopped_at = now() WHERE id = :id""")


def register(engine: Engine, kind: str, queues: Sequence[str] = ()) -> int:
    """Add a row for this process (`watch`, `worker`, `backfill` or `beat`) and its queues; return its id.

    The transaction waits for the disk. Otherwise a crash of the server could lose the row while the process lives on.
    Every claim of this process would then count as the claim of a dead process.
    """
    with engine.begin() as connection:
        machine = {"host": socket.gethostname(), "pid": os.getpid()}
        values = {"kind": kind, **machine, "version": __version__, "queues": list(queues)}
        return int(connection.execute(REGISTER, values).scalar_one())


def heartbeat(
    engine: Engine,
    process_id: int,
    *,
    finished: bool = False,
    trouble: Hindrance | None = None,
    folders_away: Sequence[str] = (),
    folders_unreadable: Sequence[str] = (),
    events_lost: int = 0,
    detail: str | None = None,
) -> float:
    """Store that the process lives; return the seconds since it was last seen.

    `finished`: since the last heartbeat the process has ended a task or a scan (beat: it has rung). Programs read
    `trouble`, `folders_away`, `folders_unreadable` and `events_lost`; `detail` tells people the same. How far the clock
    of this machine is ahead is stored too, since no other machine can see that clock. A process that was declared dead
    and then goes on (it had been paused) counts as alive again, but its claims have ended.
    """
    with single_statements(engine) as connection:
        values = {
            "id": process_id,
            "finished": finished,
            "trouble": trouble,
            "folders_away": list(folders_away),
            "folders_unreadable": list(folders_unreadable),
            "events_lost": events_lost,
            "detail": detail,
            "clock": time.time(),
        }
        row = connection.execute(HEARTBEAT, values).first()
    return float(row[0]) if row else 0.0


def unseen(connection: Connection, process_id: int) -> float:
    """Return the seconds since a process was last seen, by the database's clock when this transaction began."""
    return float(connection.execute(UNSEEN, {"id": process_id}).scalar() or 0.0)


def alive(engine: Engine, kind: str, host: str | None = None) -> bool:
    """True if a process of this kind was seen during the last `seen_seconds` (on the machine `host`, if given)."""
    with single_statements(engine) as connection:
        values = {"kind": kind, "host": host, "seen_seconds": settings().seen_seconds}
        return connection.execute(ALIVE, values).first() is not None


def any_serves(engine: Engine, queue: str, *, but_not: str) -> bool:
    """True if a process that was seen during the last `seen_seconds` serves the one queue, but not the other."""
    with single_statements(engine) as connection:
        values = {"queue": queue, "but_not": but_not, "seen_seconds": settings().seen_seconds}
        return connection.execute(SERVES, values).first() is not None


def stop(engine: Engine, process_id: int) -> None:
    """Store that the process stops; the process itself calls this."""
    with light_transaction(engine) as connection:
        connection.execute(STOP, {"id": process_id})
