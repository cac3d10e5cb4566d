"""The unpacked bytes of a gzip file, which consists of members that are packed one by one; some may be damaged.

In a gzip file of a crawl (WARC) each record is a member of its own, so the members behind a damaged one are read. Any
other file ends at the damage.
"""

import re
import zlib
from typing import BinaryIO

from worker.parse.reading import HEAD

MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a member."""
BEGINNING = re.compile(rb"\x1f\x8b\x08(?:\0|\x04.{7}\0|\x08.{6}[^\0]{0,255}\0)", re.DOTALL)
"""Behind damage, a member begins so: with no field, a short extra field, or a short name. Others would be read far."""
LONGEST_BEGINNING = 300
"""More bytes than `BEGINNING` matches."""
GZIP = 16 + zlib.MAX_WBITS
"""Tells zlib to read the header of a member and to check its sum."""
RECORDS = b"WARC/"
SEAM = b"\r\n\r\n"
"""Stands for what is missing, so that the next record begins after an empty line."""
CUT = 8
"""Leave out so many last bytes of a member whose sum is wrong: its record then counts as damaged."""
MOST_KEPT = 8_000_000
"""At most about this many packed bytes of a member, and unpacked ones, are kept until it is known to be sound."""


class Sound:
    """The sound part of a gzip file; `damage` is the first error in it."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._member = bytearray()  # the packed bytes from the beginning of the member on
        self._unpacker: zlib._Decompress | None = None
        self._given = 0  # so many bytes of the member were given to the unpacker
        self._unpacked: list[bytes] = []
        self._of_records: bool | None = None
        self._is_over = False  # nothing can be read any more
        self.damage: Exception | None = None

    def read(self, count: int) -> bytes:
        """Return up to `count` unpacked bytes; b"" at the end."""
        raw = b"".join(self._unpacked) or self._next_bytes()
        self._unpacked = [raw[count:]] if len(raw) > count else []
        return raw[:count]

    def _next_bytes(self) -> bytes:
        """Return the next unpacked bytes: of a file of records those of a whole member, unless it is very long."""
        pieces: list[bytes] = []
        size = 0
        while not self._is_over:
            try:
                piece = self._unpack()
            except (zlib.error, EOFError) as error:
                self.damage = self.damage or error
                if self._of_records is None and self._find_member():
                    continue  # the first member is lost
                return self._before_damage(b"".join(pieces))
            if self._of_records is None and piece:
                self._of_records = piece.startswith(RECORDS)
                if self.damage and not self._of_records:
                    return self._before_damage(b"")
            pieces.append(piece or b"")
            size += len(pieces[-1])
            is_complete = self._unpacker is None
            if piece is None or (size and (is_complete or not self._of_records or size > MOST_KEPT)):
                break
        return b"".join(pieces)

    def _before_damage(self, raw: bytes) -> bytes:
        """Return what counts of `raw`, the bytes of the damaged member, and go to the next member, or to the end."""
        if not self._of_records:
            self._end()
            return raw
        return raw[:-CUT] + SEAM if self._find_member() else raw[:-CUT]

    def _end(self) -> None:
        """Let nothing be read any more, above all not the damaged member from its beginning again."""
        self._is_over = True
        self._unpacker = None
        self._member.clear()

    def _unpack(self) -> bytes | None:
        """Return some bytes of the member, perhaps none; None at the end of the file."""
        if self._unpacker is None:
            while not self._member or self._member[0] == 0:  # zeros may stand between members
                self._member = self._member.lstrip(b"\0") or bytearray(self._packed.read(HEAD))
                if not self._member:
                    return None
            self._given = 0
            self._unpacker = zlib.decompressobj(GZIP)
        if self._given == len(self._member):
            self._more()
        unpacker = self._unpacker
        with memoryview(self._member) as member, member[self._given : self._given + HEAD] as packed:
            self._given += len(packed)
            piece = unpacker.decompress(packed, HEAD)
        self._given -= len(unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail)
        if unpacker.eof:
            del self._member[: self._given]
            self._unpacker = None
        return piece

    def _more(self) -> None:
        """Read the next packed bytes of the member. Raise `EOFError` if the file ends inside it."""
        packed = self._packed.read(HEAD)
        if not packed:
            raise EOFError("it ends inside of what is packed")
        if len(self._member) > MOST_KEPT:
            del self._member[: -len(MAGIC)]
        self._given = len(self._member)
        self._member += packed

    def _find_member(self) -> bool:
        """Go to the next place behind the beginning of the member where another one may begin.

        If none does, go to the end and return False.
        """
        self._unpacker = None
        found = BEGINNING.search(self._member, 1)
        while found is None:
            packed = self._packed.read(HEAD)
            if not packed:
                self._end()
                return False
            self._member = self._member[max(1, len(self._member) - LONGEST_BEGINNING) :] + packed
            found = BEGINNING.search(self._member)
        place = found.start()
        del found  # it holds the bytes, which must not become fewer meanwhile
        del self._member[:place]
        return True
