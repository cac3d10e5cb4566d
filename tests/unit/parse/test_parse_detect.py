"""The format of a file is recognised by the name and the content of the file."""

import gzip
import subprocess
import sys

import pytest

from tests.unit.parse.reading_files import PAGE, zipped
from worker.parse.registry import all_formats, detect, for_media_type
from worker.reasons import Reason, Refused

FEED = b'<?xml version="1.0"?>\n<!-- x --><rss version="2.0"><channel/></rss>'
FORMATS = [
    ("a.txt", b"Hello.", "text file"),
    ("A.TXT", b"Hello.", "text file"),
    (b"caf\xe9.txt", b"Hello.", "text file"),
    ("a.txt", PAGE, "text file"),  # any text may be in a text file
    ("a.md", b"# Hello", "Markdown file"),
    ("a.html", b"<p>Hello", "HTML page"),
    ("story.php", PAGE, "HTML page"),
    ("story", b"\xef\xbb\xbf" + PAGE, "HTML page"),
    ("a.xml", PAGE, "HTML page"),
    ("a.json", b'{"a": 1}', "JSON file"),
    ("a.json", PAGE, "HTML page"),  # an error page that a script saved
    ("a.jsonl", b'{"a": 1}', "JSON Lines file"),
    ("a.xml", FEED, "feed"),
    ("a.rss", b"broken", "feed"),
    ("a.atom", b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
    ("index.rdf", b"<rdf:RDF xmlns='x'/>", "feed"),
    ("a.eml", b"From: a\r\n\r\nHi", "mail"),
    ("a.mhtml", b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", "saved page (MHTML)"),
    ("a.html", b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", "saved page (MHTML)"),
    ("a.warc", b"WARC/1.1\r\n", "WARC file"),
    ("a.csv", b"title,text\n", "table"),
    ("a.warc.gz", gzip.compress(b"WARC/1.1\r\n", mtime=0), "gzip file"),
    ("a.zip", zipped({"a.txt": b"x"}), "zip archive"),
]


@pytest.mark.parametrize(("name", "head", "kind"), FORMATS)
def test_detect(name: bytes | str, head: bytes, kind: str) -> None:
    assert detect(name, head).name == kind


def test_every_format_is_complete_and_no_two_share_a_name_or_type() -> None:
    extensions = [extension for kind in all_formats() for extension in kind.extensions]
    media_types = [media_type for kind in all_formats() for media_type in kind.media_types]
    assert len(extensions) == len(set(extensions))
    assert len(media_types) == len(set(media_types))
    for kind in all_formats():
        assert kind.parse or kind.split, kind.name
        assert bool(kind.parse) == bool(kind.media_types), kind.name
    assert all(for_media_type(media_type).parse for media_type in media_types)


def test_a_text_loads_no_heavy_library() -> None:
    script = (
        "import io, sys; from worker.parse import *\n"
        "for name, raw in (('a.txt', b'Short.'), ('a.json', b'{\"text\": \"Short.\"}')):\n"
        "    for member in split(io.BytesIO(raw), name, Limits()):\n"
        "        parse(member.raw, member.media_type, Limits())\n"
        "print({'lxml', 'trafilatura', 'feedparser', 'fastwarc', 'charset_normalizer', 'numpy'} & set(sys.modules))\n"
    )
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "set()"


ADVICE = {
    "Save it as .docx": ["a.pages", "a.wpd", "a.hwpx"],
    "Save it as .csv": ["a.xlsx", "a.ods", "a.numbers", "a.sav", "a.dta", "a.accdb"],
    "Save it as .pdf": ["a.pptx", "a.key", "a.ps", "a.eps", "a.indd"],
    "Save it as .html": ["a.epub", "a.mobi", "a.fb2"],
    "Save it as .eml": ["a.msg", "a.pst", "a.mbox"],
    "Unpack it": ["a.7z", "a.rar", "a.tar", "a.tgz", "a.xz"],
    "It holds addresses": ["a.url", "a.webloc", "a.lnk"],
}
CONTENT = {
    b"\x89PNG\r\n\x1a\n": "It is a picture.",
    b"\0\0\0\x18ftypheic": "It is a picture.",
    b"RIFF\0\0\0\0WEBPVP8 ": "It is a picture.",
    b"<svg xmlns='http://www.w3.org/2000/svg'>": "It is a picture.",
    b"ID3\x03\0": "It is sound or film.",
    b"RIFF\0\0\0\0WAVEfmt ": "It is sound or film.",
    b"\0\0\0\x20ftypisom": "It is sound or film.",
    b"Rar!\x1a\x07\0": "Unpack it",
    b"PK\x03\x04\x14\0\0\0word/document.xml": "Name it .docx",
    b"PK\x03\x04\x14\0\0\0xl/workbook.xml": "Save it as .csv",
    b"<?xml version='1.0'?><TEI>": "XML of a kind that is not read (<TEI>)",
    b"\\documentclass{article}": "name it .txt",
    b"MZ\x90\0\1\2\3": "Save it as text, HTML, DOCX or PDF",
}


@pytest.mark.parametrize(("said", "name"), [(said, name) for said, names in ADVICE.items() for name in names])
def test_a_name_that_is_not_read_says_what_to_do(said: str, name: str) -> None:
    assert said in refusal(name, b"\x01\x02\0 binary")


@pytest.mark.parametrize(("head", "said"), CONTENT.items())
def test_a_content_that_is_not_read_says_what_to_do(head: bytes, said: str) -> None:
    assert said in refusal("a.unknown", head + b" " * 20)


def refusal(name: str, head: bytes) -> str:
    """Return what the refusal of a file says, which is one line."""
    with pytest.raises(Refused) as caught:
        detect(name, head)
    assert caught.value.reason == Reason.UNSUPPORTED_TYPE
    assert "\n" not in caught.value.message and len(caught.value.message) < 160
    return caught.value.message
