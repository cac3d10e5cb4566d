"""The companion of the embedded PostgreSQL: a small process that writes the server's log and guards its port.

It is run as a program (`python -I -S companion.py …`), so it imports nothing but the standard library. Its standard
input is a pipe whose other end is the standard error of every process of the server, so it ends when all of them have
ended.

* **The log.** A reader can make the server log as much as it likes. So a long line is cut, control characters are
  escaped, and the log is renamed when it is full.
* **The door** (only if a port is open). A connection that has not logged in yet takes one of the server's connections,
  and PostgreSQL cannot keep any for the owner. So the server listens on its socket only. The door listens on the port,
  and lets few connections through that have not logged in yet. It gives a low priority to the server's process of
  each reader.
"""

import asyncio
import contextlib
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LOG_BYTES = 5_000_000
"""At most so many bytes in the log; then it is renamed, and replaces the log that was renamed before."""
MAX_LINE_BYTES = 10_000
"""At most so many bytes of a line are written."""
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
LOW_PRIORITY = 12
"""The nice value of a reader's process; that of backfill is 10, and that of our other processes 0."""
PRIORITY_TRIES = 5
PRIORITY_PAUSE = 0.11
"""Wait so many seconds to the next try: Linux allows one change of a group's priority in a tenth of a second."""


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each line of a stream, cut to `MAX_LINE_BYTES`. The rest of a long line is never in memory."""
    held = b""
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            yield cut(held + piece)
            held = b""
        held += rest[: max(0, MAX_LINE_BYTES + 1 - len(held))]
    if held:
        yield cut(held)


def cut(line: bytes) -> bytes:
    """Return the line, or its beginning if it is too long."""
    return line if len(line) <= MAX_LINE_BYTES else line[:MAX_LINE_BYTES] + b" (cut)"


def escaped(line: bytes) -> bytes:
    """Return the line with control characters, and bytes that are no UTF-8, as escapes (`\\x1b`)."""
    text = line.decode("utf-8", "backslashreplace")
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() or sign == "\t" else ascii(sign)[1:-1] for sign in text)
    return text.encode()


class Log:
    """The server's log, in a folder that may belong to another user: no link is followed."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        self._file = self._open()

    def write(self, line: bytes) -> None:
        """Write a line. If the disk is full, the line is lost: the server must never wait for its log."""
        with contextlib.suppress(OSError):
            if os.fstat(self._file).st_size + len(line) > MAX_LOG_BYTES:
                self._rotate()
            os.write(self._file, line + b"\n")

    def _rotate(self) -> None:
        older = f"{self._name.removesuffix('.log')}.log.1"
        os.rename(self._name, older, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        fresh = self._open()
        os.close(self._file)
        self._file = fresh

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        file = os.open(self._name, flags, 0o600, dir_fd=self._folder)
        if os.geteuid() == 0:
            owner = os.fstat(self._folder)
            os.fchown(file, owner.st_uid, owner.st_gid)
        return file


def chunks_of(descriptor: int) -> Iterator[bytes]:
    """Yield what comes through a pipe until nobody can write to it any more."""
    while chunk := os.read(descriptor, CHUNK):
        yield chunk


@dataclass(frozen=True)
class Start:
    """The first message of a connection: its bytes, and for a login the role and the database (else empty)."""

    message: bytes
    role: str = ""
    database: str = ""
    cancels: bool = False


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Refused(Exception):
    """The connection is refused; the bytes of the message for the client, or none."""

    def __init__(self, message: bytes = b"") -> None:
        super().__init__()
        self.message = message


class Door:
    """Lets connections to the port through to the server's socket, if they log in as `role` to `database`."""

    def __init__(self, listener: socket.socket, server: str, role: str, database: str) -> None:
        self._listener = listener
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
                backend = await log_in(start, (reader, writer), (from_server, to_server), tasks)
                if backend is None:
                    await see_off(from_server, to_server)
                    return
                await entering.aclose()
                threading.Thread(target=lower_priority, args=(backend,), daemon=True).start()
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


async def log_in(start: Start, client: Streams, server: Streams, tasks: list[asyncio.Task[Any]]) -> int | None:
    """Let a client log in; return the server's process, or None if the client has gone or was refused.

    `tasks` gets the task that carries the client's bytes to the server, also after the login.
    """
    from_server, to_server = server
    to_server.write(start.message)
    if start.cancels:
        return None  # the server only closes the connection
    outward = asyncio.create_task(carry(client[0], to_server))
    inward = asyncio.create_task(see_login(from_server, client[1]))
    tasks.append(outward)
    try:
        await asyncio.wait([outward, inward], timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        return inward.result() if inward.done() else None
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


async def see_login(server: asyncio.StreamReader, client: asyncio.StreamWriter) -> int | None:
    """Pass the server's messages on until the login has ended. Return the server's process; None if it refused.

    The server tells the number of its process in the message `BackendKeyData`, before it takes any statement.
    """
    while True:
        head = await server.readexactly(5)
        kind, length = struct.unpack("!cI", head)
        message = head + await server.readexactly(length - 4)
        if kind == b"K":
            process = int(struct.unpack("!I", message[5:9])[0])
            set_priority(process)
        client.write(message)
        await client.drain()
        if kind == b"K":
            return process
        if kind == b"E":
            return None


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


def set_priority(process: int) -> None:
    """Give a process a low priority."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, LOW_PRIORITY)


def lower_priority(process: int) -> None:
    """Give also the group of a process a low priority, where Linux divides time between groups (autogroup)."""
    for _ in range(PRIORITY_TRIES):
        try:
            Path(f"/proc/{process}/autogroup").write_text(str(LOW_PRIORITY))
        except BlockingIOError:
            time.sleep(PRIORITY_PAUSE)
        except OSError:
            return
        else:
            return


def run(arguments: list[str]) -> None:
    """Write the log until the server has ended; with four more arguments, open the door, too."""
    log, *door = arguments
    set_priority(0)  # our own: all that costs time here is done for readers
    threading.Thread(target=lower_priority, args=(os.getpid(),), daemon=True).start()
    if door:
        listener, server, role, database = door
        taken = socket.socket(fileno=int(listener))
        opened = Door(taken, server, role, database)
        threading.Thread(target=guarded(opened), name="door", daemon=True).start()
    written = Log(Path(log))
    for line in lines(chunks_of(0)):
        written.write(escaped(line))


def guarded(door: Door) -> Callable[[], None]:
    """Return what the thread of the door does. An error there ends the process, which is then started again."""

    def stay() -> None:
        try:
            asyncio.run(door.stay_open())
        finally:
            os._exit(1)

    return stay


if __name__ == "__main__":
    run(sys.argv[1:])
