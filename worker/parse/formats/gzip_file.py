"""gzip: one packed file. Its format is recognised by its content and by its name without ".gz"."""

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from worker.parse.article import Member
from worker.parse.format import Format, Limits
from worker.parse.naming import without_extension
from worker.parse.reading import HEAD, Chained, Unpacked
from worker.parse.splitting import members
from worker.reasons import Reason, Refused


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the members of the packed file. Raise `Refused`: `bomb`, `too_large`, or `malformed` if it is damaged."""
    packed = Chained(b"", stream)
    unpacked = Unpacked(
        cast(BinaryIO, gzip.GzipFile(fileobj=io.BufferedReader(packed, HEAD))),
        packed.tell,
        limits.max_ratio,
        limits.max_container_bytes,
    )
    try:
        yield from members(io.BufferedReader(unpacked, HEAD), without_extension(name), limits, inside=True)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(
            Reason.MALFORMED, f"The gzip file is damaged or cut off ({error}). Download or copy it again."
        ) from error


FORMAT = Format(
    name="gzip file",
    extensions=(".gz",),
    sniff=lambda head: head.startswith(b"\x1f\x8b"),
    split=split,
    binary=True,
    archive=True,
)
