"""Damaged files: what is sound of them is read, and a warning or a refused member tells what is missing."""

import gzip
import io
from base64 import b64encode

import pytest

from tests.unit.parse.reading_files import PAGE, only_outcome, outcomes
from worker.parse import Article, Limits, split
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


def test_a_cut_archive_keeps_the_records_before_the_cut() -> None:
    whole = b"".join(gzip.compress(record(letter)) for letter in "abc")
    found = dict(outcomes(whole[:-20], "a.warc.gz"))
    assert isinstance(found["https://a.example/a"], Article) and isinstance(found["https://a.example/b"], Article)
    assert found[f"after {len(found) - 1}"] is Reason.MALFORMED


def test_a_cut_list_loses_its_last_line_and_a_cut_text_is_refused() -> None:
    lines = b"".join(b'{"text": "Number %d, said Una Roe, who was there."}\n' % number for number in range(3000))
    found = outcomes(gzip.compress(lines)[:-4000], "a.jsonl.gz")
    assert len(found) > 100
    assert [outcome for _, outcome in found if not isinstance(outcome, Article)] == [Reason.MALFORMED]
    assert only_outcome(gzip.compress(QUOTED.encode() * 50)[:-12], "a.txt.gz") is Reason.MALFORMED


@pytest.mark.parametrize("line", ["sep=;", "SEP=;\r", '"sep=;"', "\ufeffsep=;"])
def test_the_line_with_the_separator_is_no_header(line: str) -> None:
    article = only_outcome(f"{line}\ntitle;text\nOne, two;She said yes, I think.\n".encode(), "a.csv")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("One, two", "She said yes, I think.")


@pytest.mark.parametrize(
    "name", ["001.txt:Zone.Identifier", "a.html:zone.identifier", "desktop.ini", "Thumbs.db", ".directory", "._a.txt"]
)
def test_files_that_systems_make_are_ignored(name: str) -> None:
    with pytest.raises(Refused) as caught:
        detect(name, b"[ZoneTransfer]\r\nZoneId=3\r\n")
    assert caught.value.reason.state == "ignored"


@pytest.mark.parametrize(
    "head", [b"[ZoneTransfer]\nZoneId=3", rb"{\rtf1\ansi We go.}", b"{{Infobox}} We go.", b"[1] We"]
)
@pytest.mark.parametrize("name", ["a.rtf", "a", "a.ini"])
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
    "a long description": f"<title>Courier</title><description>{'we go ' * 30_000}</description>",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_articles_of_a_feed_do_not_repeat_a_long_head(head: str) -> None:
    raw = f"<rss version='2.0'><channel>{head}<language>en</language>{ITEM * 250}</channel></rss>".encode()
    members = list(split(io.BytesIO(raw), "a.rss", Limits()))
    assert len(members) == 250
    assert sum(len(member.raw) for member in members) < 10 * len(raw)
    article = outcomes(raw, "a.rss")[0][1]
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


def test_the_name_of_a_publisher_is_repeated_only_in_part() -> None:
    raw = b'{"%s": [%s]}' % (b"P" * 100_000, b",".join([b'{"text": "We go now."}'] * 1000))
    assert sum(len(member.raw) for member in split(io.BytesIO(raw), "a.json", Limits())) < 10 * len(raw)
