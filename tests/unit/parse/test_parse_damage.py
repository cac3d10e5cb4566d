"""Damaged files: what is sound of them is read, and a warning or a refused member tells what is missing."""

import errno
import gzip
import io
import re
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest

from tests.unit.parse.reading_files import PAGE, Outcome, only_outcome, outcomes, zipped
from worker.parse import Article, Limits, split
from worker.parse.crawls.gzip_members import MAGIC, Sound
from worker.parse.crawls.source import Source
from worker.parse.crawls.warc_records import records
from worker.parse.decoding import decode
from worker.parse.encodings import CODECS
from worker.parse.format import Format
from worker.parse.registry import detect
from worker.reasons import Reason, Refused

QUOTED = "“We will reopen the harbour,” said Ana Ferro — the harbour master."


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("end", ["”", "é"])
def test_utf8_that_ends_inside_a_character_is_utf8_without_it(end: str, cut: int) -> None:
    raw = (QUOTED + end).encode()
    if cut == len(end.encode()):
        pytest.skip("the whole character is cut off")
    decoded = decode(raw[:-cut])
    assert decoded.text == QUOTED
    assert "damaged UTF-8" in decoded.warnings[0]


def test_a_single_bad_byte_does_not_make_a_code_page_of_utf8() -> None:
    raw = "“Yes,” said Ana.".encode()
    decoded = decode(raw.replace(b"Ana", b"An\xe1"))
    assert decoded.text == "“Yes,” said Aná."
    assert "1 bytes" in decoded.warnings[0]


def test_damaged_utf8_is_not_hidden_by_a_declared_code_page() -> None:
    assert decode((QUOTED * 3).encode()[:-1] + b"\xe2\x80", "windows-1252").text == (QUOTED * 3)[:-1]


def test_a_letter_of_a_code_page_at_the_end_is_a_letter() -> None:
    assert decode("Le musée est fermé".encode("cp1252")).text == "Le musée est fermé"
    assert decode("He went to the café".encode("cp1252")).text == "He went to the café"


@pytest.mark.parametrize("declared", ["unicode_escape", "raw_unicode_escape", "cp037", "cp500", "punycode", "hz", "x"])
def test_encodings_that_the_web_does_not_know_are_not_believed(declared: str) -> None:
    raw = b"The path C:\\x41\\new is printed, said Ana Ferro, the mayor of Lowmark."
    assert decode(raw, declared).text == raw.decode()
    page = PAGE.replace(b"<head>", b'<head><meta charset="%s">' % declared.encode()).replace(b"quay", b"\\x41 quay")
    article = only_outcome(page, "a.html")
    assert isinstance(article, Article) and "\\x41 quay" in article.text


def test_a_declared_encoding_that_makes_control_characters_is_not_believed() -> None:
    raw = ("“Nein”, sagte Ana Ferro – “nie”. " * 3).encode("cp1252")
    assert decode(raw, "iso-8859-2").text == raw.decode("cp1252")


FEED = """<?xml version="1.0" encoding="%s"?><rss version="2.0"><channel><title>Courier</title><item>
<title>Le musée</title><description>“We \\x41 go +ADw-,” said Ana Ferro of Lowmark — “é”.</description>
</item></channel></rss>"""


@pytest.mark.parametrize("declared", ["unicode_escape", "IBM037", "UTF-7", "punycode", "x-unknown", "UTF-8"])
def test_a_feed_in_an_encoding_that_the_web_does_not_know_is_read_as_utf8(declared: str) -> None:
    article = only_outcome((FEED % declared).encode(), "a.rss")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Le musée", "“We \\x41 go +ADw-,” said Ana Ferro of Lowmark — “é”.")
    assert article.warnings == ()


def test_a_feed_in_an_encoding_of_the_web_is_read_in_it() -> None:
    raw = (FEED % "windows-1252").encode("cp1252")
    article = only_outcome(raw, "a.rss")
    assert isinstance(article, Article) and article.title == "Le musée" and "—" in article.text
    damaged = only_outcome((FEED % "utf-8").encode().replace("—".encode(), b"\xe2\x80"), "a.rss")
    assert isinstance(damaged, Article) and "damaged UTF-8" in damaged.warnings[0]


