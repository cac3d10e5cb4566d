"""Documents made to break parsers: put together from a format's own words, or golden ones with damage done to them."""

import gzip
import io
import json
import zipfile
from pathlib import Path

from hypothesis import strategies as st

from worker.parse.registry import all_formats

GOLDEN = Path(__file__).parents[1] / "golden" / "parse"
LONGEST = 20_000  # bytes
EXTENSIONS = sorted({ext for each in all_formats() for ext in each.extensions + each.shared_extensions})


def _words(written: str) -> list[bytes]:
    """Words parted by white space, with Python's escapes in them."""
    return [word.encode("latin-1").decode("unicode_escape").encode("latin-1") for word in written.split()]


EVERYWHERE = [
    b"",
    b"a" * 300,
    b"9" * 400,
    "“Ja,” said Åse. ".encode(),
    "\u202é̕İ🎉".encode(),
    *_words(
        r"""\x20 \n \r\n \t \0 \xff \xef\xbb\xbf \xff\xfe \xed\xa0\x80 \xc2\xa0 \x0b " ' -1 1e999 http://[x/ &#0;
        2024-02-30T25:61:00+99:99 0001-01-01 Words,\x20said\x20Una\x20Roe. Words\x20words\x20words\x20"""
    ),
]
WORDS = {  # by one extension of each format that has words of its own
    ".txt": _words(
        r"""TEHRAN\x20-\x20 (Reuters)\x20--\x20 END\n Copyright\x202024 All\x20rights\x20reserved. \x81\x8d \xe9 Hi."""
    ),
    ".md": _words(r"""---\n title:\x20x\n #\x20 ** __ * _ [ ]( ) ![ >\x20 \\ +++\n ]: date:\x20 authors:\x20[a,b]\n"""),
    ".html": _words(
        r"""<html> <head> <body> <p> </p> <div> </div> <article> </article> <!-- --> <br> <![CDATA[ ]]> </script>
        <table> <tr> <script\x20type='application/ld+json'> {"@type":"Article","headline":
        <meta\x20charset=utf-7> <time\x20datetime=' <meta\x20property='og:title'\x20content='
        <base\x20href=' <link\x20rel='canonical'\x20href=' <!DOCTYPE\x20html> <svg>
        <?xml\x20version='1.0'\x20encoding='x'?> <a\x20b &amp; &#x110000; &nosuch; <svg:x\x20
        xmlns:a='b'> <template> <pre> <"""
    ),
    ".xml": _words(
        r"""<rss> <rss><channel> <channel> <item> </item> <entry> <feed\x20xmlns='http://www.w3.org/2005/Atom'>
        </feed> </rss> <title> </title> <description> </description> <content:encoded> <pubDate>
        <link\x20href='x'/> <![CDATA[ ]]> <rdf:RDF> <!DOCTYPE\x20x> <!ENTITY\x20a\x20'b'> &a; <?x?>
        <dc:creator> <author> <?xml\x20version='1.0'\x20encoding='utf-16'?> <media:content\x20url='x'/>
        <source> <category\x20term='x'/>"""
    ),
    ".eml": _words(
        r"""From:\x20 Subject:\x20 Date:\x20 Content-Type:\x20text/plain;\x20charset= \r\n--b\r\n --b-- \r\n\r\n ?=
        (( =3D utf-16 Content-Type:\x20multipart/mixed;\x20boundary=b
        Content-Transfer-Encoding:\x20base64\r\n quoted-printable =?utf-8?B? =?x?Q?=ff message/rfc822
        text/html no-such <a@b> Content-Disposition:\x20attachment"""
    ),
    ".mhtml": _words(
        r"""Content-Type:\x20multipart/related;\x20boundary=b\r\n\r\n --b\r\n Content-Type:\x20text/html\r\n --b--
        \r\n =C3 Content-Location:\x20x\r\n <html><body><p>Words,\x20said\x20Una.</p>
        Content-Transfer-Encoding:\x20base64\r\n"""
    ),
    ".csv": _words(r"""text title , ; | \t " "" "\n" text,title\n body;date\r\n \xe9 a,b\n text\ttitle\n"""),
    ".warc": _words(
        r"""WARC/1.0\r\n WARC/1.1\r\n WARC-Type:\x20response\r\n WARC-Target-URI:\x20http://a/\xff\r\n
        Content-Length:\x20 \r\n Content-Type:\x20application/http;\x20msgtype=response\r\n
        HTTP/1.1\x20200\x20OK\r\n HTTP/1.1\x20abc\r\n \r\n\r\n
        Content-Type:\x20text/html;\x20charset=x\r\n 99999999999999999999 -5 0 60
        Content-Encoding:\x20gzip\r\n Transfer-Encoding:\x20chunked\r\n ffffffffffffffff\r\n
        5\r\nWords\r\n Content-Encoding:\x20br\r\n WARC-Record-ID:\x20<x>\r\n"""
    ),
}
FIELDS = [
    "title",
    "text",
    "body",
    "sections",
    "authors",
    "date",
    "source",
    "content",
    "url",
    "paragraphs",
    "a\0b",
    "\ud800",
]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("Words, said Una Roe.")
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)


