"""For any bytes, parsing raises only `Refused`, and every article is valid."""

import io
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.parse.reading_files import PAGE, zipped
from worker.parse import Article, Limits, parse, split
from worker.parse.registry import all_formats
from worker.reasons import Refused

EXTENSIONS = sorted({ext for kind in all_formats() for ext in kind.extensions + kind.shared_extensions})
MEDIA_TYPES = sorted({media_type for kind in all_formats() for media_type in kind.media_types})
SAMPLES = [
    PAGE,
    b'{"title": "T", "text": "Words, said Una.", "date": "2024-01-01", "authors": ["Una Roe"]}',
    b'<?xml version="1.0"?><rss><channel><title>T</title><item><title>I</title>'
    b"<description>D</description></item></channel></rss>",
    b"From: Una <u@x.example>\r\nSubject: S\r\nContent-Type: text/plain\r\n\r\nWords, said Una.",
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: 47\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nWords\r\n\r\n",
    b'title,text\nT,"Words, said Una."\n',
    zipped({"a.txt": b"Words, said Una."}),
]
LIMITS = Limits(max_article_bytes=100_000, max_member_bytes=100_000, max_container_bytes=1_000_000)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "text", "body", "sections", "authors", "date", "source", "content", "url"]), inner
        )
    ),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a sound document with a few bytes changed, removed or inserted."""
    raw = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(raw)))
        raw[at : at + draw(st.integers(0, 20))] = draw(st.binary(max_size=8))
    return bytes(raw)


def check(article: Article) -> None:
    """Check the offsets of an article, and that it can be stored as JSON and read again."""
    assert 0 <= article.body_start < article.body_end <= len(article.text)
    values = json.dumps(article.to_json(), ensure_ascii=False)
    values.encode("utf-8")
    assert "\0" not in article.text
    assert Article.from_json(json.loads(values)) == article


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    raw=st.one_of(damaged(), st.binary(max_size=300), json_values.map(lambda value: json.dumps(value).encode())),
    extension=st.sampled_from(EXTENSIONS),
)
@example(raw=b'{"text": {"sections": 5}, "authors": {"name": ["a"]}}', extension=".json")
def test_any_file(raw: bytes, extension: str) -> None:
    try:
        members = list(split(io.BytesIO(raw), "a" + extension, LIMITS))
    except Refused:
        return
    assert members
    for member in members:
        if member.reason:
            assert member.message
            continue
        try:
            check(parse(member.raw, member.media_type, LIMITS))
        except Refused as refusal:
            assert refusal.message


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=st.one_of(damaged(), st.binary(max_size=300)), media_type=st.sampled_from([*MEDIA_TYPES, "no/such"]))
def test_any_member(raw: bytes, media_type: str) -> None:
    try:
        check(parse(raw, media_type, LIMITS))
    except Refused as refusal:
        assert refusal.message


@given(st.text(min_size=1, max_size=300))
def test_a_text_file_is_kept_character_for_character(text: str) -> None:
    try:
        raw = text.encode("utf-8")
        article = parse(raw, "text/plain", LIMITS)
    except (Refused, UnicodeEncodeError):
        return
    if not any(warning.startswith("mojibake") for warning in article.warnings):
        assert article.text == text.removeprefix("\ufeff")
