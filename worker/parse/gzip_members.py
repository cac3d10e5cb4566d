"""The unpacked bytes of a gzip file, which consists of members that are packed one by one; some may be damaged.

In a gzip file of a crawl (WARC) each record is a member of its own, so the members behind a damaged one are read. Any
other file ends at the damage.
"""

import zlib
from typing import BinaryIO

from worker.parse.reading import HEAD

MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a member."""
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
        while True:
            try:
                piece = self._unpack()
            except (zlib.error, EOFError) as error:
                self.damage = self.damage or error
                if not self._of_records or not self._find_member():
                    return b"".join(pieces)
                return b"".join(pieces)[:-CUT] + SEAM
            if self._of_records is None and piece:
                self._of_records = piece.startswith(RECORDS)
            pieces.append(piece or b"")
            size += len(pieces[-1])
            is_complete = self._unpacker is None
            if piece is None or (size and (is_complete or not self._of_records or size > MOST_KEPT)):
                return b"".join(pieces)

    def _unpack(self) -> bytes | None:
        """Return some bytes of the member, perhaps none; None at the end of the file."""
        if self._unpacker is None:
            while not (member := self._member.lstrip(b"\0")):  # zeros may stand between members
                self._member[:] = self._packed.read(HEAD)
                if not self._member:
                    return None
            self._member, self._given = member, 0
            self._unpacker = zlib.decompressobj(GZIP)
        unpacker = self._unpacker
        packed = unpacker.unconsumed_tail or bytes(self._member[self._given :]) or self._more()
        self._given = len(self._member)
        piece = unpacker.decompress(packed, HEAD)
        if unpacker.eof:
            self._member, self._unpacker = bytearray(unpacker.unused_data), None
        return piece

    def _more(self) -> bytes:
        """Return the next packed bytes of the member. Raise `EOFError` if the file ends inside it."""
        packed = self._packed.read(HEAD)
        if not packed:
            raise EOFError("it ends inside of what is packed")
        if len(self._member) > MOST_KEPT:
            del self._member[: -len(MAGIC)]
        self._member += packed
        return packed

    def _find_member(self) -> bool:
        """Go to the next place behind the beginning of the member where another one may begin; False if none does."""
        self._unpacker = None
        place = self._member.find(MAGIC, 1)
        while place < 0:
            packed = self._packed.read(HEAD)
            if not packed:
                return False
            self._member = self._member[-len(MAGIC) + 1 :] + packed
            place = self._member.find(MAGIC)
        del self._member[:place]
        return True
