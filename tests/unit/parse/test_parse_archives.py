"""Archives: a dangerous file in an archive is refused, and the other files in it are still read."""

import gzip
import io
import os
import stat
import struct
import zipfile

import pytest

from tests.unit.parse.reading_files import PAGE, only_outcome, outcomes, zipped
from worker.parse import Article, Limits, split
from worker.reasons import Reason

TEXT = b"The quay was opened on Tuesday, said mayor Arne Lie."


def stored_or_reason(raw: bytes, name: str = "a.zip", limits: Limits | None = None) -> dict[str | None, str]:
    """Return, under the name of each member, "stored" or the reason why it is refused."""
    return {
        name: "stored" if isinstance(outcome, Article) else str(outcome)
        for name, outcome in outcomes(raw, name, limits)
    }


def test_zip_of_several_formats() -> None:
    lines = b'{"text": "One."}\n{"text": "Two."}\n'
    assert stored_or_reason(zipped({"in/a.txt": TEXT, "b.html": PAGE, "c.jsonl": lines, "d.png": b"\x89PNG\0"})) == {
        "in/a.txt": "stored",
        "b.html": "stored",
        "c.jsonl:1": "stored",
        "c.jsonl:2": "stored",
        "d.png": "unsupported_type",
    }


def test_files_that_systems_add_to_archives_are_skipped() -> None:
    junk = ("__MACOSX/a.txt", ".git/b.txt", ".hidden.txt", "x/Thumbs.db", "page_files/ad.html")
    files = dict.fromkeys(junk, TEXT) | {"page.html": PAGE, "other_files/kept.txt": TEXT}
    assert stored_or_reason(zipped(files)) == {"page.html": "stored", "other_files/kept.txt": "stored"}


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a\\..\\..\\e.txt"]
)
def test_names_that_lead_outside_are_unsafe(name: str) -> None:
    results = stored_or_reason(zipped({name: TEXT, "fine.txt": TEXT}))
    assert sorted(results.values()) == ["stored", "unsafe_member"]


def test_links_are_unsafe() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("fine.txt", TEXT)
    assert stored_or_reason(stream.getvalue()) == {"link.txt": "unsafe_member", "fine.txt": "stored"}


@pytest.mark.parametrize("inner", ["b.zip", "b.gz", "b.tar", "b.7z", "b.tgz"])
def test_archives_inside_are_nested(inner: str) -> None:
    content = gzip.compress(TEXT) if inner == "b.gz" else zipped({"a.txt": TEXT})
    assert stored_or_reason(zipped({inner: content, "fine.txt": TEXT})) == {
        inner: "nested_archive",
        "fine.txt": "stored",
    }


def test_encrypted_member_is_unreadable() -> None:
    raw = bytearray(zipped({"secret.txt": TEXT, "fine.txt": TEXT}))
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert stored_or_reason(bytes(raw)) == {"secret.txt": "unreadable", "fine.txt": "stored"}


def test_unknown_compression_is_unreadable() -> None:
    raw = bytearray(zipped({"odd.txt": TEXT, "fine.txt": TEXT}))
    raw[raw.index(b"PK\x03\x04") + 8] = 99
    raw[raw.index(b"PK\x01\x02") + 10] = 99
    assert stored_or_reason(bytes(raw)) == {"odd.txt": "unreadable", "fine.txt": "stored"}


def test_damaged_member_is_malformed() -> None:
    raw = bytearray(zipped({"bad.txt": os.urandom(50).hex().encode(), "fine.txt": TEXT}))
    raw[raw.index(b"bad.txt") + 20] ^= 0xFF
    assert stored_or_reason(bytes(raw)) == {"bad.txt": "malformed", "fine.txt": "stored"}


def test_name_in_another_encoding_is_shown_escaped() -> None:
    raw = zipped({"cafX.txt": TEXT}).replace(b"cafX.txt", b"caf\xe9.txt")
    assert stored_or_reason(raw) == {"caf\\xe9.txt": "stored"}


def test_bomb_in_zip_is_refused_alone() -> None:
    assert stored_or_reason(zipped({"a.txt": b"a" * 30_000_000, "b.txt": TEXT})) == {"a.txt": "bomb", "b.txt": "stored"}


def test_zip_beyond_the_container_bound_ends_there() -> None:
    files = {"a.txt": TEXT, "b.txt": TEXT * 100}
    assert stored_or_reason(zipped(files), limits=Limits(max_container_bytes=1000)) == {
        "a.txt": "stored",
        "after 1": "too_large",
    }


