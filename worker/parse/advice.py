"""What to do with a file that no format reads, in one sentence."""

import re

from worker.parse.agencies.trees import PROLOG
from worker.parse.decoding import is_binary
from worker.parse.documents import ole
from worker.parse.documents.elements import TAG

ROOT = re.compile(PROLOG + rb"(?:<!DOCTYPE[^>]{0,1000}>\s*)?<(" + TAG + rb")[\s>/]", re.DOTALL)
SAVE_AS = {  # the ending under which the programs of these files can save them
    ".docx": (".pages", ".wpd", ".wps", ".sxw", ".lwp", ".dot", ".hwp", ".hwpx", ".fodt", ".abw", ".wri", ".one"),
    ".csv": (
        *(".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".numbers", ".sqlite", ".sqlite3", ".db", ".mdb", ".accdb"),
        *(".parquet", ".feather", ".arrow", ".sav", ".por", ".dta", ".sas7bdat", ".rdata", ".rda", ".rds", ".pkl"),
        *(".pickle", ".h5", ".hdf5", ".dbf"),
    ),
    ".pdf": (
        *(".ppt", ".pptx", ".pps", ".ppsx", ".odp", ".odg", ".key", ".indd", ".qxd", ".pub", ".ps", ".eps", ".xps"),
        *(".oxps", ".djvu", ".vsd", ".vsdx", ".ai", ".dvi"),
    ),
    ".html": (".epub", ".mobi", ".azw", ".azw3", ".fb2", ".webarchive", ".maff", ".chm", ".enex"),
    ".eml": (".msg", ".pst", ".ost", ".mbx", ".mbox", ".emlx", ".p7m"),
}
ADDRESSES = (".url", ".webloc", ".lnk", ".desktop", ".gdoc", ".gsheet", ".opml")
PACKED = (".tar", ".tgz", ".tbz2", ".txz", ".7z", ".rar", ".bz2", ".xz", ".zst", ".lz4", ".cab", ".iso", ".dmg")
HELD = {b"%PDF-": ".pdf", b"{\\rtf": ".rtf"}
HELD_IN_ZIP = {  # the file formats that are a zip of such files
    b"word/": ".docx",
    b"mimetypeapplication/vnd.oasis.opendocument.text": ".odt",
    b"xl/": ".xlsx",
    b"ppt/": ".pptx",
    b"mimetypeapplication/epub+zip": ".epub",
}
ZIP = b"PK\x03\x04"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"MSCF")
PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM|8BPS|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|msf1|avif)", re.DOTALL
)
SOUND = re.compile(
    rb"ID3|\xff[\xfb\xf3\xf2\xf1\xf9]|RIFF.{4}(?:WAVE|AVI )|OggS|fLaC|FORM.{4}AIF|#!AMR|.{4}ftyp|\x1aE\xdf\xa3"
    rb"|\0\0\x01[\xba\xb3]|FLV\x01|0&\xb2u",
    re.DOTALL,
)


def advice(ext: str, head: bytes) -> str:
    """Return what to do with a file of this extension and these first bytes, which no format reads."""
    if head.startswith(ole.BEGINNING) and ext not in (*SAVE_AS[".csv"], *SAVE_AS[".pdf"], *SAVE_AS[".eml"]):
        return ole.refused(head).message
    named = f"A file named {ext}" if ext else "A file without an ending"
    if ext in ADDRESSES:
        return "It holds addresses, and no text. Open what it leads to, save that as HTML or DOCX, and drop it."
    if target := next((target for target, endings in SAVE_AS.items() if ext in endings), None):
        return f"{named} is not read. Save it as {target} in its program and drop it again."
    if ext in PACKED or head.startswith(ARCHIVES):
        return f"{named if ext else 'Such an archive'} is not read. Unpack it and drop what is inside."
    return _by_content(ext, named, head)


def instead(head: bytes) -> str:
    """Return what to do with a file whose ending belongs to a format that its content is not in."""
    if head.startswith(ARCHIVES):
        return "It is another archive: unpack it and drop what is inside."
    return "Save or download it again."


def _by_content(ext: str, named: str, head: bytes) -> str:
    """Return what to do with a file whose ending says nothing."""
    if target := next((target for beginning, target in HELD.items() if head.startswith(beginning)), None):
        return f"It is a {target} file under another name. Name it {target} and drop it again."
    if head.startswith(ZIP):
        held = next((target for name, target in HELD_IN_ZIP.items() if name in head), ".zip")
        if target := next((target for target, endings in SAVE_AS.items() if held in endings), None):
            return f"It is a {held} file. Save it as {target} in its program and drop it again."
        return f"It is a {held} file under another name. Name it {held} and drop it again."
    root = ROOT.match(head)
    name = root[1].decode("ascii", "replace") if root else ""
    if PICTURE.match(head) or name.rpartition(":")[2] == "svg":
        return "It is a picture. If it shows text, run text recognition (OCR) over it and drop its text."
    if SOUND.match(head):
        return "It is sound or film. Have what is said written down (speech recognition does it) and drop the text."
    if root:
        return f"It is XML of a kind that is not read (<{name}>). Save it as HTML or NITF and drop it again."
    if not is_binary(head):
        return f"{named} is not read, although it is text. If it is an article, name it .txt and drop it again."
    return f"{named} is not read with this content. Save it as text, HTML, DOCX or PDF and drop it again."