@pytest.mark.parametrize("declared", ["unicode_escape", "cp037", "utf-7", "x-unknown"])
def test_a_declared_encoding_that_is_none_does_not_hide_that_of_the_page(declared: str) -> None:
    page = PAGE.decode().replace("<head>", "<head><meta charset=windows-1252>").replace("Arne", "René").encode("cp1252")
    head = f"From: a@b.example\nSubject: Quay\nDate: x\nContent-Type: text/html; charset={declared}\n\n"
    mailed = only_outcome(head.encode() + page, "a.eml")
    assert isinstance(mailed, Article) and "René" in mailed.text and "Quay" in str(mailed.title)
    crawled = (
        record("a", name="Arne Lie")
        .replace(b"text/html", f"text/html; charset={declared}".encode())
        .replace(PAGE, page)
    )
    length = len(crawled.partition(b"\r\n\r\n")[2]) - 4
    crawled = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % length, crawled)
    found = only_outcome(crawled, "a.warc")
    assert isinstance(found, Article) and "René" in found.text and found.warnings == ()


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?unicode_escape?Q?C=3A=5Cx41_Musee?=", "C:\\x41 Musee"),
        ("=?utf-7?Q?+ADw-a+AD4-?=", "+ADw-a+AD4-"),
        ("=?cp037?Q?Quay?=", "Quay"),
        ("=?iso-8859-1?Q?Le_mus=E9e?= de =?utf-8?B?UMOpcmlnb3Jk?=", "Le musée de Périgord"),
        ("=?utf-8?B?TGUgbXVzw6ll!?=", "Le musée"),
        ("Le musée — fermé", "Le musée — fermé"),
    ],
)
def test_the_headers_of_a_mail_are_in_encodings_of_the_web(subject: str, title: str) -> None:
    raw = mail(in_lines(QUOTED.encode())).replace(b"Subject: Harbour", f"Subject: {subject}".encode())
    article = only_outcome(raw, "a.eml")
    assert isinstance(article, Article)
    assert article.title == title


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_utf16_that_ends_inside_a_character_loses_only_this(codec: str) -> None:
    decoded = decode((QUOTED + "é").encode(codec)[:-1])
    assert decoded.text == QUOTED and "damaged UTF" in decoded.warnings[0]


@pytest.mark.parametrize("codec", sorted(set(CODECS.values())))
def test_every_encoding_of_the_web_has_a_codec(codec: str) -> None:
    assert "She said yes.".encode(codec).decode(codec) == "She said yes."


def mail(letters: bytes) -> bytes:
    """Return a mail whose text has these letters of base64."""
    fields = b"From: a@b.example\nSubject: Harbour\nDate: Fri, 17 May 2024 09:00:00 +0000\n"
    return fields + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + letters


def in_lines(raw: bytes) -> bytes:
    """Return the bytes in base64, in lines of 76 letters."""
    letters = b64encode(raw)
    return b"\n".join(letters[start : start + 76] for start in range(0, len(letters), 76))


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 30])
def test_cut_base64_is_decoded_as_far_as_it_goes(cut: int) -> None:
    letters = in_lines(QUOTED.encode() * 4)[:-cut]
    article = only_outcome(mail(letters), "a.eml")
    assert isinstance(article, Article)
    assert article.text.startswith(QUOTED * 3)
    is_damaged = len(letters.replace(b"\n", b"")) % 4 > 0
    assert any("base64" in warning for warning in article.warnings) is is_damaged


def test_damage_of_base64_reaches_no_further_than_its_line() -> None:
    lines = in_lines(QUOTED.encode() * 10).split(b"\n")
    lines[2] = b"!!" + lines[2][5:]
    article = only_outcome(mail(b"\n".join(lines)), "a.eml")
    assert isinstance(article, Article)
    assert article.text.endswith(QUOTED * 6)


