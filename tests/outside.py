"""Things outside the product that tests use: the environment of a command, and a client of the broker."""

import os

import redis


def without_settings() -> dict[str, str]:
    """Return the environment of this process without the developer's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}


def client_of(broker_url: str) -> redis.Redis:
    """Return a client of the Redis or Valkey that Celery's `broker_url` names. Close it, or use it in a `with`."""
    return redis.Redis.from_url(broker_url.replace("redis+socket://", "unix://").split("?")[0])
