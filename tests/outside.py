"""What tests share of the world outside the product: the environment of a command, and the broker behind a URL."""

import os

import redis


def without_settings() -> dict[str, str]:
    """This process's environment without the developer's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}


def client_of(broker_url: str) -> redis.Redis:
    """A client of the Redis or Valkey that Celery reaches by `broker_url`; to be closed, or used in a `with`."""
    return redis.Redis.from_url(broker_url.replace("redis+socket://", "unix://").split("?")[0])