@pytest.mark.parametrize("lost", [4, 8, 40])
def test_a_line_of_base64_that_lost_letters_does_not_end_it(lost: int) -> None:
    lines = in_lines(QUOTED.encode() * 20).split(b"\n")
    lines[1] = lines[1][lost:]
    lines[5] = b"!!" + lines[5][5:]
    lines[9] = lines[9][:40] + b"!" + lines[9][41:]
    lines[-1] = b64encode(b"ok")
    article = only_outcome(mail(b"\n".join(lines)), "a.eml")
    assert isinstance(article, Article)
    start = b64decode(lines[9][:40]).decode(errors="ignore")
    assert start in article.text and article.text.endswith("ok")


def test_what_a_mailing_list_put_behind_base64_is_not_decoded() -> None:
    letters = (
        in_lines(QUOTED.encode() * 10) + b"\n_______________\nNews mailing list\nUnsubscribe\nhttps://a.example/n\n"
    )
    article = only_outcome(mail(letters), "a.eml")
    assert isinstance(article, Article)
    assert article.text == QUOTED * 10


def test_plain_text_that_says_it_is_base64_is_plain_text() -> None:
    article = only_outcome(mail(b"She said yes, and went home. No base64 here!"), "a.eml")
    assert isinstance(article, Article) and article.text.startswith("She said yes")


def record(path: str, length: str | None = None, name: str = "Ana Ferro") -> bytes:
    """Return a WARC response with a page; `length` is what it says its length is."""
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.replace(b"Arne Lie", name.encode())
    said = str(len(content)) if length is None else length
    header = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{path}\r\n"
    header += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {said}"
    return header.encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


@pytest.mark.parametrize("length", ["12x", "", "-5", "3", "200", "100000", str(10**30)])
@pytest.mark.parametrize("place", [0, 1])
def test_a_record_with_a_bad_length_loses_only_itself(length: str, place: int) -> None:
    records = [record("a"), record("b"), record("c"), record("d")]
    records[place] = record("bad", length)
    names = {name: isinstance(outcome, Article) for name, outcome in outcomes(b"".join(records), "a.warc")}
    sound = {f"https://a.example/{letter}" for number, letter in enumerate("abcd") if number != place}
    assert {name for name, stored in names.items() if stored} == sound
    assert names["https://a.example/bad"] is False


@pytest.mark.parametrize("excess", [-3, -1, 1, 2, 4, 5, 12, 20])
def test_a_length_that_is_wrong_by_a_few_bytes_loses_only_its_record(excess: int) -> None:
    content = len(record("bad").partition(b"\r\n\r\n")[2]) - 4
    found = outcomes(record("a") + record("bad", str(content + excess)) + record("b") + record("c"), "a.warc")
    assert {name for name, outcome in found if isinstance(outcome, Article)} >= {
        f"https://a.example/{letter}" for letter in "abc"
    }


@pytest.mark.parametrize("length", ["6001", "20000", "900000000", "900000000000"])
def test_a_record_that_claims_to_be_large_swallows_no_others(length: str) -> None:
    limits = Limits(max_member_bytes=6000)
    records = [record("a"), record("bad", length), record("b"), record("c")]
    for raw, name in ((b"".join(records), "a.warc"), (b"".join(map(gzip.compress, records)), "a.warc.gz")):
        found = dict(outcomes(raw, name, limits))
        assert [isinstance(found[f"https://a.example/{letter}"], Article) for letter in "abc"] == [True] * 3
        assert found["https://a.example/bad"] is Reason.MALFORMED


def test_records_inside_a_record_that_is_really_large_are_not_read() -> None:
    large = record("large", name="x" * 9000 + "\r\n\r\n" + record("inner").decode() + "Arne Lie")
    found = outcomes(record("a") + large + record("b"), "a.warc", Limits(max_member_bytes=6000))
    names = [f"https://a.example/{name}" for name in ("a", "large", "b")]
    assert [name for name, _ in found] == names
    assert found[1][1] is Reason.TOO_LARGE and isinstance(found[2][1], Article)


