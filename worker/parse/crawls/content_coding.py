"""The body of an HTTP response as its server had it: without chunks, and unpacked (gzip, deflate, brotli, zstd).

Crawlers often store a body that they have unpacked already, under the head of the packed one. So what a head says is
believed only where the bytes fit it.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from worker.parse.format import Limits
from worker.parse.reading import Unpacked
from worker.reasons import Reason, Refused

CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
NEXT_CHUNK = re.compile(rb"\r\n(?=[0-9A-Fa-f]{1,8}[ \t;\r])")
PIECE = 64 * 1024  # give so many packed bytes to a decoder at a time, and take so many unpacked ones
SMALL_PIECE = 256  # of zstd: its decoder has no bound of its own, and 4 bytes may become 128 KiB
LONGEST_WINDOW = 1 << 25  # bytes of memory for zstd; RFC 9659 allows 8 MiB in HTTP
MOST_CODINGS = 5  # unpack at most so many times
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
WRONG_CHUNK = "damaged page: the size of a chunk is wrong, and what stands behind it was read as it is"
CUT = "damaged page: its packed bytes end early or are broken, and what stands before was read"

Pieces = Iterator[bytes]


class Broken(Exception):
    """The packed bytes break off, or are no packed bytes at all."""


def decoded_body(
    raw: bytes, transfer: Iterable[str], content: Iterable[str], limits: Limits, *, is_cut: bool = False
) -> tuple[bytes, tuple[str, ...]]:
    """Return the body, and warnings. `transfer` and `content` are the values of the two `…-Encoding` fields.

    `is_cut` is True if the crawler says that it cut the body off. Raise `Refused(bomb)` if it unpacks to too many
    bytes.
    """
    codings = [*_names(content), *_names(transfer)]
    body = raw
    warnings: list[str] = []
    for coding in reversed(codings[-MOST_CODINGS:]):
        if coding == "chunked":
            body, found = _without_chunks(body, is_cut=is_cut)
            warnings += found
        else:
            body, sound = _unpacked(body, coding, limits)
            warnings += [] if sound else [CUT]
    if body.startswith(GZIP):  # packed once more than the head says
        body, sound = _unpacked(body, "gzip", limits)
        warnings += [] if sound else [CUT]
    return body, tuple(dict.fromkeys(warnings))


def _names(values: Iterable[str]) -> list[str]:
    return [name.strip().strip("\"'").lower().removeprefix("x-") for value in values for name in value.split(",")]


def _without_chunks(body: bytes, *, is_cut: bool) -> tuple[bytes, list[str]]:
    """Return the body without the sizes of its chunks, and warnings; the same body if it has no chunks.

    Behind a size that is wrong, everything is kept up to the next chunk that ends where it says.
    """
    pieces: list[bytes] = []
    warnings: list[str] = []
    place = 0
    while (head := CHUNK_HEAD.match(body, place)) is not None:
        start, size = head.end(), int(head[1], 16)
        if size == 0:
            return b"".join(pieces), warnings
        end = start + size
        behind = body[end : end + 2]
        is_wrong = end < len(body) and not behind.startswith((b"\r", b"\n"))
        if not pieces and (is_wrong or end > len(body)) and not (is_cut or _is_known(body[start:])):
            return body, []  # it begins with a word that looks like a size
        if is_wrong:
            warnings = [WRONG_CHUNK]
            following = _next_chunk(body, start)
            end, behind = (following - 2, b"\r\n") if following is not None else (len(body), b"")
        pieces.append(body[start:end])
        place = end + (2 if behind == b"\r\n" else 1)
    return (b"".join(pieces), warnings or [CUT]) if pieces else (body, [])


def _next_chunk(body: bytes, start: int) -> int | None:
    """Return where the next chunk begins with its size: the last one, or one behind which a line ends."""
    for found in NEXT_CHUNK.finditer(body, start):
        head = CHUNK_HEAD.match(body, found.end())
        if head is not None and (int(head[1], 16) == 0 or body.startswith(b"\r\n", head.end() + int(head[1], 16))):
            return found.end()
    return None


def _is_known(body: bytes) -> bool:
    """True if a body begins as a page, or as packed bytes."""
    return body.startswith((GZIP, ZSTD)) or _is_markup(body)


def _unpacked(body: bytes, coding: str, limits: Limits) -> tuple[bytes, bool]:
    """Return the unpacked body, and whether it is whole; the same body if it is not packed in this way."""
    decoder = _decoder(body, coding)
    if decoder is None:
        return body, True
    pieces: list[bytes] = []
    size = 0
    is_whole = True
    try:
        for piece in decoder(body):
            size += len(piece)
            _check_size(size, len(body), limits)
            pieces.append(piece)
    except Broken:
        is_whole = False
    unpacked = b"".join(pieces)
    if not is_whole and (not unpacked or (coding == "br" and _is_markup(body))):
        return body, not body.startswith((GZIP, ZSTD))
    return unpacked, is_whole


def _decoder(body: bytes, coding: str) -> Callable[[bytes], Pieces] | None:
    """Return the decoder for this coding; None if it is unknown, or if the bytes do not begin as it says."""
    if coding in ("gzip", "deflate") and body.startswith(GZIP):
        return _gzip
    if coding == "deflate":
        # Zlib says in its first byte that it is deflate (8), and how large its window is (up to 7).
        is_method = bool(body) and body[0] & 15 == 8 and body[0] >> 4 <= 7
        begins_as_zlib = is_method and int.from_bytes(body[:2]) % 31 == 0
        return _zlib if begins_as_zlib else None if _is_markup(body) else _deflate
    if coding == "zstd" or body.startswith(ZSTD):
        return _zstd if body.startswith(ZSTD) else None
    return _brotli if coding == "br" and body else None


def _is_markup(body: bytes) -> bool:
    """True if a body begins as a page that is not packed."""
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _check_size(size: int, packed: int, limits: Limits) -> None:
    if size > limits.max_member_bytes or (size > Unpacked.RATIO_FLOOR and size > limits.max_ratio * packed):
        raise Refused(
            Reason.BOMB,
            f"The response unpacks to more than {limits.max_member_bytes:,} bytes (ONRECORD_MAX_MEMBER_BYTES), or to "
            f"more than {limits.max_ratio} times its size (ONRECORD_MAX_RATIO).",
        )


def _gzip(body: bytes) -> Pieces:
    return _inflated(body, 16 + zlib.MAX_WBITS)


def _zlib(body: bytes) -> Pieces:
    return _inflated(body, zlib.MAX_WBITS)


def _deflate(body: bytes) -> Pieces:
    return _inflated(body, -zlib.MAX_WBITS)


def _inflated(body: bytes, form: int) -> Pieces:
    """Yield the unpacked bytes of one stream, or of several gzip members. Raise `Broken` if the bytes break off."""
    unpacker = zlib.decompressobj(form)
    for start in range(0, len(body), PIECE):
        packed = body[start : start + PIECE]
        while packed:
            try:
                yield unpacker.decompress(packed, PIECE)
            except zlib.error as error:
                raise Broken from error
            packed = unpacker.unconsumed_tail
            if unpacker.eof:
                packed = unpacker.unused_data
                if not (packed + body[start + PIECE : start + PIECE + 2]).startswith(GZIP):
                    return
                unpacker = zlib.decompressobj(form)
    while not unpacker.eof:
        try:
            rest = unpacker.decompress(b"", PIECE)
        except zlib.error as error:
            raise Broken from error
        if not rest:
            raise Broken
        yield rest


def _brotli(body: bytes) -> Pieces:
    import brotli  # type: ignore[import-untyped]

    unpacker = brotli.Decompressor()
    try:
        for start in range(0, len(body), PIECE):
            yield unpacker.process(body[start : start + PIECE], output_buffer_limit=PIECE)
            while not unpacker.is_finished() and not unpacker.can_accept_more_data():
                yield unpacker.process(b"", output_buffer_limit=PIECE)
            if unpacker.is_finished():
                return
    except brotli.error as error:
        raise Broken from error
    raise Broken


def _zstd(body: bytes) -> Pieces:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW).decompressobj()
    place = 0
    try:
        while place < len(body):
            packed = body[place : place + SMALL_PIECE]
            yield unpacker.decompress(packed)
            place += len(packed)
            if unpacker.eof:
                place -= len(unpacker.unused_data)
                if not body.startswith(ZSTD, place):
                    return
                unpacker = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW).decompressobj()
    except zstandard.ZstdError as error:
        raise Broken from error
    raise Broken
