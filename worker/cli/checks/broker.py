"""The broker: whether it takes a message and gives it back."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from worker.cli.checks.address import wrong_broker_url
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.cli.checks.refusals import BROKER, explain, one_line

if TYPE_CHECKING:
    from worker.settings import Settings

SECONDS = 3.0
NEARLY_FULL = 0.9
# Nothing is tried twice: the next check does.
REDIS = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS, "max_retries": 0, "retry_on_timeout": False}


def check_broker(found: "Settings") -> Iterator[Finding]:
    """A message of our own there and back; the broker's own numbers where it is Redis or Valkey."""
    from kombu import Connection

    url = found.broker_url
    if wrong := wrong_broker_url(url):
        yield wrong
        return
    redis = url.startswith(("redis", "sentinel"))
    options: dict[str, Any] = dict(REDIS) if redis else {"read_timeout": SECONDS, "write_timeout": SECONDS}
    connection = Connection(url, connect_timeout=SECONDS, transport_options=options)
    shown = connection.as_uri()
    try:
        there_and_back(connection)
        numbers = redis_numbers(connection) if redis else {}
    except Exception as error:  # of whichever transport it is
        said = one_line(str(error) or type(error).__name__)
        todo = explain(f"{said} {type(error).__name__}", BROKER, "ONRECORD_BROKER_URL")
        yield problem("broker", f"{shown} does not take messages: {said}", f"{todo} Nothing is lost meanwhile.")
        return
    finally:
        connection.release()
    yield ok("broker", f"{shown} takes messages and gives them back.")
    yield from check_memory(numbers)


def there_and_back(connection: Any) -> None:
    """Send a message to a queue of our own and take it off again; leaves nothing behind."""
    queue = connection.SimpleQueue(f"onrecord-doctor-{os.getpid()}", no_ack=True, queue_opts={"auto_delete": True})
    try:
        queue.put({"question": "are you there?"}, serializer="json")
        queue.get(block=True, timeout=SECONDS)
    finally:
        queue.queue.delete()
        queue.close()


def redis_numbers(connection: Any) -> dict[str, Any]:
    """What a Redis or Valkey says of its memory; nothing where that command is not allowed."""
    from redis.exceptions import ResponseError

    try:
        return dict(connection.default_channel.client.info("memory"))
    except ResponseError:
        return {}


def check_memory(numbers: dict[str, Any]) -> Iterator[Finding]:
    """Whether it is about to fill up, or to throw messages away."""
    most, used = int(numbers.get("maxmemory", 0)), int(numbers.get("used_memory", 0))
    policy = str(numbers.get("maxmemory_policy", "noeviction"))
    if most and policy != "noeviction":
        said = f"A full broker throws messages away (maxmemory-policy {policy})."
        yield warning("broker", said, "Set it to noeviction; lost messages are sent again, but a minute late.")
    if most and used > NEARLY_FULL * most:
        said = f"The broker's memory is nearly full: {used / 1e6:,.0f} of {most / 1e6:,.0f} MB."
        yield warning("broker", said, "Raise its maxmemory; Onrecord itself needs about 1 MB.")
