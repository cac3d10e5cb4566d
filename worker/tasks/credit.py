"""A repair of kombu's Redis transport: an acknowledgement that fails gives its prefetch credit back.

kombu 5.7.0 keeps the credit of a message whose acknowledgement met a broken connection, and Celery only logs the
failure. With all credits gone the consumer stops listening to its socket, so that it never notices that the connection
is broken: a worker that was busy when the broker died never works again (compare celery/celery#8030, #7577).
Here messages are doorbells, and one that is delivered twice does no harm.
"""

from kombu.transport import redis as transport
from kombu.transport.virtual.base import QoS as Credits


class QoS(transport.QoS):
    """The credits of one channel."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge one message; its credit is free again even if the broker could not be told."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except self.channel.connection_errors:
            Credits.ack(self, delivery_tag)
            raise
