"""What tests use outside the product: the environment of a command, what it prints, and a client of the broker."""

import os
import re

import redis

WAITING = re.compile(rb"onrecord: waiting for [^\n]*\(\d+ s so far\)\n")
"""What a command says on a slow machine while it waits; the seconds differ from run to run."""


def without_settings() -> dict[str, str]:
    """Return the environment of this process without the developer's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}


LATER = "\x06\x169"
"""kombu adds this to the name of the list in which the messages of a queue are that come after all others."""


def messages(client: redis.Redis, queue: str) -> int:
    """Return how many messages the broker has for a queue."""
    return sum(int(client.llen(name)) for name in (queue, queue + LATER))


def client_of(broker_url: str) -> redis.Redis:
    """Return a client of the Redis or Valkey that Celery's `broker_url` names. Close it, or use it in a `with`."""
    return redis.Redis.from_url(broker_url.replace("redis+socket://", "unix://").split("?")[0])