def test_too_many_members_end_the_archive_but_keep_the_first() -> None:
    files = {f"{number}.txt": TEXT for number in range(5)}
    results = stored_or_reason(zipped(files), limits=Limits(max_members=3))
    assert list(results.values()) == ["stored"] * 3 + ["too_large"]


def test_big_member_is_too_large() -> None:
    limits = Limits(max_member_bytes=1000)
    files = {"a.txt": os.urandom(1000).hex().encode(), "b.txt": TEXT}
    assert stored_or_reason(zipped(files), limits=limits) == {"a.txt": "too_large", "b.txt": "stored"}


def test_empty_and_cut_off_archives() -> None:
    assert only_outcome(zipped({}), "a.zip") is Reason.NO_ARTICLE
    assert only_outcome(zipped({"a.txt": TEXT})[:-5], "a.zip") is Reason.MALFORMED


@pytest.mark.parametrize(("name", "content"), [("a.html.gz", PAGE), ("a.txt.gz", TEXT), ("page.gz", PAGE)])
def test_gzip_of_one_article(name: str, content: bytes) -> None:
    assert isinstance(only_outcome(gzip.compress(content), name), Article)


def test_gzip_of_lines_in_several_gzip_members() -> None:
    raw = gzip.compress(b'{"text": "One."}\n') + gzip.compress(b'{"text": "Two."}\n')
    assert stored_or_reason(raw, "a.jsonl.gz") == {"1": "stored", "2": "stored"}


def test_gzip_bomb() -> None:
    assert only_outcome(gzip.compress(b"a" * 50_000_000), "a.txt.gz") is Reason.BOMB


def test_gzip_beyond_the_container_bound() -> None:
    limits = Limits(max_container_bytes=1_000_000)
    lines = b"".join(b'{"text": "%s"}\n' % os.urandom(500).hex().encode() for _ in range(2000))
    results = outcomes(gzip.compress(lines), "a.jsonl.gz", limits)
    assert len(results) > 500
    assert results[-1][1] is Reason.TOO_LARGE


@pytest.mark.parametrize("name", ["a.txt.gz.gz", "a.gz.gz"])
def test_gzip_in_gzip_is_nested(name: str) -> None:
    assert only_outcome(gzip.compress(gzip.compress(TEXT)), name) is Reason.NESTED_ARCHIVE


def test_tar_in_gzip_is_nested() -> None:
    assert only_outcome(gzip.compress(b"x" * 1000), "a.tar.gz") is Reason.NESTED_ARCHIVE


def test_cut_off_gzip_keeps_the_lines_before() -> None:
    lines = b"".join(b'{"text": "%s"}\n' % os.urandom(500).hex().encode() for _ in range(500))
    results = outcomes(gzip.compress(lines)[:-5000], "a.jsonl.gz")
    assert len(results) > 100
    assert results[-1][1] is Reason.MALFORMED


def test_files_that_share_their_packed_bytes_are_a_bomb() -> None:
    raw = zipped({"a.txt": TEXT * 3})
    first = raw[raw.index(b"PK\x01\x02") : raw.index(b"PK\x05\x06")]
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 400, 400, 400 * len(first), raw.index(b"PK\x01\x02"), 0)
    assert only_outcome(raw[: raw.index(b"PK\x01\x02")] + first * 400 + end, "a.zip") is Reason.BOMB


REPEATED = {
    "a feed's head": ("a.xml", b"<rss><channel><title>%s</title>" + b"<item/>" * 2000 + b"</channel></rss>"),
    "a table's columns": ("a.csv", b"text,%s\n" + b"a,b\n" * 2000),
    "a publisher": ("a.json", b'{"%s": [' + b"{}," * 2000 + b"{}]}"),
}


@pytest.mark.parametrize("kind", REPEATED)
def test_the_size_of_all_members_is_bounded(kind: str) -> None:
    """Each member repeats the beginning of its file. Without a bound, a file of 1 MB gave 2 GB of members."""
    name, template = REPEATED[kind]
    raw = template % (b"x" * 100_000)
    size = 0
    for member in split(io.BytesIO(raw), name, Limits()):
        size += len(member.raw)
        assert len(member.name or "") <= 1000
    assert size < 10 * len(raw)


@pytest.mark.parametrize("name", ["\\u0000", "\\ud800", "x" * 2000])
def test_every_member_has_a_name_that_can_be_stored(name: str) -> None:
    members = list(split(io.BytesIO(b'{"%s": [{"text": "Words."}]}' % name.encode()), "a.json", Limits()))
    assert [member.reason for member in members] == [None]
    assert members[0].name is not None
    members[0].name.encode()
    assert "\0" not in members[0].name and len(members[0].name) <= 1000