@pytest.mark.parametrize(
    ("sound", "damaged"),
    [
        (b"WARC/1.0", b"WRC/1.0"),
        (b"WARC/1.0", b"WARC/1.0 \x01"),
        (b"WARC-Type: response\r\n", b""),
        (b"WARC-Type: response\r\n", b"WARC-Typ\xff response\r\n"),
        (b"Content-Length", b"Content-Lenth"),
        (b"HTTP/1.1 200 OK", b"HTTQ/1.1 x00 OK"),
    ],
)
def test_a_record_with_a_damaged_head_loses_only_itself_and_is_told_about(sound: bytes, damaged: bytes) -> None:
    found = outcomes(record("a") + record("bad").replace(sound, damaged) + record("b"), "a.warc")
    assert [name for name, outcome in found if isinstance(outcome, Article)] == [
        "https://a.example/a",
        "https://a.example/b",
    ]
    assert [outcome for _, outcome in found if not isinstance(outcome, Article)] == [Reason.MALFORMED]


def test_a_cut_archive_keeps_the_records_before_the_cut() -> None:
    whole = b"".join(gzip.compress(record(letter)) for letter in "abc")
    found = dict(outcomes(whole[:-20], "a.warc.gz"))
    assert isinstance(found["https://a.example/a"], Article) and isinstance(found["https://a.example/b"], Article)
    assert found[f"after {len(found) - 1}"] is Reason.MALFORMED


def damaged(packed: bytes) -> dict[str, bytes]:
    """Return a member of a gzip file, damaged in all ways."""
    middle = len(packed) // 2
    return {
        "other bytes": packed[:middle]
        + bytes(byte ^ 0xA5 for byte in packed[middle : middle + 9])
        + packed[middle + 9 :],
        "bytes are missing": packed[:middle] + packed[middle + 20 :],
        "the end is missing": packed[:-40],
        "the beginning is missing": packed[30:],
        "a wrong sum": packed[:-8] + b"\0\1\2\3" + packed[-4:],
        "no member": b"what is this?",
        "beginnings": MAGIC * 50 + packed[12:],
    }


@pytest.mark.parametrize("damage", damaged(b"x" * 100))
def test_the_records_behind_a_damaged_member_of_a_gzip_file_are_read(damage: str) -> None:
    packed = [gzip.compress(record(letter, name=f"Ana {letter * 900}")) for letter in ("a", "bad", "b", "c")]
    packed[1] = damaged(packed[1])[damage]
    found = dict(outcomes(b"".join(packed), "a.warc.gz"))
    assert [isinstance(found.get(f"https://a.example/{letter}"), Article) for letter in "abc"] == [True] * 3
    assert not isinstance(found.get("https://a.example/bad"), Article)
    assert Reason.MALFORMED in found.values()


def sorts(found: list[Outcome]) -> list[tuple[str, Reason | None]]:
    """Return the end of each member's name, with the reason of its refusal."""
    return [
        (str(name).rpartition("/")[2], None if isinstance(outcome, Article) else outcome) for name, outcome in found
    ]


class CountedReads(io.BytesIO):
    """A file that counts the reads at its end."""

    at_end = 0

    def read(self, count: int | None = -1) -> bytes:
        """Return the next bytes, and fail if the end is read for ever."""
        raw = super().read(count)
        self.at_end += not raw
        assert self.at_end < 20
        return raw


DIGITS = b"".join(sha256(b"%d" % number).hexdigest().encode() for number in range(4000)).decode()
"""So many letters that a member with them is unpacked in several pieces."""


@pytest.mark.parametrize("name", ["Ana Ferro", DIGITS])
@pytest.mark.parametrize("cut", [1, 4, 8])
def test_a_crawl_that_is_cut_in_its_last_sum_ends_with_one_damaged_record(cut: int, name: str) -> None:
    whole = b"".join(gzip.compress(record(letter, name=name)) for letter in "abc")
    expected = [("a", None), ("b", None), ("c", Reason.MALFORMED), ("after 3", Reason.MALFORMED)]
    assert sorts(outcomes(whole[:-cut], "a.warc.gz")) == expected
    alone = gzip.compress(record("a", name=name))[:-cut]
    assert sorts(outcomes(alone, "a.warc.gz")) == [("a", Reason.MALFORMED), ("after 1", Reason.MALFORMED)]


