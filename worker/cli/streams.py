"""The three standard streams of a command: all is written or the exit code says so, and no character is an error.

Python's own streams lose what does not fit where they are unbuffered, complain at exit of what they could not write,
and raise errors for characters that their encoding does not have.
"""

import codecs
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from worker.cli.destination import STANDARD_OUTPUT, cannot_write

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READER_IS_GONE = 141
"""The exit code if the program that read our output has ended (`| head`): that of a program that SIGPIPE has ended."""
ESCAPE = "onrecord.escape"
"""The name of the error handler `escape`, for `errors=` of a text stream."""


class OutputStream(io.RawIOBase):
    """Standard output as bytes. After an error the rest is dropped, so that Python does not complain at exit."""

    number = 1

    def __init__(self) -> None:
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """True: this is for writing only."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self.number

    def isatty(self) -> bool:
        """True if the stream is a terminal."""
        return os.isatty(self.number)

    def write(self, block: "ReadableBuffer", /) -> int:
        """Write the beginning of `block`; return its length."""
        while self.failure is None:
            try:
                return os.write(self.number, block)
            except BlockingIOError:  # another program has made this pipe or terminal non-blocking, for all that use it
                select.select([], [self.number], [])
            except OSError as error:
                self.failure = error
                self.complain(error)
        return memoryview(block).nbytes

    def complain(self, error: OSError) -> None:
        """Raise `Complaint`, or `SystemExit` if the program that read the output has ended."""
        if isinstance(error, BrokenPipeError):
            raise SystemExit(READER_IS_GONE) from error
        raise cannot_write(STANDARD_OUTPUT, error) from error


class RemarkStream(OutputStream):
    """Standard error as bytes. Its errors are only kept: nobody can be told, and no command stops for a remark."""

    number = 2

    def complain(self, error: OSError) -> None:
        """Do nothing; `finish` tells at the end of the command."""


def open_streams() -> None:
    """Put our streams in the place of Python's, unless a test has put its own there.

    A stream that the caller has closed (`>&-`) is opened. Otherwise the next file that we open would get its number,
    and what we print would go into that file. Standard output is opened for reading only: printing nothing is no error,
    printing something is.
    """
    for number, (name, flags) in enumerate((("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, flags), number)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as the process
    if sys.stdout is sys.__stdout__:
        sys.stdout = text_stream(OutputStream(), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = text_stream(RemarkStream(), sys.stderr)


def text_stream(raw: OutputStream, pythons: TextIO | None) -> TextIO:
    """Return a text stream over `raw`, with the encoding of Python's own stream. It escapes what that does not have.

    Also where Python was told not to buffer (PYTHONUNBUFFERED), whole lines are collected: an unbuffered stream of
    Python's does not write again what the system did not take at once.
    """
    encoding, errors = (pythons.encoding, pythons.errors) if pythons is not None else ("utf-8", "strict")
    by_line = raw.isatty() or getattr(pythons, "write_through", False) or isinstance(raw, RemarkStream)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=encoding,
        errors=ESCAPE if errors in ("strict", "surrogateescape") else errors,
        line_buffering=by_line,
    )


@contextmanager
def exact() -> Iterator[None]:
    """Raise `UnicodeEncodeError` for a character that the encoding of standard output does not have.

    Otherwise it is escaped, which people understand, and programs that read JSON. Those that read CSV do not.
    """
    if not (isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == ESCAPE):
        yield
        return
    sys.stdout.reconfigure(errors="strict")
    try:
        yield
    finally:
        sys.stdout.reconfigure(errors=ESCAPE)


def finish() -> int:
    """Write what the buffers hold; return the exit code for what could not be written to standard error, or 0.

    Raises what `OutputStream.complain` raises if any of standard output could not be written.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        raw = getattr(getattr(stream, "buffer", None), "raw", None)
        if isinstance(raw, OutputStream) and raw.failure is not None:
            raw.complain(raw.failure)
            return READER_IS_GONE if isinstance(raw.failure, BrokenPipeError) else 1
    return 0


def escape(error: UnicodeError) -> tuple[str, int]:
    """Return the characters that an encoding does not have as `\\uNNNN`, as JSON does it: two for each above U+FFFF."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4)), error.end


codecs.register_error(ESCAPE, escape)
