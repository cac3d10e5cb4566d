"""The messages between parent and child: each frame has two lengths, a JSON header, and raw bytes."""

import json
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct(">IQ")  # the length of the header, then of the raw bytes
MAX_HEADER = 64_000_000  # at most this many bytes; an article of a million characters has at most 12 MB of JSON
CHUNK = 1 << 20  # receive at most this many bytes at a time


class Closed(Exception):
    """Raised when the other end has closed the socket."""


class Garbled(Exception):
    """Raised when the other end sent bytes that are not a valid frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    header: dict[str, Any]
    raw: bytes = b""


class Channel:
    """One end of a socket pair that sends and receives frames, with at most `max_raw` raw bytes each.

    `seconds`, counted from the call, is the longest time to wait. None means to wait for ever.
    """

    def __init__(self, sock: socket.socket, max_raw: int) -> None:
        self.sock = sock
        self._max_raw = max_raw

    def send(self, frame: Frame, seconds: float | None = None) -> None:
        """Send a frame. Raise `Closed`, or `TimeoutError` if the other end does not read the frame in time."""
        header = json.dumps(frame.header).encode()
        self.sock.settimeout(seconds)
        try:
            self.sock.sendall(LENGTHS.pack(len(header), len(frame.raw)) + header)
            self.sock.sendall(frame.raw)
        except (BrokenPipeError, ConnectionError) as error:
            raise Closed from error

    def send_file(self, descriptor: int) -> None:
        """Pass an open file; the other end must call `receive_file` at the same point. Raise `Closed`."""
        try:
            socket.send_fds(self.sock, [b"F"], [descriptor])
        except (BrokenPipeError, ConnectionError) as error:
            raise Closed from error

    def receive_file(self) -> int:
        """Return the descriptor of a file that the other end passes. Raise `Closed`."""
        _, descriptors, _, _ = socket.recv_fds(self.sock, 1, 1)
        if not descriptors:
            raise Closed
        return descriptors[0]

    def receive(self, seconds: float | None = None) -> Frame:
        """Return the next frame. Raise `Closed`, `Garbled`, or `TimeoutError` if the frame is not complete in time."""
        deadline = None if seconds is None else time.monotonic() + seconds
        header_length, raw_length = LENGTHS.unpack(self._exactly(LENGTHS.size, deadline))
        if header_length > MAX_HEADER or raw_length > self._max_raw:
            raise Garbled(f"a frame of {header_length} and {raw_length} bytes")
        try:
            header = json.loads(self._exactly(header_length, deadline))
        except ValueError as error:
            raise Garbled("a header that is not JSON") from error
        if not isinstance(header, dict):
            raise Garbled("a header that is not an object")
        return Frame(header, self._exactly(raw_length, deadline))

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        """Return the next `count` bytes."""
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
