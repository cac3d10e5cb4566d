"""What to do with a file that no format reads, in one sentence."""

import re

from worker.parse.agencies.trees import PROLOG
from worker.parse.documents import ole
from worker.parse.documents.elements import TAG

ROOT = re.compile(PROLOG + rb"(?:<!DOCTYPE[^>]{0,1000}>\s*)?<(" + TAG + rb")[\s>/]", re.DOTALL)
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
SAVE_AS = {  # the ending under which the programs of these files can save them
    ".docx": (".pages", ".wpd", ".wps", ".sxw", ".lwp", ".dot", ".gdoc"),
    ".csv": (".xls", ".xlsx", ".xlsm", ".ods", ".numbers", ".sqlite", ".db", ".parquet", ".sav", ".rdata", ".rds"),
    ".pdf": (".ppt", ".pptx", ".odp", ".key", ".indd", ".qxd", ".pub", ".ps", ".xps", ".djvu"),
    ".html": (".epub", ".mobi", ".azw3", ".webarchive", ".maff", ".url", ".webloc"),
    ".eml": (".msg", ".pst", ".mbx"),
}
PACKED = (".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz", ".zst", ".cab")
HELD = {b"%PDF-": ".pdf", b"{\\rtf": ".rtf"}


def advice(ext: str, head: bytes) -> str:
    """Return what to do with a file of this extension and these first bytes, which no format reads."""
    if head.startswith(ole.BEGINNING) and ext not in (*SAVE_AS[".csv"], *SAVE_AS[".pdf"], *SAVE_AS[".eml"]):
        return ole.refused(head).message
    named = f"A file named {ext}" if ext else "A file without an ending"
    if target := next((target for target, endings in SAVE_AS.items() if ext in endings), None):
        return f"{named} is not read. Save it as {target} in its program and drop it again."
    if ext in PACKED:
        return f"{named} is not read. Unpack it and drop what is inside."
    if target := next((target for beginning, target in HELD.items() if head.startswith(beginning)), None):
        return f"It is a {target} file under another name. Name it {target} and drop it again."
    if head.startswith(PICTURES):
        return "It is a picture. If it shows text, run text recognition (OCR) over it and drop its text."
    if root := ROOT.match(head):
        return (
            f"It is XML of a kind that is not read (<{root[1].decode('ascii', 'replace')}>). Save it as HTML or NITF."
        )
    return f"{named} is not read with this content. Save it as text, HTML, DOCX or PDF and drop it again."
