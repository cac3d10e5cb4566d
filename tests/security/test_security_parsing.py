"""Every parser reads hostile documents: it reads no other file, fetches nothing, and follows no path outside."""

import gzip
import io
import json
import socket
import stat
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from worker.bounded import BoundedParser
from worker.parse import Limits, parse, split
from worker.reasons import Refused

PROSE = "<p>“The harbour stays open,” said mayor Arne Lie on Tuesday, before the council met in heavy rain.</p>" * 4


class Trap:
    """A server on this machine that records who connects."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.visits: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self.listening.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(2)
                try:
                    self.visits.append(visitor.recv(1000))
                    visitor.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\nfetched")
                except OSError:
                    self.visits.append(b"")

    def close(self) -> None:
        """Stop listening."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self._thread.join(5)


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    """A server to which no document may make us connect."""
    server = Trap()
    yield server
    server.close()


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that no document may make us read."""
    path = tmp_path_factory.mktemp("private") / "secret.txt"
    path.write_text("TOPSECRET-0451")
    (path.parent / "secret.dtd").write_text('<!ENTITY inner "TOPSECRET-0451">')
    (path.parent / "secret.xml").write_text("<p>TOPSECRET-0451</p>")
    return path


def doctypes(secret: Path, port: int) -> list[str]:
    """Return document types with an entity `inner` that reads a file or fetches a page, if the parser lets it."""
    web = f"http://127.0.0.1:{port}"
    return [
        f'<!DOCTYPE rss [<!ENTITY inner SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE rss [<!ENTITY inner SYSTEM "{secret}">]>',
        f'<!DOCTYPE rss [<!ENTITY inner SYSTEM "{web}/entity">]>',
        f'<!DOCTYPE rss [<!ENTITY inner PUBLIC "-//x//y" "{web}/public">]>',
        f'<!DOCTYPE rss [<!ENTITY % load SYSTEM "{web}/parameter"> %load;]>',
        f'<!DOCTYPE rss [<!ENTITY % load SYSTEM "{(secret.parent / "secret.dtd").as_uri()}"> %load;]>',
        f'<!DOCTYPE rss SYSTEM "{web}/external.dtd">',
        f'<!DOCTYPE rss SYSTEM "{(secret.parent / "secret.dtd").as_uri()}">',
        f'<?xml-stylesheet type="text/xsl" href="{web}/style.xsl"?>',
    ]


def bodies(secret: Path, port: int) -> list[str]:
    """Return elements that include other documents, if a parser follows them."""
    web = f"http://127.0.0.1:{port}"
    xi = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
    return [
        "&inner;",
        f'<xi:include {xi} href="{(secret.parent / "secret.xml").as_uri()}"/>',
        f'<xi:include {xi} parse="text" href="{secret}"/>',
        f'<xi:include {xi} href="{web}/xinclude"/>',
        f'<iframe src="{secret.as_uri()}"></iframe><object data="{web}/object"></object><embed src="{web}/embed">',
        f'<link rel="import" href="{web}/import"/><script src="{web}/script.js"></script>'
        f'<img src="{web}/image.png"/><base href="{web}/"/><meta http-equiv="refresh" content="0;url={web}/refresh"/>',
    ]


def rss(doctype: str, body: str) -> bytes:
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>Feed</title><item><title>T {body}</title>'
        f"<link>http://127.0.0.1/x</link><description><![CDATA[{PROSE}]]> {body}</description></item></channel></rss>"
    ).encode()


def atom(doctype: str, body: str) -> bytes:
    doctype = doctype.replace("DOCTYPE rss", "DOCTYPE feed")
    return (
        f'<?xml version="1.0"?>{doctype}<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><entry>'
        f'<title>T {body}</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{PROSE}{body}</div></content></entry></feed>'
    ).encode()


def page(doctype: str, body: str) -> bytes:
    doctype = doctype.replace("DOCTYPE rss", "DOCTYPE html")
    return (
        f"{doctype}<html><head><title>Title</title></head><body><article>{PROSE}{body}</article></body></html>".encode()
    )


def mail(doctype: str, body: str) -> bytes:
    return b"From: a@example.org\r\nSubject: Title\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(
        doctype, body
    )


def saved(doctype: str, body: str) -> bytes:
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        b"Content-Location: file:///etc/passwd\r\n\r\n" + page(doctype, body) + b"\r\n--b--\r\n"
    )


def warc(doctype: str, body: str) -> bytes:
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(doctype, body)
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: file:///etc/passwd\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(response)}\r\n\r\n"
    )
    return head.encode() + response + b"\r\n\r\n"


def record(doctype: str, body: str) -> bytes:
    return json.dumps({"title": "T", "html": page(doctype, body).decode(), "text": f"{doctype}{PROSE}{body}"}).encode()


MAKERS: list[tuple[str, Callable[[str, str], bytes]]] = [
    *(("a.rss", rss), ("a.atom", atom), ("a.html", page), ("a.xhtml", page), ("a.eml", mail), ("a.mhtml", saved)),
    *(("a.warc", warc), ("a.json", record), ("a.xml", rss)),
]


def texts(raw: bytes, name: str) -> str:
    """Return as JSON all that is read from a file, with the names and messages of its members."""
    contents: list[object] = []
    try:
        for member in split(io.BytesIO(raw), name, Limits()):
            contents += [member.name, member.message]
            if member.reason is None:
                article = parse(member.raw, member.media_type, Limits())
                contents.append(article.to_json())
    except Refused as refusal:
        contents.append(refusal.message)
    return json.dumps(contents)


@pytest.mark.parametrize(("name", "make"), MAKERS, ids=[name for name, _ in MAKERS])
def test_no_document_reads_a_file_or_fetches_a_page(
    name: str, make: Callable[[str, str], bytes], secret: Path, trap: Trap
) -> None:
    read = 0
    before = len(trap.visits)
    for doctype in doctypes(secret, trap.port):
        for body in bodies(secret, trap.port):
            contents = texts(make(doctype, body), name)
            assert "TOPSECRET-0451" not in contents
            assert "fetched" not in contents
            read += "harbour" in contents
    assert trap.visits[before:] == []
    assert read > 0, "none of them was read at all, so nothing was tried"


def test_the_trap_and_the_documents_work(secret: Path, trap: Trap) -> None:
    """A parser that resolves entities does read the file. So the test above is able to fail."""
    from lxml import etree

    careless = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False)
    document = rss(doctypes(secret, trap.port)[0], "&inner;")
    root = etree.fromstring(document, careless)
    assert "TOPSECRET-0451" in "".join(map(str, root.itertext()))
    before = len(trap.visits)
    with socket.create_connection(("127.0.0.1", trap.port)) as visitor:
        visitor.sendall(b"GET /")
        assert b"fetched" in visitor.recv(1000)
    assert len(trap.visits) == before + 1


NAMES = [
    *(
        "../up.txt",
        "a/../../up.txt",
        "/etc/cron.d/x.txt",
        "..\\up.txt",
        "C:\\windows\\x.txt",
        "c:x.txt",
        "\\\\host\\x.txt",
    ),
    *("./../x.txt", "a/b/../../../x.txt", "//x.txt", "~root/../x.txt"),
]


def test_no_name_in_an_archive_leads_outside_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in NAMES:
            archive.writestr(zipfile.ZipInfo(name), "“No,” said Una Roe, who had waited all day for the ferry.")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.txt", "“Yes,” said Una Roe, who had waited all day for the ferry.")
    members = list(split(io.BytesIO(packed.getvalue()), "a.zip", Limits()))
    assert len(members) == len(NAMES) + 2 - 1  # minus 1: a file whose name begins with a dot is skipped
    assert [member.name for member in members if member.reason is None] == ["good.txt"]
    assert {member.reason for member in members if member.reason} == {"unsafe_member"}
    assert all(member.raw == b"" for member in members if member.reason)
    assert list(tmp_path.iterdir()) == []


def test_other_archives_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for kind, target in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "/etc/passwd"), (tarfile.CHRTYPE, "")):
            entry = tarfile.TarInfo(f"../{kind!r}.txt")
            entry.type, entry.linkname = kind, target
            archive.addfile(entry)
    for name, raw in (
        ("a.tar", packed.getvalue()),
        ("a.tar.gz", gzip.compress(packed.getvalue())),
        ("a.tgz", gzip.compress(packed.getvalue())),
    ):
        assert "root:" not in texts(raw, name)
        with pytest.raises(Refused):
            list(split(io.BytesIO(raw), name, Limits()))
    # The name that a gzip file carries inside is not used.
    inside = io.BytesIO()
    with gzip.GzipFile("../../etc/cron.d/evil.txt", "wb", fileobj=inside) as writing:
        writing.write("“Yes,” said Una Roe, who had waited all day for the ferry.".encode())
    (member,) = split(io.BytesIO(inside.getvalue()), "a.txt.gz", Limits())
    assert "evil" not in (member.name or "")
    assert list(tmp_path.iterdir()) == []


def test_the_child_takes_the_same_documents(secret: Path, trap: Trap) -> None:
    """In production a child process with limits parses. It starts without any open file and without any secret."""
    before = len(trap.visits)
    with BoundedParser(Limits(), 1_500_000_000, 60.0) as parser:
        for name, make in MAKERS[2:6]:
            raw = make(doctypes(secret, trap.port)[2], "&inner;")
            for member in parser.split(io.BytesIO(raw), name):
                if member.reason is None:
                    article = parser.parse(member.raw, member.media_type)
                    assert "harbour" in article.text
    assert trap.visits[before:] == []
