"""The check of the broker, which must take a message and give the message back."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from worker.cli.checks.address import wrong_broker_url
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.cli.checks.refusals import BROKER, explain, one_line

if TYPE_CHECKING:
    from kombu import Connection

    from worker.settings import Settings

SECONDS = 2.0
"""Wait at most this many seconds for each answer of the broker."""
NEARLY_FULL = 0.9
"""Ignore a use of memory up to this share of the memory that the broker may use."""
# One attempt only, so that the check ends soon; the user can run it again.
REDIS: dict[str, object] = {
    "socket_timeout": SECONDS,
    "socket_connect_timeout": SECONDS,
    "max_retries": 0,
    "retry_on_timeout": False,
}


class Memory(NamedTuple):
    """The memory of a Redis or Valkey in bytes (limit 0: no limit), and its policy when the memory is full."""

    limit: int
    used: int
    policy: str


def check_broker(settings: "Settings") -> Iterator[Finding]:
    """Send a message and receive it again. For Redis and Valkey, also check the memory."""
    from kombu import Connection

    url = settings.broker_url
    if wrong := wrong_broker_url(url):
        yield wrong
        return
    is_redis = url.startswith(("redis", "sentinel"))
    options = dict(REDIS) if is_redis else {"read_timeout": SECONDS, "write_timeout": SECONDS}
    connection = Connection(url, connect_timeout=SECONDS, transport_options=options)
    shown = connection.as_uri()
    try:
        send_and_receive(connection)
        memory = memory_of_redis(connection) if is_redis else None
    except Exception as error:  # each transport of kombu has its own exceptions
        message = one_line(str(error) or type(error).__name__)
        todo = explain(f"{message} {type(error).__name__}", BROKER, "ONRECORD_BROKER_URL")
        yield problem("broker", f"{shown} does not take messages: {message}", f"{todo} Nothing is lost meanwhile.")
        return
    finally:
        connection.release()
    yield ok("broker", f"{shown} takes messages and gives them back.")
    if memory is not None:
        yield from check_memory(memory)


def send_and_receive(connection: "Connection") -> None:
    """Send a message to a queue that only this check uses, receive it, and delete the queue.

    A broker that fails is not asked again: each question to a silent broker takes `SECONDS`.
    """
    from kombu import Exchange, Queue

    name = f"onrecord-doctor-{os.getpid()}"
    queue = connection.SimpleQueue(Queue(name, Exchange(""), routing_key=name, auto_delete=True), no_ack=True)
    queue.put({"question": "are you there?"}, serializer="json")
    try:
        queue.get(block=True, timeout=SECONDS)
    except queue.Empty:
        queue.clear()
        raise
    queue.consumer.cancel()  # RabbitMQ tells whoever still reads from a queue that it is deleted, and kombu raises that
    queue.queue.delete()
    queue.close()


def memory_of_redis(connection: "Connection") -> Memory | None:
    """Return the memory of a Redis or Valkey; None if the broker refuses to tell it."""
    from redis.exceptions import ResponseError

    try:
        numbers = connection.default_channel.client.info("memory")  # type: ignore[attr-defined]
    except ResponseError:
        return None
    return Memory(
        int(numbers.get("maxmemory", 0)),
        int(numbers.get("used_memory", 0)),
        str(numbers.get("maxmemory_policy", "noeviction")),
    )


def check_memory(memory: Memory) -> Iterator[Finding]:
    """Warn if the broker's memory is nearly full, or if a full broker throws messages away."""
    if memory.limit and memory.policy != "noeviction":
        message = f"A full broker throws messages away (maxmemory-policy {memory.policy})."
        yield warning("broker", message, "Set it to noeviction; lost messages are sent again, but a minute late.")
    if memory.limit and memory.used > NEARLY_FULL * memory.limit:
        message = f"The broker's memory is nearly full: {memory.used / 1e6:,.0f} of {memory.limit / 1e6:,.0f} MB."
        yield warning("broker", message, "Raise its maxmemory; Onrecord itself needs about 1 MB.")
