"""The child process: it receives files and documents from its parent, and sends members and articles back.

Run as `python -m worker.bounded.child DESCRIPTOR PARENT MEMORY SECONDS`:

* DESCRIPTOR: the socket to the parent;
* PARENT: the pid of the parent, or 0 if the thread that starts the child may end before the parent does;
* MEMORY: the limit of the address space in bytes;
* SECONDS: the limit of CPU time for each document.
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
REPORT_BYTES = 8_000_000  # report progress each time this many bytes were read
MAX_REQUEST = 1 << 40  # accept requests of any real length, since the parent is trusted


def main(arguments: list[str]) -> None:
    """Answer the parent's requests until it closes the socket."""
    descriptor, parent, memory, seconds = int(arguments[0]), int(arguments[1]), int(arguments[2]), float(arguments[3])
    _die_with_parent(parent)
    _limit_memory(memory)
    with socket.socket(fileno=descriptor) as sock, contextlib.suppress(Closed):
        channel = Channel(sock, MAX_REQUEST)
        channel.send(Frame({"ready": True}))
        while _serve(channel, seconds):
            pass


def _die_with_parent(parent: int) -> None:
    """On Linux, let the system kill this process when the parent dies.

    On other systems, the closed socket or the CPU limit ends this process. Ctrl-C reaches all processes of the group.
    This process ignores it, because the parent decides when the child ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died before the call
            sys.exit(0)


def _limit_memory(memory: int) -> None:
    """Limit the address space to `memory` bytes, and write no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS knows the constant, but not the limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _allow(seconds: float) -> None:
    """Allow `seconds` of CPU time from now. After that, SIGXCPU kills the process, even in endless C code."""
    soft = ceil(time.process_time() + seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _serve(channel: Channel, seconds: float) -> bool:
    """Answer one request. Return False if memory ran out, because the state of the process is then unknown."""
    request = channel.receive()
    _allow(seconds)
    if request.header["do"] == "warm":
        with contextlib.suppress(ImportError):  # the first document that needs the library is told so
            warm()
        return True
    header, limits = request.header, Limits(**request.header["limits"])
    if header["do"] == "parse":
        last = _answer(lambda: _article_frame(parse(request.raw, header["media_type"], limits, header["path"])))
        channel.send(last)
    else:
        with _file_to_split(channel, request, seconds) as stream:
            last = _send_members(channel, split(stream, header["name"], limits), seconds)
    return last.header.get("reason") != Reason.MEMORY


def _file_to_split(channel: Channel, request: Frame, seconds: float) -> BinaryIO:
    """Return the file to split: the open file that the parent passes, or the bytes in the request."""
    if not request.header["file"]:
        return io.BytesIO(request.raw)
    file = ReportingFile(channel.receive_file(), channel, seconds)
    file.seek(0)
    return io.BufferedReader(file, 1 << 16)


class ReportingFile(io.FileIO):
    """A file that reports progress while it is read, since there may be gigabytes of a crawl between two articles."""

    def __init__(self, descriptor: int, channel: Channel, seconds: float) -> None:
        super().__init__(descriptor, "rb")
        self._channel = channel
        self._seconds = seconds
        self._unreported = 0

    def readinto(self, buffer: "bytearray | memoryview") -> int | None:  # type: ignore[override]
        """Fill `buffer` with the bytes of one read.

        After every `REPORT_BYTES`, report progress and allow new CPU time.
        """
        count = super().readinto(buffer)
        self._unreported += count or 0
        if self._unreported >= REPORT_BYTES:
            self._unreported = 0
            _allow(self._seconds)
            self._channel.send(Frame({"progress": True}))
        return count


def _send_members(channel: Channel, members: Iterator[Member], seconds: float) -> Frame:
    """Send the members, each with its own CPU time, then a frame with the end or refusal. Return the last frame."""
    while True:
        _allow(seconds)
        frame = _answer(lambda: _member_frame(next(members, None)))
        channel.send(frame)
        if "member" not in frame.header:
            return frame


def _answer(work: Callable[[], Frame]) -> Frame:
    """Return the frame that `work` makes, or a frame with its refusal."""
    try:
        return work()
    except Refused as refusal:
        return Frame({"reason": refusal.reason, "message": refusal.message})
    except ImportError as error:  # no document causes that
        return Frame({"not_installed": str(error)})
    except MemoryError:
        return Frame({"reason": Reason.MEMORY, "message": "It needs more memory than it is given."})


def _article_frame(article: Article) -> Frame:
    return Frame({"article": article.to_json()})


def _member_frame(member: Member | None) -> Frame:
    if member is None:
        return Frame({"end": True})
    fields = {"media_type": member.media_type, "name": member.name, "reason": member.reason, "message": member.message}
    return Frame({"member": {**fields, "note": member.note}}, member.raw)


if __name__ == "__main__":
    main(sys.argv[1:])
