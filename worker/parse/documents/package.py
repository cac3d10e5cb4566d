"""Reading the XML parts of documents that are zip files (DOCX, ODT), within the limits and without entities."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from worker.parse.format import Limits
from worker.parse.reading import HEAD, Unpacked
from worker.parse.safe_xml import SAFE
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

ENCRYPTED = 0x1  # general purpose flag bit (APPNOTE.TXT, section 4.4.4)
MOST_PARTS = 10_000  # refuse a document with more files in it; a long illustrated document has hundreds
LARGEST_PART = 5  # a part may have so many times the bytes of an article: half of them are mark-up
BROKEN = "The document is damaged or cut off. Open it, save it again and drop it again."
ENTITIES = "The document declares XML entities, as expansion bombs do. Open it, save it again and drop it again."


class Package:
    """A document that is a zip file of XML parts. Raise `Refused(malformed)` if it is no sound zip file."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        try:
            self._archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, ValueError, OSError) as error:
            raise Refused(Reason.MALFORMED, BROKEN) from error
        entries = self._archive.infolist()
        if len(entries) > MOST_PARTS:
            raise Refused(Reason.BOMB, f"It has more than {MOST_PARTS:,} files in it, which no document has.")
        if sum(entry.compress_size for entry in entries) > stream.seek(0, io.SEEK_END):
            raise Refused(Reason.BOMB, "The files in it overlap, as in decompression bombs. Save it again.")
        self._entries = {entry.filename: entry for entry in entries}
        self._limits = limits

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def open(self, name: str) -> BinaryIO:
        """Return the unpacked bytes of a part as a stream. Raise `Refused`: `malformed`, `unreadable` or `too_large`.

        Reading the stream raises `Refused(bomb)` if it unpacks to too many times its size.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise Refused(Reason.MALFORMED, BROKEN)
        if entry.flag_bits & ENCRYPTED:
            raise Refused(Reason.UNREADABLE, "The document has a password. Save it without the password.")
        limit = LARGEST_PART * self._limits.max_member_bytes
        ratio_is_high = entry.file_size > self._limits.max_ratio * max(1, entry.compress_size)
        if ratio_is_high and entry.file_size > Unpacked.RATIO_FLOOR:
            raise Refused(
                Reason.BOMB,
                f"It unpacks to more than {self._limits.max_ratio} times its size, as decompression bombs do. If it is"
                " sound, save it as plain text and drop that.",
            )
        if entry.file_size > limit:
            raise Refused(
                Reason.TOO_LARGE,
                f"Its text with mark-up is larger than {limit:,} bytes. Split it, or raise ONRECORD_MAX_MEMBER_BYTES.",
            )
        try:
            packed = self._archive.open(entry)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError) as error:
            raise Refused(Reason.MALFORMED, BROKEN) from error
        unpacked = Unpacked(cast(BinaryIO, packed), lambda: entry.compress_size, self._limits.max_ratio, limit)
        return cast(BinaryIO, io.BufferedReader(unpacked, HEAD))

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator["_Element"]:
        """Yield the elements of a part that have one of these tags, each when it is complete.

        The one who takes an element clears it. Entities are not expanded; their declarations are refused as `bomb`.
        """
        from lxml import etree

        try:
            with self.open(name) as stream:
                context = etree.iterparse(stream, events=("end",), tag=tags, **SAFE)
                is_first = True
                for _, element in context:
                    if is_first:
                        _refuse_entities(element)
                        is_first = False
                    yield element
        except etree.XMLSyntaxError as error:
            if "ntity" in str(error):
                raise Refused(Reason.BOMB, ENTITIES) from error
            raise Refused(Reason.MALFORMED, BROKEN) from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Refused(Reason.MALFORMED, BROKEN) from error


def _refuse_entities(root: "_Element") -> None:
    """Raise `Refused(bomb)` if the document of this element declares an entity."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[attr-defined]
        raise Refused(Reason.BOMB, ENTITIES)
