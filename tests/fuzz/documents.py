"""Documents made to break parsers: composed of the words of a format, or damaged golden documents."""

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import zstandard
from hypothesis import strategies as st

from tests.unit.parse.making_documents import docx, odt
from worker.parse.registry import all_formats

OFFICE = {".docx": True, ".docm": True, ".odt": False, ".ott": False}  # True for the formats of Word
GOLDEN = Path(__file__).parents[1] / "golden" / "parse"
LONGEST = 20_000  # damaged documents have at most this many bytes
EXTENSIONS = sorted({ext for kind in all_formats() for ext in kind.extensions + kind.shared_extensions})


def _words(source: str) -> list[bytes]:
    """Return the words between white space, with Python's escapes decoded."""
    return [word.encode("latin-1").decode("unicode_escape").encode("latin-1") for word in source.split()]


EVERYWHERE = [  # words that belong to no format, and are mixed into every format
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
WORDS = {  # the words of each format, under one of its extensions; a format without words uses those of ".txt"
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
        <source> <category\x20term='x'/> <nitf> </nitf> <docdata\x20management-status='canceled'/> <body> </body>
        <body.head> <body.content> </body.content> <hedline><hl1> </hl1> <p> </p> <table><tr><td> <NewsML> <NewsItem>
        </NewsItem> <NewsComponent> <ContentItem> <DataContent> </DataContent> <RevisionId>1</RevisionId>
        <newsItem\x20xmlns='http://iptc.org/std/nar/2006-10-01/'\x20guid='a'\x20version='2'> </newsItem> <contentSet>
        <inlineXML> <inlineData> <itemMeta><pubStatus\x20qcode='stat:canceled'/></itemMeta> &eacute; &nosuch;
        <rss\x20xmlns:wp='http://wordpress.org/export/1.2/'><channel> <wp:status>publish</wp:status>
        <wp:post_type>post</wp:post_type> [caption\x20id='1'] [/caption] </channel></rss>"""
    ),
    ".rtf": _words(
        r"""{\\rtf1 { } \\par \\par\x20 \\u8212? \\u-10179 \\'e9 \\'8a \\f1 {\\fonttbl{\\f1\\fcharset128\x20M;}} \\b
        \\b0 \\bin9 \\bin-1 \\uc99999 \\ansicpg1251 \\ansicpg0 {\\*\\x {\\info{\\title\x20T}} {\\footnote \\cell
        \\row \\tab \\deleted \\v \\pard \\plain \\ls1 {\\stylesheet{\\s1\x20heading\x201;}} \\s1 \\~ \\* \\\n"""
    ),
    ".pdf": _words(
        r"""%PDF-1.4\n 1\x200\x20obj\n endobj\n <</Type/Catalog/Pages\x202\x200\x20R>>
        <</Type/Pages/Count\x209/Kids[3\x200\x20R]>>
        stream\n endstream\n BT\x20/F1\x209\x20Tf\x20(Words)\x20Tj\x20ET\n xref\n
        trailer<</Root\x201\x200\x20R>>\n startxref\n %%EOF\n /Encrypt -1 99999999999"""
    ),
    ".docx": _words(
        r"""<w:p> </w:p> <w:r> </w:r> <w:t> </w:t> <w:tab/> <w:br/> <w:del> </w:del> <w:tbl> </w:tbl> <w:tr> </w:tr>
        <w:tc> </w:tc> <w:pPr><w:pStyle\x20w:val='Titel'/></w:pPr> <w:rPr><w:b/></w:rPr> <w:sdt> </w:sdt>
        <w:txbxContent> <w:numPr><w:numId\x20w:val='1'/></w:numPr> <text:p> </text:p> <text:h> </text:h>
        <text:s\x20text:c='99999999999'/> <text:list> </text:list> <text:note> </text:note> <draw:frame> </draw:frame>
        <table:table-row> </table:table-row> &nosuch; <!-- --> ]]>"""
    ),
    ".eml": _words(
        r"""From:\x20 Subject:\x20 Date:\x20 Content-Type:\x20text/plain;\x20charset= \r\n--b\r\n --b-- \r\n\r\n ?=
        (( =3D utf-16 Content-Type:\x20multipart/mixed;\x20boundary=b
        Content-Transfer-Encoding:\x20base64\r\n quoted-printable =?utf-8?B? =?x?Q?=ff message/rfc822
        text/html no-such <a@b> Content-Disposition:\x20attachment multipart/alternative multipart/related
        ;\x20format=flowed;\x20delsp=yes >\x20 >>\x20 \r\n--\x20\r\n ________________________________________\r\n
        From:\x20Una\x20<u@a>\r\nDate:\x20x\r\nSubject:\x20x\r\n List-Id:\x20x
        =?utf-8?Q?=C3?=\x20=?utf-8?Q?=A9?="""
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
        5\r\nWords\r\n Content-Encoding:\x20br\r\n WARC-Record-ID:\x20<x>\r\n
        Content-Encoding:\x20br,zstd\r\n
        WARC-Type:\x20resource\r\n WARC-Type:\x20conversion\r\n Content-Type:\x20Text/Plain\r\n
        \x28\xb5\x2f\xfd \x78\x9c
        \x1f\x8b\x08 0\r\n\r\n"""
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
    "_source",
    "data",
    "rendered",
    "items",
    "full_text",
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


def extensions_of_format(extension: str) -> set[str]:
    """Return all extensions of the format that has this extension."""
    sets = ({*kind.extensions, *kind.shared_extensions} for kind in all_formats())
    return next(extensions for extensions in sets if extension in extensions)


def golden(extension: str) -> list[bytes]:
    """Return the golden inputs of the format with this extension, or all golden inputs if that format has none."""
    files = [path for path in sorted(GOLDEN.glob("*/*")) if path.name != "expected.json"]
    return [path.read_bytes() for path in files if path.suffix in extensions_of_format(extension)] or [
        path.read_bytes() for path in files
    ]


def shuffled_words(extension: str) -> st.SearchStrategy[bytes]:
    """Draw words of a format in any order, mixed with words of `EVERYWHERE`."""
    extensions = extensions_of_format(extension)
    own_words = next((words for name, words in WORDS.items() if name in extensions), WORDS[".txt"])
    return st.lists(st.sampled_from(own_words * 6 + EVERYWHERE), max_size=30).map(b"".join)


@st.composite
def damaged(draw: st.DrawFn, extension: str) -> bytes:
    """Draw a golden document with some bytes repeated, removed, or replaced by words of its format."""
    raw = bytearray(draw(st.sampled_from(golden(extension))))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from((0, 0, 1, 8, 80, 800, LONGEST))))
        new = (
            draw(shuffled_words(extension)) if draw(st.booleans()) else bytes(raw[start:end]) * draw(st.integers(0, 20))
        )
        raw[start:end] = new[:LONGEST]
    return bytes(raw[:LONGEST])


def any_document(extension: str) -> st.SearchStrategy[bytes]:
    """Draw a document for this extension."""
    if extension == ".zip":
        return zips()
    if extension == ".gz":
        inner = st.sampled_from([other for other in EXTENSIONS if other != ".gz"]).flatmap(any_document)
        return st.tuples(inner, st.integers(0, 30)).map(lambda drawn: _cut(gzip.compress(drawn[0]), drawn[1]))
    kinds = [damaged(extension), shuffled_words(extension), st.binary(max_size=300)]
    if extension in (".warc", ".wet"):
        kinds.append(packed_responses())
    if extension in OFFICE:
        kinds = [damaged(extension), office(extension), office(extension)]
    if extension in (".json", ".jsonl", ".ndjson", ".jsonlines"):
        values = st.lists(json_values, max_size=4).map(lambda lines: "\n".join(map(json.dumps, lines)).encode())
        kinds = [damaged(extension), values, json_values.map(lambda value: json.dumps(value).encode())]
    return st.one_of(*kinds)


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}


@st.composite
def packed_responses(draw: st.DrawFn) -> bytes:
    """Draw a record with a page that is packed once or twice, under a head that may lie, with some bytes changed."""
    body = draw(st.sampled_from(golden(".html"))) if draw(st.booleans()) else b"a" * draw(st.integers(0, 2_000_000))
    codings = draw(st.lists(st.sampled_from(sorted(PACKERS)), max_size=2))
    for coding in codings:
        body = PACKERS[coding](body)
    packed = bytearray(body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body)
    for _ in range(draw(st.integers(0, 3)) if packed else 0):
        packed[draw(st.integers(0, len(packed) - 1))] = draw(st.integers(0, 255))
    said = draw(st.lists(st.sampled_from(sorted(PACKERS)), max_size=2)) if draw(st.booleans()) else codings
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {', '.join(said)}\r\n\r\n".encode()
    fields = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(head) + len(packed)}\r\n"
    return fields.encode() + b"Content-Type: application/http; msgtype=response\r\n\r\n" + head + packed + b"\r\n\r\n"


@st.composite
def office(draw: st.DrawFn, extension: str) -> bytes:
    """Draw an office document: a sound zip file whose parts are words of the format, in any order."""
    words = [
        word.decode("latin-1") for word in draw(st.lists(st.sampled_from(WORDS[".docx"] + EVERYWHERE), max_size=30))
    ]
    body = "".join(words).encode("utf-8", "replace").decode()
    properties = {"docProps/core.xml": "<coreProperties>", "meta.xml": "<meta>", "_rels/.rels": "<Relationships/>"}
    extra = {name: properties[name] for name in draw(st.sets(st.sampled_from(sorted(properties))))}
    return (docx if OFFICE[extension] else odt)(body, extra=extra)


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    """Draw a zip of up to three documents with odd names, with up to three bytes changed."""
    names = st.text(max_size=8) | st.sampled_from(
        ["../a.txt", "/a.txt", "a/", "\\", "a_files/b.html", "a.html", "x" * 3000]
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))) as archive:
        for extension in draw(
            st.lists(st.sampled_from([other for other in EXTENSIONS if other != ".zip"]), max_size=3)
        ):
            name = draw(names).encode("utf-8", "replace").decode() + extension
            if name not in archive.namelist():
                archive.writestr(zipfile.ZipInfo(name), draw(any_document(extension)))
    raw = bytearray(stream.getvalue())
    for _ in range(draw(st.integers(0, 3))):
        raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


def _cut(raw: bytes, count: int) -> bytes:
    """Return the bytes without the last `count`. If `count` is 15 or less, return all bytes."""
    return raw[: len(raw) - count] if count > 15 else raw
