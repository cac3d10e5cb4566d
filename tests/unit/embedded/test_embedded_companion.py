"""The companion of the embedded PostgreSQL: the lines of the log, and the logins that its door lets through."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.embedded import companion
from worker.embedded.companion import Log, escaped, lines
from worker.embedded.door import MOST_LOGGING_IN, Door, Refused

READER = (b"user", b"onrecord_reader", b"database", b"onrecord")


def packet(*words: bytes, code: int = 3 << 16, end: bytes = b"\0") -> bytes:
    """Return the first message of a login."""
    body = b"".join(word + b"\0" for word in words) + end
    return struct.pack("!II", len(body) + 8, code) + body


@pytest.fixture
def door() -> Iterator[Door]:
    with socket.socket() as listener:
        yield Door(listener, "/nowhere", "onrecord_reader", "onrecord", print)


def test_a_long_line_is_cut_and_the_next_one_is_whole() -> None:
    stream = b"first\n" + b"x" * 20_000_000 + b"\nlast"
    got = list(lines(stream[at : at + 65536] for at in range(0, len(stream), 65536)))
    assert got == [b"first", b"x" * companion.MAX_LINE_BYTES + b" (cut)", b"last"]


def test_control_characters_are_escaped() -> None:
    assert escaped(b"a\x1b[2Jb\tc") == b"a\\x1b[2Jb\tc"
    assert escaped("Zürich \u202e\x85".encode()) == "Zürich \\u202e\\x85".encode()
    assert escaped(b"\xff\xc3") == b"\\xff\\xc3"


def test_the_log_and_its_elder_never_grow_past_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "MAX_LOG_BYTES", 10_000)
    log = Log(tmp_path / "postgres.log")
    for number in range(5_000):
        log.write(b"line %d" % number)
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"postgres.log", "postgres.log.1"}
    assert max(sizes.values()) <= 10_000
    assert (tmp_path / "postgres.log").read_text().endswith("line 4999\n")


def test_the_log_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "postgres.log").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic link"):
        Log(tmp_path / "postgres.log")


def test_the_reader_is_let_through(door: Door) -> None:
    login = packet(*READER, b"application_name", b"user")
    assert door._login(login, 3 << 16).message == login


@pytest.mark.parametrize(
    "login",
    [
        packet(b"user", b"onrecord", b"database", b"onrecord"),
        packet(b"user", b"onrecord_reader", b"database", b"postgres"),
        packet(b"user", b"onrecord_reader"),
        packet(*READER, b"user", b"onrecord"),
        packet(b"user", b"onrecord", *READER),
        packet(*READER, b"database", b"postgres"),
        packet(b"", b"", *READER),
        packet(*READER, b"", b"user", b"onrecord"),
        packet(*READER, b"user"),
        packet(*READER, end=b"x"),
        packet(b"database", b"onrecord"),
        packet(*READER, code=2 << 16),
    ],
)
def test_any_other_login_is_refused(door: Door, login: bytes) -> None:
    with pytest.raises(Refused):
        door._login(login, struct.unpack("!I", login[4:8])[0])


def test_no_more_places_are_taken_at_a_server_that_ends_its_connections_slowly(tmp_path: Path) -> None:
    """So it is on a busy machine: the server's process lives on for a while after its client has gone."""
    most = asyncio.run(most_at_once(tmp_path / "server", clients=4 * MOST_LOGGING_IN))
    assert most == MOST_LOGGING_IN


async def most_at_once(place: Path, clients: int) -> int:
    """Let clients send their starts and leave at once; return how many connections the server had at most."""
    there, most = set[object](), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal most
        there.add(writer)
        most = max(most, len(there))
        await reader.read()  # until the door has left
        await asyncio.sleep(0.1)
        there.remove(writer)
        writer.close()

    async def leave(address: tuple[str, int]) -> None:
        _, writer = await asyncio.open_connection(*address)
        writer.write(packet(*READER))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        door = Door(listener, str(place), "onrecord_reader", "onrecord", print)
        async with await asyncio.start_unix_server(serve, str(place)):
            opened = asyncio.create_task(door.stay_open())
            await asyncio.gather(*(leave(listener.getsockname()) for _ in range(clients)))
            opened.cancel()
            served = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait(served, timeout=30)
    return most
