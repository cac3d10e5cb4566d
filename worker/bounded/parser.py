"""`BoundedParser`: `split` and `parse` in child processes, so that a document cannot harm the worker."""

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import asdict
from types import TracebackType
from typing import BinaryIO, Self

from worker.bounded.frames import Frame
from worker.bounded.process import Child
from worker.parse import Article, Limits, Member
from worker.parse import parse as parse_here
from worker.parse import split as split_here
from worker.parse.entry import with_refusal_as_member
from worker.parse.naming import display_name
from worker.parse.reading import HEAD
from worker.parse.registry import detect
from worker.reasons import Reason, Refused

# Short plain text is parsed in this process: it cannot do harm, and sending it to a child would cost more than parsing
# it. Everything else is parsed in a child, also JSON with HTML in it.
SHORT = 100_000  # a document is short if it has fewer bytes than this
PLAIN, JSON = "text/plain", "application/json"
HTML_OR_WIDE = re.compile(rb"<|\\u003c|\0", re.IGNORECASE)  # a "<", perhaps as an escape of JSON; or UTF-16


class BoundedParser:
    """Splits and parses in child processes with a limit on address space (bytes) and on time (seconds).

    The limit on time applies to the CPU time of each document (while splitting, of each member). The wall time may be
    `PATIENCE` times as long. A child is started when it is needed, and used again for the next document. A child that
    exceeds a limit or dies is killed, and a new child is started. After a fork, each process has its own children. Use
    a parser in one thread only. Documents may be parsed while a split is not finished.
    """

    def __init__(self, limits: Limits, memory_bytes: int, seconds: float) -> None:
        self._limits = limits
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._idle: list[Child] = []

    def parse(self, raw: bytes, media_type: str, path: str | None = None) -> Article:
        """Return the article in the bytes of one member. `path` is that of the file in its folder, and of the member.

        Raise `Refused` with the reasons of `worker.parse.parse`, or `timeout`, `memory` or `crashed`.
        """
        if _is_short_text(raw, media_type):
            return parse_here(raw, media_type, self._limits, path)
        with self._child() as child:
            child.send(self._request({"do": "parse", "media_type": media_type, "path": path}, raw))
            answer = child.receive()
            try:
                return Article.from_json(answer.header["article"])
            except (KeyError, TypeError) as error:
                raise child.failure(error) from error

    def split(self, file: BinaryIO | int, name: bytes | str) -> Iterator[Member]:
        """Yield the members of an open file (or descriptor). It is read from its start, which moves its offset.

        The bytes of a file in memory are sent to the child. For any other file, the child gets the open descriptor.
        Raise `Refused` only before the first member. A later refusal is yielded as the last member.
        """
        raw = None if isinstance(file, int) else _in_memory(file)
        if raw is not None and _is_one_text(raw, name):
            return split_here(io.BytesIO(raw), name, self._limits)
        return with_refusal_as_member(self._split(file, display_name(name), raw))

    def warm(self) -> None:
        """Start a child and let it load its libraries (1 to 2 s); this process does not wait for that."""
        with self._child() as child:
            child.send(Frame({"do": "warm"}))

    def close(self) -> None:
        """Kill the idle children; later calls start new ones."""
        while self._idle:
            self._idle.pop().kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _split(self, file: BinaryIO | int, name: str, raw: bytes | None) -> Iterator[Member]:
        descriptor = None if raw is not None else file if isinstance(file, int) else file.fileno()
        with self._child() as child:
            request = {"do": "split", "name": name, "file": descriptor is not None}
            child.send(self._request(request, raw or b""), descriptor)
            while "end" not in (answer := child.receive()).header:
                try:
                    member = _member(answer)
                except (KeyError, TypeError, ValueError) as error:
                    raise child.failure(error) from error
                yield member

    def _request(self, header: dict[str, object], raw: bytes) -> Frame:
        return Frame({**header, "limits": asdict(self._limits)}, raw)

    @contextlib.contextmanager
    def _child(self) -> Iterator[Child]:
        """Give an idle child, or a new child. It is idle afterwards only if its last answer was complete."""
        while self._idle and not self._idle[-1].usable:
            self._idle.pop().kill()
        child = self._idle.pop() if self._idle else self._start()
        try:
            yield child
        except Refused as refusal:
            if refusal.reason in (Reason.TIMEOUT, Reason.MEMORY, Reason.CRASHED):
                child.kill()
            else:
                self._idle.append(child)
            raise
        except BaseException:  # an unfinished split (GeneratorExit), Ctrl-C, a soft time limit
            child.kill()
            raise
        else:
            self._idle.append(child)

    def _start(self) -> Child:
        max_raw = max(self._limits.max_article_bytes, self._limits.max_member_bytes)
        return Child(self._memory_bytes, self._seconds, max_raw)


def _in_memory(file: BinaryIO) -> bytes | None:
    """Return the bytes of a file without a descriptor; None if the file has a descriptor."""
    try:
        file.fileno()
    except OSError:
        file.seek(0)
        return file.read()
    return None


def _is_short_text(raw: bytes, media_type: str) -> bool:
    """True for short text without mark-up, as it is or in the fields of JSON."""
    if len(raw) >= SHORT:
        return False
    return media_type == PLAIN or (media_type == JSON and HTML_OR_WIDE.search(raw) is None)


def _is_one_text(raw: bytes, name: bytes | str) -> bool:
    """True if a file is one short text, which need not be split, or if its first bytes are enough to refuse it."""
    if len(raw) >= SHORT:
        return False
    try:
        kind = detect(name, raw[:HEAD])
    except Refused:
        return True  # splitting it in this process raises the same refusal
    return kind.split is None and kind.media_types[0] == PLAIN


def _member(answer: Frame) -> Member:
    """Return the member in a frame of the child."""
    fields = answer.header["member"]
    reason = Reason(fields["reason"]) if fields["reason"] else None
    return Member(answer.raw, fields["media_type"], fields["name"], reason, fields["message"], fields["note"])
