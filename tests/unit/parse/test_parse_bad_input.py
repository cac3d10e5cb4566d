"""Bad input: every bad file is refused with the right reason, and no file causes a traceback."""

import gzip
import io

import pytest

from tests.unit.parse.reading_files import PAGE, only_outcome, outcomes
from worker.parse import Article, Limits, split
from worker.reasons import Reason

R = Reason
NESTED_MAIL = b"From: a\r\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(2000)
)
BOMB_FEED = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<rss><channel><item><description>&b;</description></item></channel></rss>"
)

REFUSED = {
    "empty": (b"", "a.txt", R.EMPTY),
    "BOM only_outcome": (b"\xef\xbb\xbf", "a.txt", R.EMPTY),
    "UTF-16 BOM only_outcome": (b"\xff\xfe", "a.txt", R.EMPTY),
    "white space only_outcome": (b" \r\n\t\n", "a.md", R.EMPTY),
    "binary with a text name": (bytes(range(256)) * 8, "a.txt", R.BINARY_CONTENT),
    "PDF with a text name": (b"%PDF-1.7\nno nul in here", "a.txt", R.BINARY_CONTENT),
    "gzip with a text name": (gzip.compress(b"hello"), "a.txt", R.BINARY_CONTENT),
    "image with a page's name": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "a.html", R.BINARY_CONTENT),
    "NUL in text": (b"The minister\0 said no.", "a.txt", R.BINARY_CONTENT),
    "NUL late in text": (b"word " * 50_000 + b"\0", "a.txt", R.BINARY_CONTENT),
    "NUL in a UTF-16 text": ("no\0pe".encode("utf-16"), "a.txt", R.BINARY_CONTENT),
    "unknown type": (b"hello", "a.xyz", R.UNSUPPORTED_TYPE),
    "no extension": (b"hello", "README", R.UNSUPPORTED_TYPE),
    "an office file that is cut off": (b"PK\x03\x04 and so on", "a.docx", R.MALFORMED),
    "a spreadsheet": (b"PK\x03\x04 and so on", "a.xlsx", R.UNSUPPORTED_TYPE),
    "XML that is no news": (b"<invoice><body>x</body></invoice>", "a.xml", R.UNSUPPORTED_TYPE),
    "no encoding fits": (bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D]) * 200, "a.txt", R.UNDECODABLE),
    "broken UTF-16": (b"\xff\xfea\x00\x00\xd8b\x00c\x00d\x00", "a.txt", R.UNDECODABLE),
    "paywall stub": (b"The minister resigned. Subscribe to continue reading.", "a.txt", R.NO_TEXT),
    "no words": (b"--- ... ---", "a.txt", R.NO_TEXT),
    "empty page": (b"<html><body></body></html>", "a.html", R.NO_TEXT),
    "page of scripts": (b"<html><body><script>draw()</script></body></html>", "a.html", R.NO_TEXT),
    "mail without text": (b"From: a\r\nContent-Type: image/png\r\n\r\nxx", "a.eml", R.NO_TEXT),
    "text too long": (b"word " * 200_001, "a.txt", R.TOO_LARGE),
    "page of a million tags": (b"<html>" + b"<p>" * 1_000_000, "a.html", R.TOO_LARGE),
    "deep arrays": (b"[" * 200_000, "a.json", R.MALFORMED),
    "deep objects": (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "a.json", R.MALFORMED),
    "deep mail": (NESTED_MAIL, "a.eml", R.MALFORMED),
    "broken JSON": (b'{"text": "cut off', "a.json", R.MALFORMED),
    "broken XML": (b"no tag at all", "a.rss", R.MALFORMED),
    "JSON without an article": (b'{"a": 1}', "a.json", R.NO_ARTICLE),
    "JSON that is a number": (b"12", "a.json", R.NO_ARTICLE),
    "empty JSON array": (b"[]", "a.json", R.NO_ARTICLE),
    "table without a text": (b"a,b\n1,2\n", "a.csv", R.NO_ARTICLE),
    "feed that declares entities": (BOMB_FEED, "a.xml", R.BOMB),
    "no gzip": (b"hello", "a.gz", R.MALFORMED),
    "no zip": (b"hello", "a.zip", R.MALFORMED),
}


