"""The format of a file is recognised by the name and the content of the file."""

import gzip
import subprocess
import sys

import pytest

from tests.unit.parse.reading_files import PAGE, zipped
from worker.parse.registry import all_formats, detect, for_media_type

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
