"""The child: takes files and documents from its parent, gives members and articles back, within its limits.

Run as `python -m worker.bounded.child DESCRIPTOR PARENT MEMORY SECONDS`: the socket to the parent, the parent's pid (0
where the parent's thread may end before it), the address space in bytes, the CPU seconds a document may take.
"""

import contextlib
import ctypes
import io
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from math import ceil
from typing import BinaryIO

from worker.bounded.frames import Channel, Closed, Frame
from worker.parse import Article, Limits, Member, parse, split, warm
from worker.reasons import Reason, Refused

PR_SET_PDEATHSIG = 1  # linux/prctl.h
REPORTED = 8_000_000  # bytes
MOST_REQUEST = 1 << 40  # the parent is trusted with lengths


def main(arguments: list[str]) -> None:
    """Serve the parent until it goes away."""
    descriptor, parent, memory, seconds = int(arguments[0]), int(arguments[1]), int(arguments[2]), float(arguments[3])
    _die_with(parent)
    _limit(memory)
    with socket.socket(fileno=descriptor) as sock, contextlib.suppress(Closed):
        channel = Channel(sock, MOST_REQUEST)
        channel.send(Frame({"ready": True}))
        while _serve(channel, seconds):
            pass


def _die_with(parent: int) -> None:
    """On Linux, be killed when the parent dies; elsewhere the closed socket and the CPU limit end it.

    Ctrl-C reaches the whole process group and is the parent's to handle.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call
            sys.exit(0)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has the name but not the limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _allow(seconds: float) -> None:
    """Let the next step use `seconds` of CPU beyond what was used: SIGXCPU kills even C code that never returns."""
    soft = ceil(time.process_time() + seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _serve(channel: Channel, seconds: float) -> bool:
    """Answer one request; False after a lack of memory, since nobody knows what is left of it."""
    request = channel.receive()
    _allow(seconds)
    if request.header["do"] == "warm":
        warm()
        return True
    header, limits = request.header, Limits(**request.header["limits"])
    if header["do"] == "parse":
        last = _answer(lambda: _article(parse(request.raw, header["media_type"], limits)))
        channel.send(last)
    else:
        with _opened(channel, request, seconds) as stream:
            last = _stream(channel, split(stream, header["name"], limits), seconds)
    return last.header.get("reason") != Reason.MEMORY


def _opened(channel: Channel, request: Frame, seconds: float) -> BinaryIO:
    """The file to split: passed open, or its bytes in the request itself."""
    if not request.header["file"]:
        return io.BytesIO(request.raw)
    file = Reported(channel.receive_file(), channel, seconds)
    file.seek(0)
    return io.BufferedReader(file, 1 << 16)


class Reported(io.FileIO):
    """A file that reports as it is read: a crawl may hold gigabytes between two articles, and that is no hang."""

    def __init__(self, descriptor: int, channel: Channel, seconds: float) -> None:
        super().__init__(descriptor, "rb")
        self._channel = channel
        self._seconds = seconds
        self._unreported = 0

    def readinto(self, buffer: "bytearray | memoryview") -> int | None:  # type: ignore[override]
        """Fill `buffer` as far as one read goes; every `REPORTED` bytes earn new time."""
        count = super().readinto(buffer)
        self._unreported += count or 0
        if self._unreported >= REPORTED:
            self._unreported = 0
            _allow(self._seconds)
            self._channel.send(Frame({"progress": True}))
        return count


def _stream(channel: Channel, members: Iterator[Member], seconds: float) -> Frame:
    """Send member after member, each with time of its own, then the end or the refusal, which is returned."""
    while True:
        _allow(seconds)
        frame = _answer(lambda: _member(next(members, None)))
        channel.send(frame)
        if "member" not in frame.header:
            return frame


def _answer(work: Callable[[], Frame]) -> Frame:
    """What `work` gives, or its refusal."""
    try:
        return work()
    except Refused as refusal:
        return Frame({"reason": refusal.reason, "message": refusal.message})
    except MemoryError:
        return Frame({"reason": Reason.MEMORY, "message": "It needs more memory than it is given."})


def _article(article: Article) -> Frame:
    return Frame({"article": article.to_json()})


def _member(member: Member | None) -> Frame:
    if member is None:
        return Frame({"end": True})
    header = {"media_type": member.media_type, "name": member.name, "refused": member.reason, "why": member.message}
    return Frame({"member": header}, member.raw)


if __name__ == "__main__":
    main(sys.argv[1:])