def kin(extension: str) -> set[str]:
    """The extensions of the format that an extension belongs to."""
    families = ({*each.extensions, *each.shared_extensions} for each in all_formats())
    return next(family for family in families if extension in family)


def golden(extension: str) -> list[bytes]:
    """The golden inputs of an extension's format (all of them, where it has none)."""
    files = [path for path in sorted(GOLDEN.glob("*/*")) if path.name != "expected.json"]
    return [path.read_bytes() for path in files if path.suffix in kin(extension)] or [
        path.read_bytes() for path in files
    ]


def spoken(extension: str) -> st.SearchStrategy[bytes]:
    """The words of a format in any order, now and then one that is out of place everywhere."""
    own = next((words for each, words in WORDS.items() if each in kin(extension)), WORDS[".txt"])
    return st.lists(st.sampled_from(own * 6 + EVERYWHERE), max_size=30).map(b"".join)


@st.composite
def damaged(draw: st.DrawFn, extension: str) -> bytes:
    """A golden document with some bytes changed, repeated, cut out, or put in from the format's words or another's."""
    raw = bytearray(draw(st.sampled_from(golden(extension))))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from((0, 0, 1, 8, 80, 800, LONGEST))))
        new = draw(spoken(extension)) if draw(st.booleans()) else bytes(raw[start:end]) * draw(st.integers(0, 20))
        raw[start:end] = new[:LONGEST]
    return bytes(raw[:LONGEST])


def written(extension: str) -> st.SearchStrategy[bytes]:
    """Any document that may come under an extension."""
    if extension == ".zip":
        return zips()
    if extension == ".gz":
        inner = st.sampled_from([each for each in EXTENSIONS if each != ".gz"]).flatmap(written)
        return st.tuples(inner, st.integers(0, 30)).map(lambda given: _cut(gzip.compress(given[0]), given[1]))
    made = [damaged(extension), spoken(extension), st.binary(max_size=300)]
    if extension in (".json", ".jsonl", ".ndjson", ".jsonlines"):
        values = st.lists(json_values, max_size=4).map(lambda many: "\n".join(map(json.dumps, many)).encode())
        made = [damaged(extension), values, json_values.map(lambda value: json.dumps(value).encode())]
    return st.one_of(*made)


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    """A zip of a few documents with odd names, perhaps with a byte or two changed."""
    names = st.text(max_size=8) | st.sampled_from(
        ["../a.txt", "/a.txt", "a/", "\\", "a_files/b.html", "a.html", "x" * 3000]
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))) as archive:
        for extension in draw(st.lists(st.sampled_from([each for each in EXTENSIONS if each != ".zip"]), max_size=3)):
            name = draw(names).encode("utf-8", "replace").decode() + extension
            if name not in archive.namelist():
                archive.writestr(zipfile.ZipInfo(name), draw(written(extension)))
    raw = bytearray(held.getvalue())
    for _ in range(draw(st.integers(0, 3))):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


def _cut(raw: bytes, count: int) -> bytes:
    return raw[: len(raw) - count] if count > 15 else raw
