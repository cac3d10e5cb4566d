"""The companion of the embedded PostgreSQL: a small process that writes the server's log and guards its port.

It is run as a program (`python -I -S companion.py …`), so it imports nothing but the standard library. Its standard
input is a pipe whose other end is the standard error of every process of the server, so it ends when all of them have
ended.

* **The log.** A reader can make the server log as much as it likes. So a long line is cut, control characters are
  escaped, and the log is renamed when it is full.
* **The door** (`door.py`; only if a port is open). It lets readers through to the server.
"""

import contextlib
import importlib.util
import os
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

MAX_LOG_BYTES = 5_000_000
"""At most so many bytes in the log; then it is renamed, and replaces the log that was renamed before."""
MAX_LINE_BYTES = 10_000
"""At most so many bytes of a line are written."""
CHUNK = 1 << 16

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


def lower_priority(process: int) -> None:
    """Give a process a low priority, and soon also its group, where Linux divides time between groups (autogroup)."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, LOW_PRIORITY)
    threading.Thread(target=lower_group, args=(process or os.getpid(),), daemon=True).start()


def lower_group(process: int) -> None:
    """Give the group of a process a low priority."""
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
    lower_priority(0)  # our own: all that costs time here is done for readers
    if door:
        threading.Thread(target=guard, args=door, name="door", daemon=True).start()
    written = Log(Path(log))
    for line in lines(chunks_of(0)):
        written.write(escaped(line))


def guard(listener: str, server: str, role: str, database: str) -> None:
    """Open the door for as long as this process runs. An error there ends the process, which is then started again.

    The door takes 6 MB, most of them for asyncio, so it is loaded only here.
    """
    try:
        place = importlib.util.spec_from_file_location("door", Path(__file__).with_name("door.py"))
        assert place is not None and place.loader is not None
        door = importlib.util.module_from_spec(place)
        sys.modules["door"] = door
        place.loader.exec_module(door)
        door.stand(socket.socket(fileno=int(listener)), server, role, database, lower_priority)
    finally:
        os._exit(1)


if __name__ == "__main__":
    run(sys.argv[1:])
