"""The broker can be reached, but refuses to work, or only half of the network works. All heals by itself, soon."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import redis

from tests.faults.command import Command
from tests.faults.ground import Ground, OpenValkey
from tests.faults.newsroom import Newsroom
from tests.faults.wire import Wire

HEALS = 30.0  # seconds
WAITS = 8.0  # seconds that a command may take longer than with a sound broker
CLIENTS = 50  # the broker's limit
OPEN_FILES = 256  # the limit of each process
CONNECTIONS = 20  # of watcher, worker with two pool processes, backfill and beat together


@contextmanager
def full(client: redis.Redis, port: int) -> Iterator[None]:
    """Take all connections that the broker allows; those of the processes are closed before."""
    client.client_kill_filter(_type="normal", skipme=True)
    with ExitStack() as stack:
        for _ in range(CLIENTS):
            with suppress(OSError):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=1))
        yield


@contextmanager
def replica(client: redis.Redis) -> Iterator[None]:
    """Make the broker a replica of nothing: READONLY."""
    client.replicaof("127.0.0.1", 1)
    yield
    client.replicaof("NO", "ONE")


@contextmanager
def configured(client: redis.Redis, name: str, sick: str, well: str) -> Iterator[None]:
    """Set a setting of the broker."""
    client.config_set(name, sick)
    yield
    client.config_set(name, well)


@contextmanager
def refusing(wire: Wire, error: str) -> Iterator[None]:
    """Let the broker answer every command with an error."""
    wire.refuse(error)
    yield
    wire.heal()


@contextmanager
def swallowing(wire: Wire) -> Iterator[None]:
    """Let the network swallow everything."""
    wire.swallow()
    yield
    wire.heal()


def answering(newsroom: Newsroom) -> float:
    """Ask `status` and `doctor` at once; both answer. Return the seconds until both have ended."""
    commands = [
        Command(name, [name], newsroom.folder / f"{name}.log", newsroom.environment({}), "")
        for name in ("status", "doctor")
    ]
    began = time.monotonic()
    for command in commands:
        command.log.unlink(missing_ok=True)
        command.start()
    newsroom.wait(lambda: not any(command.running for command in commands), "status and doctor have answered")
    assert all(command.said() for command in commands)
    return time.monotonic() - began


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("ground", [{"port": True}], indirect=True, ids=["port"])
@pytest.mark.scenario(50, "a sick broker with few connections and files: each sickness heals")
def test_every_sickness_of_a_broker_heals(grounded: Newsroom, ground: Ground, wire: Wire) -> None:
    assert isinstance(ground.valkey, OpenValkey)
    port = ground.valkey.port
    grounded.broker_url = f"redis://127.0.0.1:{wire.port}/0"
    with redis.Redis(port=port) as client:
        client.config_set("maxclients", CLIENTS)
        for name in ("watch", "worker", "backfill", "beat"):
            process = grounded.start(name, *(["worker", "-q", "backfill"] if name == "backfill" else []))
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        grounded.wait(lambda: {"watch", "worker", "backfill", "beat"} <= grounded.alive(), "all processes are up")
        grounded.witness.start()
        sicknesses = {
            "READONLY": replica(client),
            "NOREPLICAS": configured(client, "min-replicas-to-write", "1", "0"),
            "NOAUTH": configured(client, "requirepass", "another", ""),
            "MISCONF": refusing(wire, "MISCONF Valkey is configured to save RDB snapshots, but it cannot persist"),
            "LOADING": refusing(wire, "LOADING Valkey is loading the dataset in memory"),
            "max number of clients": full(client, port),
            "network swallows": swallowing(wire),
        }
        quiet = answering(grounded)
        for name, sickness in sicknesses.items():
            grounded.wait(grounded.at_rest, "all is at rest")
            with sickness:
                grounded.fault(name)
                grounded.drop_all(range(len(grounded.drops), len(grounded.drops) + 3))
                assert answering(grounded) < quiet + WAITS, name
                # The number of a sickness that leaves a connection open at every try would grow all the time.
                if name not in ("max number of clients", "network swallows"):
                    assert int(client.info("clients")["connected_clients"]) <= CONNECTIONS, name
            grounded.healed()
            grounded.wait(grounded.at_rest, f"work goes on after {name}", HEALS)
            assert int(client.info("clients")["connected_clients"]) <= CONNECTIONS, name
    grounded.check()
    assert grounded.strikes() == []
    assert all(process.running for process in grounded.processes.values())
    assert all("Traceback" not in process.said() for process in grounded.processes.values())
