"""Splitting a file of any format into members. Archives call `members` again for each file inside them."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.format import Limits
from worker.parse.naming import extension
from worker.parse.reading import HEAD, Chained, read_up_to, read_whole
from worker.parse.registry import detect
from worker.parse.storable import storable
from worker.reasons import Reason, Refused

OTHER_ARCHIVES = frozenset((".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz", ".zst"))  # no format reads these
MOST_GROWTH = 10  # refuse a file if its members have more than so many times its bytes
HARMLESS = 100_000  # members with at most this many bytes together are never too many
NESTED = "It is an archive inside an archive. Unpack the outer one and drop what is inside."


def members(stream: BinaryIO, name: str, limits: Limits, *, inside: bool = False) -> Iterator[Member]:
    """Yield the members of the file `name`. Raise `Refused` if the whole file, or the rest of it, is refused.

    `inside` is True if the file is in an archive.
    """
    head = read_up_to(stream, HEAD)
    if inside and extension(name) in OTHER_ARCHIVES:
        raise Refused(Reason.NESTED_ARCHIVE, NESTED)
    kind = detect(name, head)
    if inside and kind.archive:
        raise Refused(Reason.NESTED_ARCHIVE, NESTED)
    rest = Chained(head, stream)
    if kind.archive:  # the table of contents of a zip is at its end
        stream.seek(0)
    else:
        stream = io.BufferedReader(rest, HEAD)
    if kind.split is None:
        limit, setting = limits.max_article_bytes, "ONRECORD_MAX_ARTICLE_BYTES"
        if inside:
            limit, setting = limits.max_member_bytes, "ONRECORD_MAX_MEMBER_BYTES"
        yield Member(read_whole(stream, limit, setting), kind.media_types[0])
        return
    count = total = 0
    for member in kind.split(stream, name, limits):
        if count >= limits.max_members:
            raise Refused(
                Reason.TOO_LARGE,
                f"It has more than {limits.max_members:,} members. Split it, or raise ONRECORD_MAX_MEMBERS.",
            )
        count += 1
        total += len(member.raw)
        if not kind.archive and total > max(HARMLESS, MOST_GROWTH * rest.tell()):
            # The head of a feed or the column names of a table are once in the file, but again in each member. The
            # formats shorten them; this bound holds for what they do not know.
            raise Refused(
                Reason.BOMB,
                f"Its members together are more than {MOST_GROWTH} times its size, because each repeats the"
                " beginning of the file. If it is sound, split it.",
            )
        yield storable_member(member, limits)
    if count == 0:
        raise Refused(Reason.NO_ARTICLE, "There is no article in it.")


def storable_member(member: Member, limits: Limits) -> Member:
    """Return the member with a storable name and message. If the member has too many bytes, it is refused."""
    if member.name is not None:
        member = replace(member, name=storable(member.name), message=member.message and storable(member.message))
    if member.note is not None:
        member = replace(member, note=storable(member.note))
    if len(member.raw) <= limits.max_member_bytes:
        return member
    message = f"It is larger than {limits.max_member_bytes:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."
    return replace(member, raw=b"", reason=Reason.TOO_LARGE, message=message)
