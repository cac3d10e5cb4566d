"""kombu's channel to Redis and Valkey, for messages that may be lost.

It differs from kombu's own in these points. It never writes to the broker except to send a message, and to take one
from a queue: kombu also keeps a copy of every message that is not acknowledged yet, a table of queues, and a lock for
both. All of these are of no use to doorbells, and a broker that refuses writes would refuse them. It has one pool of
connections, not two. And it closes its connections whatever the broker answers: kombu leaves them open when the broker
refuses a command in the middle of closing, so that a worker opened two more each second.
"""

from contextlib import suppress
from queue import Empty
from typing import Any

from kombu.transport import redis as transport
from kombu.utils.encoding import bytes_to_str
from redis import ConnectionPool
from redis.exceptions import RedisError

from worker.store.queues import QUEUES
from worker.tasks import reception
from worker.tasks.message import NotOurs, refuse, unpacked

CONNECTIONS = 2
"""At most so many connections of a channel: one that waits for messages, and one for everything else."""


class Channel(transport.Channel):
    """A channel of kombu that sends doorbells, and takes them from queues."""

    _in_poll: Any
    ack_emulation = False
    do_restore = False

    def __init__(self, connection: Any, **options: Any) -> None:
        try:
            super().__init__(connection, **options)  # type: ignore[no-untyped-call]
        except Exception:
            # Otherwise each failed try would use up one of 65,535 numbers, until no channel could be opened any more.
            with suppress(ValueError, AttributeError):
                connection._used_channel_ids.remove(self.channel_id)
            raise

    @property
    def pool(self) -> ConnectionPool:
        """The one pool of connections."""
        pool: ConnectionPool = self.async_pool
        return pool

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Store no binding of our queues: messages are sent to them by their names."""
        if queue not in QUEUES:
            super()._queue_bind(exchange, routing_key, pattern, queue)  # type: ignore[no-untyped-call]

    def _brpop_read(self, **options: Any) -> bool:
        """Take one message. One in a queue of ours that is not ours is refused; it has left the queue for good."""
        try:
            answer = self.client.parse_response(self.client.connection, "BRPOP", **options)
        except self.connection_errors:
            self.client.connection.disconnect()
            raise
        finally:
            self._in_poll = None
        reception.hears()
        if not answer:
            raise Empty
        key, item = answer
        queue = key.decode().rsplit(self.sep, 1)[0]
        self._queue_cycle.rotate(queue)
        try:
            envelope = unpacked(item, queue) if queue in QUEUES else transport.loads(bytes_to_str(item))
        except NotOurs as strange:
            refuse(strange)
            raise Empty from None
        self.connection._deliver(envelope, queue)
        return True

    def close(self) -> None:
        """Close the channel and its connections. Messages that were taken, but not begun, go back to their queue."""
        is_sound = not self.closed
        if self._in_poll:
            try:
                self._brpop_read()
            except Empty:
                pass
            except Exception:  # the broker is away or refuses
                is_sound = False
        if is_sound:
            self._give_back()
        with suppress(RedisError, OSError, KeyError):
            super().close()  # type: ignore[no-untyped-call]
        self._disconnect_pools()  # type: ignore[no-untyped-call]

    def _give_back(self) -> None:
        if self._qos is None:
            return
        self._qos._flush()
        taken = [message._raw for message in self._qos._delivered.values()]
        self._qos._delivered.clear()
        with suppress(RedisError, OSError):
            for envelope in taken:
                self._put(envelope["properties"]["delivery_info"]["routing_key"], envelope)  # type: ignore[no-untyped-call]


def use() -> None:
    """Let all connections of this process to Redis or Valkey use this channel."""
    transport.Transport.Channel = Channel
