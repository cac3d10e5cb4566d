"""A broker that answers, but takes no messages or may lose messages."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis

from tests.integration.doctor.conftest import MakeSettings, Scratch, lines_of
from worker.cli.checks.broker import check_broker

Broken = Callable[[redis.Redis], object]


@contextmanager
def broken(scratch: Scratch, spoil: Broken, mend: Broken) -> Iterator[str]:
    """Put the broker into a bad state, and yield its URL."""
    with scratch.broker() as client:
        spoil(client)
        try:
            yield scratch.valkey.url
        finally:
            mend(client)


def test_a_sound_broker_keeps_nothing_of_the_check(scratch: Scratch, make_settings: MakeSettings) -> None:
    with scratch.broker() as client:
        client.flushall()
        (line,) = lines_of(check_broker(make_settings(broker_url=scratch.valkey.url)))
        assert line.startswith("ok broker: redis://")
        assert line.endswith(f"127.0.0.1:{scratch.valkey.port}/0 takes messages and gives them back.")
        assert client.keys() == []


STATES: dict[str, tuple[Broken, Broken, str]] = {
    "full": (
        lambda client: client.config_set("maxmemory", 1),
        lambda client: client.config_set("maxmemory", 0),
        "The broker's memory is full: raise its maxmemory",
    ),
    "read only": (
        lambda client: client.replicaof("127.0.0.1", 1),
        lambda client: client.replicaof("NO", "ONE"),
        "This server is a replica, which takes no messages: put the primary into ONRECORD_BROKER_URL.",
    ),
    "no password given": (
        lambda client: client.config_set("requirepass", "right"),
        lambda client: client.config_set("requirepass", ""),
        "The user or the password in ONRECORD_BROKER_URL is wrong",
    ),
}


@pytest.mark.parametrize("fault", STATES)
def test_a_broker_that_takes_no_messages_is_explained(
    fault: str, scratch: Scratch, make_settings: MakeSettings
) -> None:
    spoil, mend, expected = STATES[fault]
    with broken(scratch, spoil, mend) as url:
        (line,) = lines_of(check_broker(make_settings(broker_url=url)))
    assert line.startswith("problem broker: ")
    assert expected in line
    assert "Nothing is lost meanwhile." in line


def test_a_wrong_password_is_explained_and_not_shown(scratch: Scratch, make_settings: MakeSettings) -> None:
    _, mend, expected = STATES["no password given"]
    with broken(scratch, lambda client: client.config_set("requirepass", "right"), mend) as url:
        (line,) = lines_of(check_broker(make_settings(broker_url=url.replace("//", "//:hidden@"))))
    assert expected in line
    assert "hidden" not in line


def test_a_broker_that_is_paused_is_told_in_bounded_time(scratch: Scratch, make_settings: MakeSettings) -> None:
    pid = scratch.valkey.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        start = time.monotonic()
        (line,) = lines_of(check_broker(make_settings(broker_url=scratch.valkey.url)))
        assert time.monotonic() - start < 30
    finally:
        os.kill(pid, signal.SIGCONT)
    assert line.startswith("problem broker: ")
    assert "No answer came: the server may be stopped" in line


def test_a_broker_that_throws_messages_away_is_told(scratch: Scratch, make_settings: MakeSettings) -> None:
    def small(client: redis.Redis) -> None:
        client.config_set("maxmemory-policy", "allkeys-lru")
        client.config_set("maxmemory", "1gb")

    def usual(client: redis.Redis) -> None:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", 0)

    with broken(scratch, small, usual) as url:
        lines = lines_of(check_broker(make_settings(broker_url=url)))
    assert lines[1].startswith("warning broker: A full broker throws messages away (maxmemory-policy allkeys-lru).")


def test_a_broker_that_is_nearly_full_is_told(scratch: Scratch, make_settings: MakeSettings) -> None:
    def tight(client: redis.Redis) -> None:
        for number in range(200):  # small values, since data that are being sent count as used memory too
            client.set(f"ballast {number}", bytes(100_000))
        used = client.info("memory")["used_memory"]
        client.config_set("maxmemory", int(1.05 * used))

    def roomy(client: redis.Redis) -> None:
        client.config_set("maxmemory", 0)
        client.flushall()

    with broken(scratch, tight, roomy) as url:
        lines = lines_of(check_broker(make_settings(broker_url=url)))
    assert any(line.startswith("warning broker: The broker's memory is nearly full:") for line in lines), lines
