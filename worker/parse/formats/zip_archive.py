"""zip: an archive of files of other formats. Nothing is written to disk; names, sizes and ratios are checked."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from worker.parse.article import Member
from worker.parse.format import Format, Limits
from worker.parse.naming import display_name, is_companion, is_made_folder
from worker.parse.reading import HEAD, Unpacked
from worker.parse.splitting import members
from worker.reasons import Reason, Refused

UTF8_NAME = 0x800  # general purpose flag bits (APPNOTE.TXT, section 4.4.4)
ENCRYPTED = 0x1
LONGEST_PATH = 60  # keep at most this many last characters of a file's path in the names of the articles in it


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the members of every file in the archive, named by path; a refused file does not stop the others."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError) as error:
        raise Refused(Reason.MALFORMED, f"The zip file is damaged or cut off ({error}). Make it again.") from error
    with archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check_overlap(stream, files)
        names = {entry.filename for entry in files}
        unpacked = 0
        for entry in files:
            if _is_junk(entry.filename, names):
                continue
            unpacked += entry.file_size
            if unpacked > limits.max_container_bytes:
                raise Refused(
                    Reason.TOO_LARGE,
                    f"It unpacks to more than {limits.max_container_bytes:,} bytes. Split it into several archives.",
                )
            yield from _entry_members(archive, entry, limits)


def _check_overlap(stream: BinaryIO, files: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share packed bytes: together they are a bomb, even if the ratio of each entry is small."""
    if sum(entry.compress_size for entry in files) > stream.seek(0, io.SEEK_END):
        raise Refused(
            Reason.BOMB,
            "Its files overlap, as in decompression bombs. If it is sound, unpack it and drop what is inside.",
        )


def _entry_members(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> Iterator[Member]:
    """Yield the members of one file of the archive; if it is refused or damaged, one refused member says why."""
    path = _path(entry)
    try:
        _check(entry, path)
        with archive.open(entry) as packed:
            limit = min(entry.file_size, limits.max_container_bytes)
            stream = Unpacked(cast(BinaryIO, packed), lambda: entry.compress_size, limits.max_ratio, limit)
            for member in members(io.BufferedReader(stream, HEAD), path, limits, inside=True):
                note = member.note and f"{path[-LONGEST_PATH:]}: {member.note}"
                named = path if member.name is None else f"{path[-LONGEST_PATH:]}:{member.name}"
                yield replace(member, name=named, note=note)
    except Refused as refusal:
        yield Member(b"", "", path, refusal.reason, refusal.message)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        message = f"This file of the zip is damaged ({error}). Make the zip again."
        yield Member(b"", "", path, Reason.MALFORMED, message)
    except (RuntimeError, NotImplementedError) as error:
        message = f"This file of the zip cannot be unpacked here ({error}). Unpack it and drop it by itself."
        yield Member(b"", "", path, Reason.UNREADABLE, message)


def _check(entry: zipfile.ZipInfo, path: str) -> None:
    """Refuse unsafe names, links and encrypted files before they are unpacked."""
    components = path.replace("\\", "/").split("/")
    if ".." in components or components[0] == "" or ":" in components[0]:
        raise Refused(Reason.UNSAFE_MEMBER, "Its name leads outside the archive ('..' or an absolute path).")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(Reason.UNSAFE_MEMBER, "It is a symbolic link. Put the file itself into the archive.")
    if entry.flag_bits & ENCRYPTED:
        raise Refused(Reason.UNREADABLE, "It is encrypted. Unpack the archive with its password and drop the files.")


def _path(entry: zipfile.ZipInfo) -> str:
    r"""Return the name of the entry as text. Old archives use any encoding; bytes that are not UTF-8 become `\xNN`."""
    name = entry.orig_filename.partition("\0")[0]
    return display_name(name if entry.flag_bits & UTF8_NAME else name.encode("cp437", "replace"))


def _is_junk(name: str, names: set[str]) -> bool:
    """True for files that systems and browsers add: resource forks, hidden files, `page_files/` of a `page.html`."""
    folders = name.split("/")
    if is_companion(name) or folders[-1].startswith("."):
        return True
    if any(is_made_folder(folder) for folder in folders[:-1] if folder not in (".", "..")):
        return True
    above = ("/".join(folders[:depth]) for depth in range(1, len(folders)))
    pages = [folder.removesuffix("_files") for folder in above if folder.endswith("_files")]
    return any(page + ext in names for page in pages for ext in (".html", ".htm"))


FORMAT = Format(
    name="zip archive",
    extensions=(".zip",),
    sniff=lambda head: head.startswith((b"PK\x03\x04", b"PK\x05\x06")),
    split=split,
    binary=True,
    archive=True,
)
