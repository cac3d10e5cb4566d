"""The door of the embedded PostgreSQL: it leads from the port to the server's socket (a thread of the companion).

A connection that has not logged in yet takes one of the server's connections, and PostgreSQL cannot keep any for the
owner. So the server listens on its socket only. The door listens on the port, and lets few connections through that
have not logged in yet. It gives a low priority to the server's process of each reader.

`companion.py` loads it if a port is open, and is no package; so this imports nothing but the standard library.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

CHUNK = 1 << 16

START_SECONDS = 5.0
"""Wait at most so many seconds for the first message of a connection, and then as long again for its login."""
MOST_WAITING = 100
"""At most so many connections that have sent nothing yet; after that, each new one closes the oldest."""
MOST_LOGGING_IN = 20
"""At most so many connections that have not logged in yet reach the server; each new one closes the oldest.

It waits until the server's process of the one that was closed has ended, which takes long on a busy machine.
"""
LONGEST_START = 10_000  # as in PostgreSQL (MAX_STARTUP_PACKET_LENGTH)
SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102


@dataclass(frozen=True)
class Start:
    """The first message of a connection: its bytes, and for a login the role and the database (else empty)."""

    message: bytes
    role: str = ""
    database: str = ""
    cancels: bool = False


LowerPriority = Callable[[int], None]
"""Gives a process a low priority, and returns at once."""
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Refused(Exception):
    """The connection is refused; the bytes of the message for the client, or none."""

    def __init__(self, message: bytes = b"") -> None:
        super().__init__()
        self.message = message


class Door:
    """Lets connections to the port through to the server's socket, if they log in as `role` to `database`."""

    def __init__(
        self, listener: socket.socket, server: str, role: str, database: str, lower_priority: LowerPriority
    ) -> None:
        self._listener = listener
        self._lower_priority = lower_priority
        self._server = server
        self._allowed = (role, database)
        self._waiting: list[asyncio.StreamWriter] = []
        self._logging_in: list[asyncio.StreamWriter] = []
        self._places = asyncio.Semaphore(MOST_LOGGING_IN)

    async def stay_open(self) -> None:
        """Accept connections for ever."""
        async with await asyncio.start_server(self._meet, sock=self._listener, backlog=128) as server:
            await server.serve_forever()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        with contextlib.suppress(OSError, EOFError, TimeoutError, struct.error):
            try:
                keep_alive(writer)
                with placed(self._waiting, writer, MOST_WAITING):
                    async with asyncio.timeout(START_SECONDS):
                        start = await self._first_message(reader, writer)
                await self._lead(start, reader, writer)
            except Refused as refused:
                writer.write(refused.message)
                await writer.drain()
            finally:
                writer.close()

    async def _first_message(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Start:
        """Return the first message. We refuse encryption: the port is only on 127.0.0.1."""
        while True:
            head = await reader.readexactly(8)
            length, code = struct.unpack("!II", head)
            if code in (SSL_REQUEST, GSS_REQUEST) and length == 8:
                writer.write(b"N")
                await writer.drain()
                continue
            if not 8 < length <= LONGEST_START:
                raise Refused
            message = head + await reader.readexactly(length - 8)
            if code == CANCEL_REQUEST:
                return Start(message, cancels=True)
            return self._login(message, code)

    def _login(self, message: bytes, code: int) -> Start:
        """Return the start of a login that may go on. Raise `Refused` for other roles and databases.

        On the server's socket other roles need no password, so the role is compared here, and must be named once.
        """
        if code >> 16 != 3 or not message.endswith(b"\0\0"):
            raise Refused
        words = message[8:-2].split(b"\0")
        named = list(zip(words[::2], words[1::2], strict=False))
        roles = [value for name, value in named if name == b"user"]
        databases = [value for name, value in named if name == b"database"]
        if len(words) % 2 or len(roles) != 1 or len(databases) > 1 or b"" in words[::2]:
            raise Refused(error("invalid startup packet", "08P01"))
        role = roles[0].decode("utf-8", "backslashreplace")
        database = databases[0].decode("utf-8", "backslashreplace") if databases else role
        if (role, database) != self._allowed:
            place = f'host "127.0.0.1", user "{role}", database "{database}", no encryption'
            raise Refused(error(f"no pg_hba.conf entry for {place}", "28000"))
        return Start(message, role, database)

    async def _lead(self, start: Start, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect to the server, and carry bytes both ways until one side ends."""
        tasks: list[asyncio.Task[Any]] = []
        async with contextlib.AsyncExitStack() as entering:
            entering.enter_context(placed(self._logging_in, writer, MOST_LOGGING_IN))
            await entering.enter_async_context(self._places)
            if writer.is_closing():
                return
            from_server, to_server = await asyncio.open_unix_connection(self._server)
            try:
                server = from_server, to_server
                if not await log_in(start, (reader, writer), server, tasks, self._lower_priority):
                    await see_off(from_server, to_server)
                    return
                await entering.aclose()
                tasks.append(asyncio.create_task(carry(from_server, writer)))
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                to_server.close()


@contextlib.contextmanager
def placed(crowd: list[asyncio.StreamWriter], writer: asyncio.StreamWriter, most: int) -> Iterator[None]:
    """Count a connection in a crowd. If the crowd is too large, close the oldest, which is most likely idle."""
    crowd.append(writer)
    if len(crowd) > most:
        crowd.pop(0).transport.abort()
    try:
        yield
    finally:
        if writer in crowd:
            crowd.remove(writer)
        elif writer.is_closing():
            raise EOFError


async def log_in(
    start: Start, client: Streams, server: Streams, tasks: list[asyncio.Task[Any]], lower_priority: LowerPriority
) -> bool:
    """Let a client log in; return False if the client has gone or was refused.

    `tasks` gets the task that carries the client's bytes to the server, also after the login.
    """
    from_server, to_server = server
    to_server.write(start.message)
    if start.cancels:
        return False  # the server only closes the connection
    outward = asyncio.create_task(carry(client[0], to_server))
    inward = asyncio.create_task(see_login(from_server, client[1], lower_priority))
    tasks.append(outward)
    try:
        await asyncio.wait([outward, inward], timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        return inward.done() and inward.result()
    finally:
        inward.cancel()
        await asyncio.wait([inward])  # it reads from the server, and only one may


async def see_off(from_server: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
    """Wait until the server has ended a connection that did not log in: until then it takes one of the places."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(START_SECONDS):
            to_server.write_eof()
            while await from_server.read(CHUNK):
                pass


async def see_login(server: asyncio.StreamReader, client: asyncio.StreamWriter, lower_priority: LowerPriority) -> bool:
    """Pass the server's messages on until the login has ended. Return False if the server refused.

    The server tells the number of its process in the message `BackendKeyData`, before it takes any statement. From then
    on this process has a low priority.
    """
    while True:
        head = await server.readexactly(5)
        kind, length = struct.unpack("!cI", head)
        message = head + await server.readexactly(length - 4)
        if kind == b"K":
            lower_priority(int(struct.unpack("!I", message[5:9])[0]))
        client.write(message)
        await client.drain()
        if kind == b"K":
            return True
        if kind == b"E":
            return False


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Carry bytes until the source ends or the target is gone."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
        await target.drain()


def error(message: str, code: str) -> bytes:
    """Return PostgreSQL's message of an error that ends a connection."""
    values = {"S": "FATAL", "V": "FATAL", "C": code, "M": message}
    fields = b"".join(f"{name}{value}\0".encode() for name, value in values.items())
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"


def keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let the system find out within minutes that the client's machine is gone."""
    ours: socket.socket = writer.get_extra_info("socket")
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def stand(listener: socket.socket, server: str, role: str, database: str, lower_priority: LowerPriority) -> None:
    """Let connections through for ever."""
    asyncio.run(Door(listener, server, role, database, lower_priority).stay_open())
