"""`BoundedParser`: `worker.parse` in child processes, where a document can do no harm."""

import contextlib
import io
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

# Parsed in this process, since a small one cannot do harm and the way to the child costs more than the work.
SMALL = 1_000_000  # bytes
HARMLESS = frozenset(("text/plain", "text/markdown", "application/json"))


class BoundedParser:
    """Splits and parses in warm children, each bounded in address space (bytes) and in time (seconds).

    Time is CPU and wall time of one document, or of one member while splitting. A child starts when it is first
    needed, is used again, and is killed and replaced when it passes a bound or dies. After a fork the copy starts
    children of its own. Not for several threads at once; a split and parses in the midst of it may interleave.
    """

    def __init__(self, limits: Limits, memory_bytes: int, seconds: float) -> None:
        self._limits = limits
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._idle: list[Child] = []

    def parse(self, raw: bytes, media_type: str) -> Article:
        """The article in one member's bytes. Raises `Refused`: the parsers' reasons, or timeout, memory, crashed."""
        if media_type in HARMLESS and len(raw) < SMALL:
            return parse_here(raw, media_type, self._limits)
        with self._child() as child:
            child.send(self._request({"do": "parse", "media_type": media_type}, raw))
            answer = child.receive()
            try:
                return Article.from_json(answer.header["article"])
            except (KeyError, TypeError) as error:
                raise child.nonsense(error) from error

    def split(self, file: BinaryIO | int, name: bytes | str) -> Iterator[Member]:
        """The members of an open file (or descriptor), from its start; its offset moves.

        A file in memory is sent, any other is passed open. Raises `Refused` as `worker.parse.split` does: only before
        the first member; what happens later is a last, refused member.
        """
        raw = None if isinstance(file, int) else _in_memory(file)
        if raw is not None and _is_one_text(raw, name):
            return split_here(io.BytesIO(raw), name, self._limits)
        return with_refusal_as_member(self._split(file, display_name(name), raw))

    def warm(self) -> None:
        """Start a child and let it load its libraries (1 to 2 s) while this process goes on: for a pool's start."""
        with self._child() as child:
            child.send(Frame({"do": "warm"}))

    def close(self) -> None:
        """End the children; a later call starts new ones."""
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
                    raise child.nonsense(error) from error
                yield member

    def _request(self, header: dict[str, object], raw: bytes) -> Frame:
        return Frame({**header, "limits": asdict(self._limits)}, raw)

    @contextlib.contextmanager
    def _child(self) -> Iterator[Child]:
        """An idle child, or a new one; back among the idle ones only if the conversation came to its end."""
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
        except BaseException:  # a split given up half way (GeneratorExit), Ctrl-C, a soft time limit
            child.kill()
            raise
        else:
            self._idle.append(child)

    def _start(self) -> Child:
        most_raw = max(self._limits.max_article_bytes, self._limits.max_member_bytes)
        return Child(self._memory_bytes, self._seconds, most_raw)


def _in_memory(file: BinaryIO) -> bytes | None:
    """What a file without a descriptor holds; None for one that has a descriptor."""
    try:
        file.fileno()
    except OSError:
        file.seek(0)
        return file.read()
    return None


def _is_one_text(raw: bytes, name: bytes | str) -> bool:
    """Whether a file is one small text, so that there is nothing to split and nothing that could do harm."""
    if len(raw) >= SMALL:
        return False
    try:
        found = detect(name, raw[:HEAD])
    except Refused:
        return True  # splitting it here says the same
    return found.split is None and found.media_types[0] in HARMLESS


def _member(answer: Frame) -> Member:
    given = answer.header["member"]
    reason = Reason(given["refused"]) if given["refused"] else None
    return Member(answer.raw, given["media_type"], given["name"], reason, given["why"])