@pytest.mark.parametrize(("name", "count"), [("Ana Ferro", 0), (DIGITS, 1)])
def test_a_last_member_with_a_wrong_sum_is_no_sound_record(name: str, count: int) -> None:
    packed = [gzip.compress(record(letter, name=name)) for letter in "abc"]
    packed[2] = packed[2][:-8] + b"\0\1\2\3" + packed[2][-4:]
    found = sorts(outcomes(b"".join(packed), "a.warc.gz"))
    last = [("c", Reason.MALFORMED)] * count  # a short member with a wrong sum is not unpacked at all
    assert found == [("a", None), ("b", None), *last, (f"after {2 + count}", Reason.MALFORMED)]


@pytest.mark.parametrize("content", [record("a"), b"She said yes."])
@pytest.mark.parametrize("place", [-1, -5, -9, 10, 20])
def test_reading_a_damaged_file_ends_and_stays_at_its_end(content: bytes, place: int) -> None:
    packed = bytearray(gzip.compress(content))
    packed[place] ^= 0xA5
    for raw in (bytes(packed), bytes(packed[:place])):
        sound = Sound(CountedReads(raw))
        unpacked = b"".join(iter(lambda: sound.read(1000), b""))  # noqa: B023  # it is called at once
        assert len(unpacked) < len(content) + 100  # once, and perhaps some wrong bytes
        assert [sound.read(1000) for _ in range(5)] == [b""] * 5
        assert sound.damage is not None


def test_a_first_member_that_is_lost_does_not_hide_the_others() -> None:
    packed = [gzip.compress(record(letter)) for letter in "abc"]
    packed[0] = packed[0][:-8] + b"\0\1\2\3" + packed[0][-4:]
    assert sorts(outcomes(b"".join(packed), "a.warc.gz")) == [("b", None), ("c", None), ("after 2", Reason.MALFORMED)]
    texts = gzip.compress(b"She said yes.")[:-8] + b"\0\1\2\3" + b"\0" * 4 + gzip.compress(b"She said no.")
    assert only_outcome(texts, "a.txt.gz") is Reason.MALFORMED


@pytest.mark.parametrize("beginning", [MAGIC, MAGIC + b"\0", MAGIC + b"\x08"])
def test_many_false_beginnings_are_no_loop(beginning: bytes) -> None:
    raw = gzip.compress(record("a")) + beginning * 30_000 + gzip.compress(record("b"))
    found = sorts(outcomes(raw, "a.warc.gz"))
    assert found == [("a", None), ("b", None), ("after 2", Reason.MALFORMED)]


