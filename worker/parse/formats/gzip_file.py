"""gzip: one packed file. Its format is recognised by its content and by its name without ".gz"."""

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from worker.parse.article import Member
from worker.parse.crawls.gzip_members import Sound
from worker.parse.format import Format, Limits
from worker.parse.formats.web_crawl import MEDIA_TYPE as WARC
from worker.parse.naming import without_extension
from worker.parse.reading import HEAD, Chained, Unpacked
from worker.parse.splitting import members
from worker.reasons import Reason, Refused

COMPLETE = frozenset((WARC,))
"""Media types whose members are known to be complete. Of other files, the last member before the damage may be cut."""


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the members of the packed file.

    If the file is damaged or cut off, yield its sound members (see `Sound`), and then raise `Refused(malformed)`. Also
    raise `Refused`: `bomb` or `too_large`.
    """
    packed = Chained(b"", stream)
    sound = Sound(cast(BinaryIO, io.BufferedReader(packed, HEAD)))
    unpacked = Unpacked(cast(BinaryIO, sound), packed.tell, limits.max_ratio, limits.max_container_bytes)
    last: Member | None = None
    try:
        for member in members(io.BufferedReader(unpacked, HEAD), without_extension(name), limits, inside=True):
            if last is not None:
                yield last
            last = member
    except Refused as refusal:
        if last is not None and (sound.damage is None or last.media_type in COMPLETE):
            yield last
        raise _damaged(sound.damage) if sound.damage else refusal from refusal
    if last is not None and (sound.damage is None or last.media_type in COMPLETE):
        yield last
    if sound.damage is not None:
        raise _damaged(sound.damage)


def _damaged(damage: Exception) -> Refused:
    return Refused(Reason.MALFORMED, f"The gzip file is damaged or cut off ({damage}). Download or copy it again.")


FORMAT = Format(
    name="gzip file",
    extensions=(".gz",),
    sniff=lambda head: head.startswith(b"\x1f\x8b"),
    split=split,
    binary=True,
    archive=True,
)
