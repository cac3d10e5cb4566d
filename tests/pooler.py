"""A pooler in front of PostgreSQL, as PgBouncer is one: it lends few sessions to many clients.

Like PgBouncer, it refuses the startup parameter `options`, and tells each client a number of a process that is not the
number of the session's. It needs a server that asks for no password.
"""

import contextlib
import select
import socket
import struct
import threading
from pathlib import Path

SSL_REQUEST, GSS_REQUEST, PROTOCOL = 80877103, 80877104, 196608
STARTUP_REFUSED = "unsupported startup parameter: options"
IDLE = b"I"


def read(stream: socket.socket, size: int) -> bytes:
    """Read exactly `size` bytes. Raises `ConnectionError` at the end of the stream."""
    parts = bytearray()
    while len(parts) < size:
        piece = stream.recv(size - len(parts))
        if not piece:
            raise ConnectionError
        parts += piece
    return bytes(parts)


def message(stream: socket.socket) -> bytes:
    """Read one message: its kind, its length and its body."""
    head = read(stream, 5)
    return head + read(stream, struct.unpack("!I", head[1:])[0] - 4)


def packed(kind: bytes, body: bytes) -> bytes:
    """Return one message."""
    return kind + struct.pack("!I", len(body) + 4) + body


class Pooler:
    """`lends`: "session" or "transaction". Sessions that are free are lent again, the last one first."""

    def __init__(self, server: Path, user: str, database: str, lends: str) -> None:
        self._server, self._user, self._database = server, user, database
        self._lends = lends
        self._free: list[socket.socket] = []
        self._greeting = b""
        self._clients = 0
        self._opened: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._free.append(self._session())
        threading.Thread(target=self._accept, name="pooler", daemon=True).start()

    @property
    def url(self) -> str:
        """The URL of the database through the pooler."""
        return f"postgresql://{self._user}@127.0.0.1:{self.port}/{self._database}"

    def close(self) -> None:
        """Stop listening, and close all connections."""
        for one in (self._listening, *self._opened):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._opened.append(client)
                threading.Thread(target=self._serve, args=(client,), name="pooled", daemon=True).start()

    def _session(self) -> socket.socket:
        """Log in to the server; keep what it says about itself for the clients."""
        session = socket.socket(socket.AF_UNIX)
        self._opened.append(session)
        session.connect(str(self._server))
        words = ["user", self._user, "database", self._database, "client_encoding", "UTF8"]
        body = struct.pack("!I", PROTOCOL) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
        session.sendall(struct.pack("!I", len(body) + 4) + body)
        greeting = b""
        while not (said := message(session)).startswith(b"Z"):
            greeting += b"" if said.startswith(b"K") else said
        self._greeting = greeting
        return session

    def _serve(self, client: socket.socket) -> None:
        session: socket.socket | None = None
        with contextlib.suppress(OSError), client:
            if not self._greet(client):
                return
            while True:
                asked = b""
                while not asked.startswith((b"S", b"Q", b"X")):  # up to the end of what is to be answered
                    asked = message(client)
                    if asked.startswith(b"X"):
                        break
                    session = session or self._borrow()
                    session.sendall(asked)
                if asked.startswith(b"X"):
                    break
                assert session is not None
                state = self._answer(session, client)
                if state == IDLE and self._lends == "transaction":
                    self._free.append(session)
                    session = None
        if session is not None:
            session.close()  # PgBouncer would reset it (DISCARD ALL) and lend it again

    def _greet(self, client: socket.socket) -> bool:
        while True:
            size, code = struct.unpack("!II", read(client, 8))
            body = read(client, size - 8)
            if code in (SSL_REQUEST, GSS_REQUEST):
                client.sendall(b"N")
                continue
            break
        if code != PROTOCOL:
            return False  # a request to cancel
        if b"options" in body.split(b"\0")[::2]:
            fields = f"SFATAL\0VFATAL\0C08P01\0M{STARTUP_REFUSED}\0\0"
            client.sendall(packed(b"E", fields.encode()))
            return False
        self._clients += 1
        key = struct.pack("!II", 0x70000000 + self._clients, self._clients)
        client.sendall(self._greeting + packed(b"K", key) + packed(b"Z", IDLE))
        return True

    def _borrow(self) -> socket.socket:
        """Return a free session, or a new one. Like PgBouncer, lend none that the server has ended meanwhile."""
        with contextlib.suppress(IndexError):
            while select.select([session := self._free.pop()], [], [], 0)[0]:
                session.close()
            return session
        return self._session()

    def _answer(self, session: socket.socket, client: socket.socket) -> bytes:
        """Pass the answer on; return the state of the transaction after it."""
        while True:
            said = message(session)
            client.sendall(said)
            if said.startswith(b"Z"):
                return said[5:]