class Written:
    """Stands for `tempfile.TemporaryFile`: it counts the bytes that are written, and has no room for more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.count = 0

    def __call__(self) -> io.BytesIO:
        """Return a file."""
        written = self

        class File(io.BytesIO):
            def write(self, raw: bytes) -> int:  # type: ignore[override]
                written.count += len(raw)
                if written.count > written.room:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return super().write(raw)

        return File()


LARGE = "x" * 9000 + "\r\n\r\n" + record("inner").decode() + "Arne Lie"
"""What makes a record large, and has a record inside."""


def test_a_large_record_is_told_about_even_if_no_room_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", Written(0))
    raw = record("a") + record("large", name=LARGE) + record("b") + record("bad", "900000000") + record("c")
    found = sorts(outcomes(raw, "a.warc", Limits(max_member_bytes=6000)))
    assert found == [("a", None), ("large", Reason.TOO_LARGE), ("b", None), ("bad", Reason.TOO_LARGE)]


def test_nothing_is_kept_of_a_large_record_without_another_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    written = Written(0)
    monkeypatch.setattr("tempfile.TemporaryFile", written)
    raw = record("large", name="x" * 3_000_000) + record("b")
    found = sorts(outcomes(raw, "a.warc", Limits(max_member_bytes=6000)))
    assert (found, written.count) == ([("large", Reason.TOO_LARGE), ("b", None)], 0)


def test_only_so_much_is_kept_of_a_record_that_claims_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    written = Written(10**9)
    monkeypatch.setattr("tempfile.TemporaryFile", written)
    monkeypatch.setattr("worker.parse.crawls.warc_records.MOST_KEPT", 500_000)
    others = [record(f"{number}", name="x" * 5000) for number in range(300)]
    raw = record("bad", "900000000") + b"".join(others)
    found = sorts(outcomes(raw, "a.warc", Limits(max_member_bytes=8000)))
    assert found == [("bad", Reason.MALFORMED), *((f"{number}", None) for number in range(300))]
    assert written.count < 3_000_000


@pytest.mark.parametrize("claim", ["900000000", "half", "short"])
def test_wrong_lengths_cost_in_proportion(claim: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Written(10**9)
    monkeypatch.setattr("tempfile.TemporaryFile", written)
    monkeypatch.setattr("worker.parse.crawls.source.PATIENCE", 1_000_000)
    plain = len(record("bad"))
    count = 3000
    lengths = {"half": [f"{(count - number) * plain // 2}" for number in range(count)], "short": ["5900"] * count}
    raw = b"".join(record("bad", length) for length in lengths.get(claim, [claim] * count))
    source = io.BytesIO(raw)
    reads: list[int] = []
    read = Source.read

    def counted_read(self: Source, size: int) -> bytes:
        reads.append(len(raw := read(self, size)))
        return raw

    monkeypatch.setattr(Source, "read", counted_read)
    found = list(records(source, 6000))
    assert len(found) == count and all(one.damage for one in found)
    assert written.count < 6 * len(raw) + 3_000_000
    assert sum(reads) < 6 * len(raw) + 3_000_000


def test_zeros_between_the_members_of_a_gzip_file_are_no_damage() -> None:
    raw = gzip.compress(record("a")) + b"\0" * 700 + gzip.compress(record("b")) + b"\0" * 9
    assert [isinstance(outcome, Article) for _, outcome in outcomes(raw, "a.warc.gz")] == [True, True]


def test_a_cut_list_loses_its_last_line_and_a_cut_text_is_refused() -> None:
    lines = b"".join(b'{"text": "Number %d, said Una Roe, who was there."}\n' % number for number in range(3000))
    found = outcomes(gzip.compress(lines)[:-4000], "a.jsonl.gz")
    assert len(found) > 100
    assert [outcome for _, outcome in found if not isinstance(outcome, Article)] == [Reason.MALFORMED]
    assert only_outcome(gzip.compress(QUOTED.encode() * 50)[:-12], "a.txt.gz") is Reason.MALFORMED


@pytest.mark.parametrize("line", ["sep=;", "SEP=;\r", '"sep=;"', "\ufeffsep=;", "sep=;\n", "\nsep=;\n"])
def test_the_line_with_the_separator_is_no_header(line: str) -> None:
    article = only_outcome(f"{line}\ntitle;text\nOne, two;She said yes, I think.\n".encode(), "a.csv")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("One, two", "She said yes, I think.")


@pytest.mark.parametrize(
    "name",
    [
        *("001.txt:Zone.Identifier", "a.html:zone.identifier", "a.txt：Zone.Identifier", "a.txt:Zone.Identifier:$DATA"),
        *("desktop.ini", "Desktop.ini", "Thumbs.db", "ehthumbs.db", "autorun.inf", "~$notes.txt", "dir\\Thumbs.db"),
        *("._a.txt", ".DS_Store", "Icon\r", ".localized", ".directory", ".~lock.a.csv#", ".nfs000000000012"),
        *("a.html@SynoEAStream", "a.txt:AFP_AfpInfo"),
    ],
)
def test_files_that_systems_make_are_ignored(name: str) -> None:
    with pytest.raises(Refused) as caught:
        detect(name, b"[ZoneTransfer]\r\nZoneId=3\r\n")
    assert caught.value.reason.state == "ignored"


@pytest.mark.parametrize(
    "head", [b"[ZoneTransfer]\nZoneId=3", rb"{\ltf1\ansi We go.}", b"{{Infobox}} We go.", b"[1] We"]
)
@pytest.mark.parametrize("name", ["a.xyz", "a", "a.ini"])
def test_a_bracket_alone_is_not_taken_for_json(head: bytes, name: str) -> None:
    assert only_outcome(head, name) is Reason.UNSUPPORTED_TYPE


@pytest.mark.parametrize("head", [b'{"text": 1}', b" \n[\n {}]", b"[]", '{"a'.encode("utf-16")])
def test_json_is_known_by_its_beginning(head: bytes) -> None:
    kind: Format = detect("a.xyz", head)
    assert kind.name == "JSON file"


ITEM = "<item><title>One</title><description>“We go,” said Ana Ferro of Lowmark.</description></item>"
HEADS = {
    "a long title": f"<title>{'Courier ' * 30_000}</title>",
    "many elements": f"<title>Courier</title>{'<category>news</category>' * 10_000}",
    "long attributes": f"<title type='{'x' * 200_000}'>Courier</title>",
    "many levels": f"<title>Courier</title>{'<group>' * 200}",
    "long namespaces": f"<title xmlns:a='http://a.example/{'x' * 50_000}' a:a=''>Courier</title>",
    "a long licence": f"<title>Courier</title><copyright>{'free ' * 180}</copyright>",
    "a long description": f"<title>Courier</title><description>{'we go ' * 30_000}</description>",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_articles_of_a_feed_do_not_repeat_a_long_head(head: str) -> None:
    raw = f"<rss version='2.0'><channel><language>en</language>{head}{ITEM * 250}</channel></rss>".encode()
    members = list(split(io.BytesIO(raw), "a.rss", Limits()))
    assert len(members) == 250
    articles = [article for _, article in outcomes(raw, "a.rss") if isinstance(article, Article)]
    fields = sum(len(article.text) + len(article.title or "") + len(article.licence or "") for article in articles)
    assert sum(len(member.raw) for member in members) + fields < 10 * len(raw)
    article = articles[0]
    assert isinstance(article, Article)
    assert (article.title, article.outlet or "", article.language) == ("One", article.outlet, "en")
    assert (article.outlet or "").startswith("Courier") and "shortened" in article.warnings[0]


def test_a_usual_head_stays_as_it_is() -> None:
    raw = f"<rss version='2.0'><channel><title>Courier</title><ttl>60</ttl>{ITEM * 20}</channel></rss>".encode()
    member = next(iter(split(io.BytesIO(raw), "a.rss", Limits())))
    assert b"<ttl>60</ttl>" in member.raw


def test_the_rows_of_a_table_do_not_repeat_long_names() -> None:
    names = ",".join(["text", "title", *("x" * 1000 + str(number) for number in range(50))])
    raw = (names + "\n" + ("She said yes, We go" + ",y" * 50 + "\n") * 1000).encode()
    found = outcomes(raw, "a.csv")
    assert sum(len(member.raw) for member in split(io.BytesIO(raw), "a.csv", Limits())) < 10 * len(raw)
    article = found[0][1]
    assert isinstance(article, Article)
    assert (article.text, article.title) == ("She said yes", "We go") and "columns" in article.warnings[0]


@pytest.mark.parametrize("length", [100, 100_000])
def test_the_name_of_a_publisher_is_repeated_only_in_part(length: int) -> None:
    raw = b'{"%s": [%s]}' % (b"P" * length, b",".join([b'{"text":"We go."}'] * 5000))
    members = list(split(io.BytesIO(raw), "a.json", Limits()))
    assert sum(len(member.raw) + 2 * len(member.name or "") for member in members) < 10 * len(raw)


def test_the_path_of_a_file_is_repeated_only_in_part() -> None:
    lines = b"\n".join(b'{"text": "We go %d."}' % number for number in range(2000))
    members = list(split(io.BytesIO(zipped({"f/" * 5000 + "a.jsonl": lines})), "a.zip", Limits()))
    assert len(members) == 2000
    assert sum(len(member.name or "") for member in members) < 4 * len(lines)


def test_members_that_repeat_what_no_format_shortens_are_refused() -> None:
    namespace = "http://a.example/" + "x" * 50_000
    items = "<item><a:title>One</a:title><description>We go on.</description></item>" * 200
    raw = f"<rss version='2.0' xmlns:a='{namespace}'><channel>{items}</channel></rss>".encode()
    found = outcomes(raw, "a.rss")
    assert found[-1][1] is Reason.BOMB and len(found) < 20
