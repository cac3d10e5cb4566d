"""The bodies of HTTP responses: unpacked by what they are, not only by what their head says, and within bounds."""

import gzip
import resource
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from tests.unit.parse.reading_files import PAGE, outcomes
from worker.parse import Article, Limits
from worker.parse.crawls.content_coding import CUT, WRONG_CHUNK, decoded_body
from worker.reasons import Reason, Refused

LONG_PAGE = PAGE.replace(b"</article>", b"".join(b"<p>Row %d of the list of ships.</p>" % row for row in range(4000)))


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def chunked(body: bytes, size: int = 1000) -> bytes:
    pieces = [body[place : place + size] for place in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "ZSTD": zstandard.compress,
}


def response(body: bytes, head: str) -> bytes:
    """Return a WARC record of a response with this body."""
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + head.encode() + b"\r\n" + body
    lines = ("WARC/1.0", "WARC-Type: response", "WARC-Target-URI: http://a.example/1")
    fields = (*lines, "Content-Type: application/http; msgtype=response", f"Content-Length: {len(content)}", "", "")
    return "\r\n".join(fields).encode() + content + b"\r\n\r\n"


@pytest.mark.parametrize("coding", PACKERS)
def test_packed_pages_of_a_crawl_are_read(coding: str) -> None:
    raw = response(PACKERS[coding](PAGE), f"Content-Encoding: {coding}\r\n")
    [(_, article)] = outcomes(raw, "a.warc")
    assert isinstance(article, Article)
    assert "It will dry" in article.text


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("body", [LONG_PAGE, b"The mayor said no. " * 50, b""])
def test_a_body_that_is_not_packed_stays_as_it_is(coding: str, body: bytes) -> None:
    assert decoded_body(body, ["chunked"], [coding], Limits()) == (body, ())


def test_behind_a_wrong_size_of_a_chunk_nothing_is_lost() -> None:
    first, second, third = b"<p>" + b"a" * 97, b"b" * 90, b"c" * 100
    ends = (b"64\r\n%s\r\n0\r\n\r\n" % third, b"")
    for end, kept in zip(ends, (third, b""), strict=True):
        raw = b"64\r\n%s\r\n64\r\n%s\r\n" % (first, second) + end
        body, warnings = decoded_body(raw, ["chunked"], [], Limits())
        assert body.startswith(first + second + kept)
        assert warnings == ((WRONG_CHUNK,) if end else (CUT,))
    wrong_first = b"63\r\n%s\r\n64\r\n%s\r\n0\r\n\r\n" % (first, third)
    assert decoded_body(wrong_first, ["chunked"], [], Limits()) == (first + third, (WRONG_CHUNK,))


@pytest.mark.parametrize("body", [b"Add\nMore water, he said.", b"Add\r\nMore water, he said.", b"Bad\n" + b"x" * 9000])
def test_a_first_word_of_hexadecimal_letters_is_no_size(body: bytes) -> None:
    assert decoded_body(body, ["chunked"], [], Limits()) == (body, ())


def test_a_first_chunk_that_the_crawler_cut_off_is_read() -> None:
    assert decoded_body(b"fff\r\nThe mayor", ["chunked"], [], Limits(), is_cut=True) == (b"The mayor", (CUT,))
    assert decoded_body(b"fff\r\n<p>The mayor", ["chunked"], [], Limits()) == (b"<p>The mayor", (CUT,))


@pytest.mark.parametrize("window", range(9, 16))
def test_zlib_streams_of_every_window_are_unpacked(window: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    packed = packer.compress(PAGE) + packer.flush()
    assert decoded_body(packed, [], ["deflate"], Limits()) == (PAGE, ())


def test_several_codings_are_taken_off_in_turn() -> None:
    packed = brotli.compress(gzip.compress(LONG_PAGE))
    assert decoded_body(chunked(packed), ["chunked"], ["gzip, br"], Limits()) == (LONG_PAGE, ())
    assert decoded_body(packed, [], ["gzip", "br"], Limits()) == (LONG_PAGE, ())
    assert decoded_body(gzip.compress(LONG_PAGE), ["gzip, chunked"], [], Limits()) == (LONG_PAGE, ())
    assert decoded_body(gzip.compress(LONG_PAGE), [], [], Limits()) == (LONG_PAGE, ())


def test_streams_behind_one_another_are_one_body() -> None:
    for packer, coding in ((gzip.compress, "gzip"), (zstandard.compress, "zstd")):
        packed = packer(LONG_PAGE[:5000]) + packer(LONG_PAGE[5000:])
        assert decoded_body(packed, [], [coding], Limits()) == (LONG_PAGE, ())


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_cut_body_is_read_up_to_the_cut(coding: str) -> None:
    packed = PACKERS["ZSTD" if coding == "zstd" else coding](LONG_PAGE * 3)
    body, warnings = decoded_body(packed[: len(packed) * 9 // 10], [], [coding], Limits())
    assert body and LONG_PAGE.startswith(body[: len(LONG_PAGE)]) and warnings == (CUT,)
    body, warnings = decoded_body(chunked(LONG_PAGE)[:-700], ["chunked"], [], Limits())
    assert LONG_PAGE.startswith(body) and len(body) > len(LONG_PAGE) - 2000 and warnings == (CUT,)


@pytest.mark.parametrize("coding", PACKERS)
def test_bombs_end_within_bounds(coding: str) -> None:
    packed = PACKERS[coding](b"a" * 100_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as refused:
        decoded_body(packed, [], [coding], Limits(max_ratio=10**9))
    assert refused.value.reason is Reason.BOMB
    with pytest.raises(Refused) as refused:
        decoded_body(packed, [], [coding], Limits(max_member_bytes=10**9))
    assert refused.value.reason is Reason.BOMB
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_a_window_that_needs_much_memory_is_refused() -> None:
    wide = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=30))
    packer = wide.compressobj()
    packed = packer.compress(PAGE) + packer.flush()
    assert decoded_body(packed, [], ["zstd"], Limits()) == (packed, (CUT,))
    [(_, reason)] = outcomes(response(packed, "Content-Encoding: zstd\r\n"), "a.warc")
    assert reason is Reason.BINARY_CONTENT


def test_a_crawl_with_a_picture_first_is_read() -> None:
    picture = response(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400, "").replace(b"text/html", b"image/png")
    packed = response(brotli.compress(PAGE), "Content-Encoding: br\r\n")
    results = outcomes(picture + packed, "a.warc")
    assert [isinstance(article, Article) for _, article in results] == [True]
    assert [isinstance(article, Article) for _, article in outcomes(picture + packed, "crawl")] == [True]


def test_a_large_film_of_a_crawl_is_nothing_to_be_told_about() -> None:
    film = response(b"\0" * 50_000, "").replace(b"text/html", b"video/mp4")
    text = response(b"a" * 50_000, "")
    limits = Limits(max_member_bytes=20_000)
    assert outcomes(film + text, "a.warc", limits) == [("http://a.example/1", Reason.TOO_LARGE)]
