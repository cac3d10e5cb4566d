"""Forwards data between the processes and the broker, and can be broken like a network, or like a sick broker.

After `cut`, the existing connections receive neither data nor an end of the stream. New connections work. After
`swallow`, that is so for new connections, too: they are accepted, and nothing comes. After `refuse`, the broker answers
every command with an error. `heal` ends both.
"""

import contextlib
import select
import socket
import threading

BLOCK = 1 << 16


class Wire:
    """Forwards a port of 127.0.0.1 to another, in a thread of its own."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._other: dict[socket.socket, socket.socket] = {}  # for each end of a connection, the other end
        self._dead: list[socket.socket] = []
        self._cutting = threading.Event()
        self._is_swallowing = False
        self._refusal = b""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Pass no more data over the existing connections."""
        self._cutting.set()

    def swallow(self) -> None:
        """Accept connections and data, and pass nothing on."""
        self._is_swallowing = True
        self.cut()

    def refuse(self, error: str) -> None:
        """Answer everything that is sent with this error of Redis, until `heal`."""
        self._refusal = f"-{error}\r\n".encode()

    def heal(self) -> None:
        """Pass everything on again. Connections that were swallowed stay dead."""
        if self._is_swallowing:
            self.cut()
        self._is_swallowing, self._refusal = False, b""

    def close(self) -> None:
        """Stop forwarding, and close all connections."""
        self._ending.set()
        self._thread.join(10)
        for end in [self._listening, *self._other, *self._dead]:
            end.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            ready, _, _ = select.select([self._listening, *self._other], [], [], 0.1)
            if self._cutting.is_set():
                self._cutting.clear()
                self._dead += self._other
                self._other.clear()
                continue
            for end in ready:
                if end is self._listening:
                    self._connect()
                elif end in self._other:
                    self._forward(end)

    def _connect(self) -> None:
        here, _ = self._listening.accept()
        try:
            there = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            here.close()
            return
        self._other |= {here: there, there: here}

    def _forward(self, end: socket.socket) -> None:
        other = self._other[end]
        with contextlib.suppress(OSError):
            if block := end.recv(BLOCK):
                if self._refusal and end.getsockname()[1] == self.port:  # from a process
                    end.sendall(self._refusal * max(1, block.count(b"*")))
                elif not self._is_swallowing:
                    other.sendall(block)
                return
        for one in (end, other):
            del self._other[one]
            one.close()
