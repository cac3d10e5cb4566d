"""Files that are made to overload the process that reads them, and the state in which each file must end."""

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1_000_000
ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">%s]>' % ENTITIES
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY outside SYSTEM "file:///etc/passwd">]>'
FEED = b"<rss><channel><title>T</title><item><title>I</title><description>%s</description></item></channel></rss>"
LINE = b'{"text": "Said Una Roe of line %d, it was raining."}\n'


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file: its bytes, the state in which it must end, and the allowed reasons (if empty, any reason)."""

    made: Callable[[], bytes]
    state: str
    reasons: tuple[str, ...] = ()


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip archive of one file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def nested() -> bytes:
    """Return a zip in a zip in a zip, all with the same name, like an archive that contains itself."""
    inner = zipped("a.txt", bytes(30 * MEGABYTE))
    return zipped("nested.zip", zipped("nested.zip", inner))


def overlapping(files: int = 250, size: int = 20 * MEGABYTE) -> bytes:
    """Return David Fifield's bomb: each file contains the header and the data of the next file (20 kB become 5 GB)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(size)) + packer.flush()
    body, total, crc = packed, size, zlib.crc32(bytes(size))
    made: list[tuple[bytes, int, int, int, int]] = []  # name, CRC, two sizes, offset from the end
    whole = b""
    for number in reversed(range(files)):
        name = b"%05d.txt" % number
        header = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(body), total, len(name), 0) + name
        whole = header + body
        made.append((name, crc, len(body), total, len(whole)))
        quoted = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header
        body, total = quoted + whole[len(header) :], total + len(header)
        crc = zlib.crc32(header + bytes(size)) if number == files - 1 else 0  # other CRCs are never checked
        whole = header + body[len(quoted) :]
    entries = b"".join(
        struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, c, p, u, len(n), 0, 0, 0, 0, 0, len(whole) - f
        )
        + n
        for n, c, p, u, f in made
    )
    return whole + entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, files, files, len(entries), len(whole), 0)


def many_files(count: int) -> bytes:
    """Return a zip of `count` empty files."""
    bodies, entries, at = [], [], 0
    for number in range(count):
        name, content = b"%07d.txt" % number, b""
        sizes = struct.pack("<IIIHH", zlib.crc32(content), len(content), len(content), len(name), 0)
        bodies.append(struct.pack("<IHHHHH", 0x04034B50, 20, 0, 0, 0, 0) + sizes + name + content)
        entries.append(
            struct.pack("<IHHHHHH", 0x02014B50, 20, 20, 0, 0, 0, 0)
            + sizes
            + struct.pack("<HHHII", 0, 0, 0, 0, at)
            + name
        )
        at += len(bodies[-1])
    central = b"".join(entries)
    wide = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, len(central), at)
    locator = struct.pack("<IIQI", 0x07064B50, 0, at + len(central), 1)
    short = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return b"".join(bodies) + central + wide + locator + short


def crawl(*lengths: bytes) -> bytes:
    """Return a WARC whose records state wrong lengths."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nIt rained at the quay, said Una Roe."
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
    return b"".join(head + b"Content-Length: %s\r\n\r\n%s\r\n\r\n" % (length, answer) for length in lengths)


def lines(number: int, between: bytes) -> bytes:
    """Return JSON Lines that depend on `number`, with the line `between` after the first line."""
    return LINE % number + between + b"\n" + LINE % (number + 1)


HOSTILE = {
    "bomb.zip": Hostile(lambda: zipped("a.txt", b"a" * 100 * MEGABYTE), "quarantined", ("bomb",)),
    "nested.zip": Hostile(nested, "quarantined", ("nested_archive",)),
    "overlapping.zip": Hostile(overlapping, "quarantined", ("bomb",)),
    "many.zip": Hostile(lambda: many_files(20_000), "quarantined"),
    "bomb.txt.gz": Hostile(lambda: gzip.compress(b"a" * 10 * MEGABYTE) * 100, "quarantined", ("bomb",)),
    "line.txt": Hostile(lambda: b"a" * 200 * MEGABYTE, "quarantined", ("too_large",)),
    "line.jsonl": Hostile(lambda: lines(1, b'{"text": "' + b"a" * 200 * MEGABYTE + b'"}'), "stored"),
    "line.csv": Hostile(lambda: b"text\n" + b"a" * 200 * MEGABYTE, "quarantined", ("too_large",)),
    "field.csv": Hostile(lambda: b'text\nOne.\n"' + b"a\n" * 12 * MEGABYTE, "stored"),
    "deep.json": Hostile(lambda: b"[" * 200_000, "quarantined", ("malformed",)),
    "deep.jsonl": Hostile(lambda: lines(3, b'{"a":' * 200_000 + b"1" + b"}" * 200_000), "stored"),
    "tags.html": Hostile(lambda: b"<html><body>" + b"<p>" * (6 * MEGABYTE), "quarantined", ("too_large",)),
    "laughs.xml": Hostile(lambda: LAUGHS + FEED % b"&l9;", "quarantined", ("bomb",)),
    "laughs16.rss": Hostile(lambda: (LAUGHS + FEED % b"&l9;").decode().encode("utf-16"), "quarantined"),
    "file.rss": Hostile(lambda: OUTSIDE + FEED % b"&outside;", "quarantined", ("bomb",)),
    "head.xml": Hostile(
        lambda: b"<rss><channel><title>%s</title>" % (b"x" * 50_000) + b"<item/>" * 2000, "quarantined"
    ),
    "crawl.warc": Hostile(
        lambda: crawl(b"80", b"5", b"99999999999", b"-5", b"99999999999999999999"), "quarantined", ("malformed",)
    ),
    "accents.txt": Hostile(lambda: b"a" + "\u0315\u0300".encode() * 200_000, "stored"),
    "trailers.txt": Hostile(lambda: b"It rained, said Una Roe.\n" + b"END\n" * 200_000, "stored"),
    "breaks.json": Hostile(lambda: json.dumps({"text": "<p>It rained.<br>" + "<br>" * 49_000}).encode(), "stored"),
}  # fmt: skip
