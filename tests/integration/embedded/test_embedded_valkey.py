"""A Valkey that runs, but refuses or hangs: it is not started again, nothing waits for it, no connection stays open."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import redis
from kombu import Consumer
from kombu.asynchronous import Hub
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker.embedded.errors import ServerFailed
from worker.embedded.layout import lay_out
from worker.embedded.valkey import PATIENCE, Valkey
from worker.tasks.app import make_app

CLIENTS = 50


@pytest.fixture
def valkey(used_home: Path) -> Iterator[Valkey]:
    """A running Valkey without PostgreSQL."""
    made = Valkey(lay_out(used_home))
    made.ensure()
    yield made
    made.stop()


def client_of(valkey: Valkey) -> redis.Redis:
    """Return a client of Valkey."""
    return redis.Redis(unix_socket_path=str(valkey.socket))


def test_the_socket_belongs_to_the_servers_user_alone(valkey: Valkey) -> None:
    for place in (valkey.socket, valkey.socket.parent):
        assert place.stat().st_mode & 0o077 == 0
        assert place.stat().st_uid == valkey.socket.stat().st_uid


def test_a_server_without_a_free_connection_answers(valkey: Valkey) -> None:
    with client_of(valkey) as client, ExitStack() as stack:
        client.config_set("maxclients", CLIENTS)
        for _ in range(CLIENTS):
            line = stack.enter_context(socket.socket(socket.AF_UNIX))
            with suppress(OSError):
                line.connect(str(valkey.socket))
        pid = valkey.pid()
        assert all(valkey.answers() for _ in range(10))
        valkey.ensure()
        assert valkey.pid() == pid


def test_a_server_that_hangs_is_not_waited_for(valkey: Valkey) -> None:
    pid = valkey.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    try:
        with pytest.raises(ServerFailed, match="runs but does not answer"):
            valkey.ensure()
        assert time.monotonic() - began < 2 * PATIENCE + 1
    finally:
        os.kill(pid, signal.SIGCONT)
    valkey.ensure()
    assert valkey.pid() == pid


@pytest.mark.parametrize(
    "refusal", ["min-replicas-to-write 1", "replicaof 127.0.0.1 1"], ids=["NOREPLICAS", "READONLY"]
)
def test_a_broker_that_refuses_leaves_no_connection_open(valkey: Valkey, refusal: str) -> None:
    app = make_app(valkey.url)
    with client_of(valkey) as client:
        before = client.info("clients")["connected_clients"]
        name, *values = refusal.split()
        if name == "replicaof":
            client.replicaof(*values)
        else:
            client.config_set(name, *values)
        for _ in range(10):
            connection = app.connection_for_read()
            connection.transport.register_with_event_loop(
                connection.connection, Hub()
            )  # kombu's own channel writes here
            consumer = Consumer(connection.default_channel, queues=[app.amqp.queues["intake"]], callbacks=[print])
            consumer.consume()
            with pytest.raises((RedisError, OperationalError)):
                connection.drain_events(timeout=2)
            connection.close()
        assert client.info("clients")["connected_clients"] <= before + 1
