"""Rows of receivers: who is told, how far, and what happened at the last try.

A receiver goes on by number: it has been told every delivery up to `told_to`. Whoever sends to it claims it first, for
the time of a lease, as workers claim rows of the ledger. No transaction is open while a message is on its way.
"""

from typing import NamedTuple

from sqlalchemy import Connection, text

MOST_TOLD = 100
"""A message tells of at most so many deliveries."""
LEASE_SECONDS = 120
"""A claim ends after so many seconds. Sending has far shorter limits of its own."""
FIRST_PAUSE, LONGEST_PAUSE = 10, 3600
"""Seconds to the next try: after the first failure, then twice as long each time, and at the most."""

ADD = text(
    """
    INSERT INTO receivers (watch_list_id, kind, address, shown, secret, told_to)
    VALUES (:watch_list, :kind, :address, :shown, :secret, :told_to)
    """
)
KNOWN = text("""SELECT EXISTS (SELECT FROM receivers WHERE watch_list_id = :watch_list AND address = :address)""")
PLACES = text("""SELECT kind, address, shown, secret FROM receivers WHERE watch_list_id = :watch_list ORDER BY id""")
# With `skip_to`, whoever sends to it at this moment loses the claim, since its message is behind the receiver now.
RESUME = text(
    """
    UPDATE receivers
    SET paused_at = NULL, tries = 0, failing_since = NULL, failure = NULL, next_try_at = now(), lease_until = NULL,
        attempt = attempt + CASE WHEN CAST(:skip_to AS bigint) IS NULL THEN 0 ELSE 1 END,
        told_to = coalesce(:skip_to, told_to), sending_to = CASE WHEN :skip_to IS NULL THEN sending_to END
    WHERE watch_list_id = :watch_list
    """
)
PAUSE_ALL = text(
    """
    UPDATE receivers SET paused_at = now(), failure = :why, lease_until = NULL, attempt = attempt + 1
    WHERE paused_at IS NULL
    """
)
DUE = text(
    """
    SELECT r.id FROM receivers r JOIN watch_lists w ON w.id = r.watch_list_id
    WHERE w.paused_at IS NULL AND r.paused_at IS NULL AND r.next_try_at <= now()
      AND (r.lease_until IS NULL OR r.lease_until < now())
      AND r.told_to < (SELECT max(d.id) FROM deliveries d WHERE d.watch_list_id = r.watch_list_id)
    ORDER BY r.next_try_at, r.id
    """
)
# What is sent is fixed with the first try, so that the same message is sent again after a failure or a crash.
CLAIM = text(
    f"""
    UPDATE receivers r
    SET attempt = r.attempt + 1, lease_until = now() + make_interval(secs => {LEASE_SECONDS}),
        sending_to = coalesce(r.sending_to, (
            SELECT max(next.id) FROM (
                SELECT d.id FROM deliveries d WHERE d.watch_list_id = r.watch_list_id AND d.id > r.told_to
                ORDER BY d.id LIMIT {MOST_TOLD}) AS next))
    FROM watch_lists w
    WHERE r.id = :id AND w.id = r.watch_list_id AND w.paused_at IS NULL AND r.paused_at IS NULL
      AND r.next_try_at <= now() AND (r.lease_until IS NULL OR r.lease_until < now())
      AND EXISTS (SELECT FROM deliveries d WHERE d.watch_list_id = r.watch_list_id AND d.id > r.told_to)
    RETURNING r.id, r.attempt, r.watch_list_id, w.name, r.kind, r.address, r.secret, r.told_to, r.sending_to
    """
)
TOLD = text(
    """
    UPDATE receivers
    SET told_to = sending_to, sending_to = NULL, lease_until = NULL, tries = 0, failing_since = NULL, failure = NULL,
        last_told_at = CASE WHEN :was_sent THEN now() ELSE last_told_at END,
        next_try_at = now() + make_interval(secs => CASE WHEN :was_sent THEN :pause ELSE 0 END)
    WHERE id = :id AND attempt = :attempt
    """
)
FAILED = text(
    f"""
    UPDATE receivers
    SET lease_until = NULL, tries = tries + 1, failing_since = coalesce(failing_since, now()), failure = :why,
        next_try_at = now() + make_interval(secs => greatest(
            CAST(:wait AS double precision), least({FIRST_PAUSE} * power(2, least(tries, 20)), {LONGEST_PAUSE}))),
        paused_at = CASE WHEN :is_final OR failing_since < now() - make_interval(secs => :give_up) THEN now() END
    WHERE id = :id AND attempt = :attempt
    RETURNING paused_at IS NOT NULL
    """
)


class Place(NamedTuple):
    """Where a receiver is reached."""

    kind: str
    address: str
    shown: str
    secret: str | None


class Claim(NamedTuple):
    """The right to send one message to a receiver: the deliveries after `told_to`, up to `sending_to`."""

    id: int
    attempt: int
    watch_list_id: int
    watch_list: str
    kind: str
    address: str
    secret: str | None
    told_to: int
    sending_to: int


def add(connection: Connection, watch_list: int, place: Place, told_to: int) -> bool:
    """Add a receiver, which is told of the deliveries after `told_to`; False if the watch-list has this address."""
    if connection.execute(KNOWN, {"watch_list": watch_list, "address": place.address}).scalar_one():
        return False
    connection.execute(ADD, {"watch_list": watch_list, "told_to": told_to, **place._asdict()})
    return True


def places(connection: Connection, watch_list: int) -> list[Place]:
    """Return where the receivers of a watch-list are reached."""
    return [Place(*row) for row in connection.execute(PLACES, {"watch_list": watch_list})]


def resume(connection: Connection, watch_list: int, skip_to: int | None = None) -> None:
    """Let the receivers of a watch-list be told again, from where they stopped, or behind the delivery `skip_to`."""
    connection.execute(RESUME, {"watch_list": watch_list, "skip_to": skip_to})


def pause_all(connection: Connection, why: str) -> int:
    """Pause every receiver; return how many were not paused."""
    return connection.execute(PAUSE_ALL, {"why": why}).rowcount


def due(connection: Connection) -> list[int]:
    """Return the numbers of the receivers that may be told something now; who waits longest comes first."""
    return list(connection.execute(DUE).scalars())


def claim(connection: Connection, receiver: int) -> Claim | None:
    """Claim a receiver; None if another process sends to it, or there is nothing to tell it now."""
    row = connection.execute(CLAIM, {"id": receiver}).one_or_none()
    return Claim(*row) if row else None


def told(connection: Connection, claim: Claim, *, was_sent: bool, pause: float = 0) -> bool:
    """Store that the receiver took the message; the next one waits for `pause` seconds. False if the claim was lost.

    `was_sent`: there was anything to send; everything in the message may have been withdrawn before.
    """
    values = {"id": claim.id, "attempt": claim.attempt, "was_sent": was_sent, "pause": pause}
    return connection.execute(TOLD, values).rowcount == 1


def failed(
    connection: Connection, claim: Claim, why: str, *, give_up: float, wait: float = 0, is_final: bool = False
) -> bool:
    """Store that the receiver did not take the message; return whether it is paused now.

    It is paused if it has failed for more than `give_up` seconds, or if the failure `is_final`. The next try comes
    after `wait` seconds at the earliest.
    """
    values = {"id": claim.id, "attempt": claim.attempt, "why": why, "wait": wait, "is_final": is_final}
    return bool(connection.execute(FAILED, {**values, "give_up": give_up}).scalar())