@pytest.mark.parametrize(("raw", "name", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_with_its_reason(raw: bytes, name: str, reason: Reason) -> None:
    assert only_outcome(raw, name) is reason


def test_too_large_by_bytes() -> None:
    assert only_outcome(b"a" * 1001, "a.txt", Limits(max_article_bytes=1000)) is Reason.TOO_LARGE
    assert isinstance(only_outcome(b"a" * 1000, "a.txt", Limits(max_article_bytes=1000)), Article)


def test_name_that_is_not_utf8_is_shown_escaped() -> None:
    article = only_outcome(b"A caf\xc3\xa9 opened, said Una Roe.", b"caf\xe9.txt")
    assert isinstance(article, Article)


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\u0000", rb"\udfff"])
def test_unstorable_characters_in_json_are_replaced_one_for_one(escape: bytes) -> None:
    article = only_outcome(b'{"title": "x' + escape + b'", "text": "a' + escape + b'b said Una."}', "a.json")
    assert isinstance(article, Article)
    assert article.text == "a�b said Una."
    assert article.title == "x�"
    assert "U+FFFD" in article.warnings[0]


def test_numbers_that_are_none() -> None:
    raw = b'{"text": "Sound text.", "date": ' + b"9" * 5000 + b', "a": NaN, "b": -Infinity, "c": 1e999}'
    article = only_outcome(raw, "a.json")
    assert isinstance(article, Article)
    assert article.published_at is None


def test_a_bad_line_is_refused_alone() -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    raw = b"\n".join([b'{"text": "One."}', deep, b"{broken", b'{"text": "nul \0"}', b'{"text": "Five."}'])
    results = [(name, getattr(outcome, "text", outcome)) for name, outcome in outcomes(raw, "a.jsonl")]
    assert results == [
        ("1", "One."),
        ("2", Reason.MALFORMED),
        ("3", Reason.MALFORMED),
        ("4", Reason.BINARY_CONTENT),
        ("5", "Five."),
    ]


class LongLine(io.RawIOBase):
    """A stream of a short line, a line of 200 MB that is never in memory as a whole, and another short line."""

    PIECES = (b'{"text": "First."}\n{"text": "', *[b"a" * 1_000_000] * 200, b'"}\n{"text": "Last."}\n')

    def __init__(self) -> None:
        self._pieces = iter(self.PIECES)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._pieces, b"")
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def test_a_line_of_200_megabytes_is_skipped() -> None:
    members = list(split(io.BufferedReader(LongLine()), "a.jsonl", Limits()))
    assert [(member.name, member.reason) for member in members] == [("1", None), ("2", R.TOO_LARGE), ("3", None)]


def test_big_array_is_streamed_and_keeps_the_articles_before_the_damage() -> None:
    limits = Limits(max_article_bytes=20_000)
    raw = b"[" + b",".join(b'{"text": "Number %d."}' % number for number in range(2000)) + b"]"
    assert [getattr(outcome, "text", outcome) for _, outcome in outcomes(raw, "a.json", limits)][-1] == "Number 1999."
    damaged = outcomes(raw[:-1] + b"} oops", "a.json", limits)
    assert len(damaged) == 2001
    assert damaged[-1][1] is Reason.MALFORMED


def test_big_publisher_file_keeps_the_publisher() -> None:
    limits = Limits(max_article_bytes=10_000)
    articles = b",".join(b'{"title": "T", "plaintext": "Number %d."}' % number for number in range(1000))
    results = outcomes(b'{"The.Post": [' + articles + b"]}", "a.json", limits)
    assert len(results) == 1000
    name, article = results[-1]
    assert name == "The.Post:1000"
    assert isinstance(article, Article)
    assert article.outlet == "The.Post"


def test_broken_html_keeps_its_words() -> None:
    article = only_outcome(PAGE.replace(b"</p>", b"").replace(b"</article>", b"<div><b>"), "a.html")
    assert isinstance(article, Article)
    assert "It will dry" in article.text


def test_embedded_images_do_not_count_as_text_or_time() -> None:
    image = b'<img src="data:image/png;base64,' + b"A" * 5_000_000 + b'">'
    article = only_outcome(PAGE.replace(b"<article>", b"<article>" + image), "a.html")
    assert isinstance(article, Article)
    assert len(article.text) < 1000
