"""Frames between parent and child: two lengths, a JSON header, raw bytes."""

import json
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct(">IQ")  # of the header and of the bytes after it
MOST_HEADER = 64_000_000  # bytes; an article of a million characters is 12 MB of JSON at worst
CHUNK = 1 << 20


class Closed(Exception):
    """The other end is gone."""


class Garbled(Exception):
    """The other end sent what no frame may hold."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    header: dict[str, Any]
    raw: bytes = b""


class Channel:
    """Frames over one end of a socket pair. A deadline is seconds from the call; None waits for ever."""

    def __init__(self, sock: socket.socket, most_raw: int) -> None:
        self.sock = sock
        self._most_raw = most_raw

    def send(self, frame: Frame, seconds: float | None = None) -> None:
        """Send a frame; raises `Closed`, or `TimeoutError` when it is not taken in time."""
        header = json.dumps(frame.header).encode()
        self.sock.settimeout(seconds)
        try:
            self.sock.sendall(LENGTHS.pack(len(header), len(frame.raw)) + header)
            self.sock.sendall(frame.raw)
        except (BrokenPipeError, ConnectionError) as error:
            raise Closed from error

    def send_file(self, descriptor: int) -> None:
        """Pass an open file; the receiver calls `receive_file` at the same place in the conversation."""
        try:
            socket.send_fds(self.sock, [b"F"], [descriptor])
        except (BrokenPipeError, ConnectionError) as error:
            raise Closed from error

    def receive_file(self) -> int:
        """The descriptor of a file that the other end passes."""
        _, descriptors, _, _ = socket.recv_fds(self.sock, 1, 1)
        if not descriptors:
            raise Closed
        return descriptors[0]

    def receive(self, seconds: float | None = None) -> Frame:
        """The next frame; raises `Closed`, `Garbled`, or `TimeoutError` when it is not whole in time."""
        deadline = None if seconds is None else time.monotonic() + seconds
        header_length, raw_length = LENGTHS.unpack(self._exactly(LENGTHS.size, deadline))
        if header_length > MOST_HEADER or raw_length > self._most_raw:
            raise Garbled(f"a frame of {header_length} and {raw_length} bytes")
        try:
            header = json.loads(self._exactly(header_length, deadline))
        except ValueError as error:
            raise Garbled("a header that is not JSON") from error
        if not isinstance(header, dict):
            raise Garbled("a header that is not an object")
        return Frame(header, self._exactly(raw_length, deadline))

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        received = bytearray()
        while len(received) < count:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self.sock.settimeout(left)
            else:
                self.sock.settimeout(None)
            try:
                piece = self.sock.recv(min(count - len(received), CHUNK))
            except ConnectionError as error:
                raise Closed from error
            if not piece:
                raise Closed
            received += piece
        return bytes(received)
