"""The time to parse a hostile text grows with its length, not with its square. Each kind here once took minutes."""

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.parse import Limits, parse
from worker.parse.facts.body import body
from worker.reasons import Refused

LIMITS = Limits()
JSON, MARKDOWN, PAGE, PLAIN = "application/json", "text/markdown", "text/html", "text/plain"
SCRIPT = b'<html><head><script type="application/ld+json">{"a": 1%s}</script><body><p>Words, said Una Roe.'

PROSE = b"<html><body><article>" + b"<p>The harbour was closed on Monday, when a storm pulled boats out of it.</p>" * 6


def field(text: str) -> bytes:
    """Return a JSON article with this text."""
    return json.dumps({"text": text}).encode()


# For each kind: the media type, and a function that makes a document of a given size in bytes.
HOSTILE: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "trailers": (PLAIN, lambda size: b"Words.\n" + b"END\n" * (size // 4)),
    "credits": (PLAIN, lambda size: b"Words.\n" + b"(Reporting by Una)\n" * (size // 19)),
    "white space": (PLAIN, lambda size: b"Words" + b" " * size + b"."),
    "line breaks in HTML": (JSON, lambda size: field("<p>Words" + "<br>" * (size // 4))),
    "blocks in HTML": (JSON, lambda size: field("<p>Words" + "<p> \n" * (size // 5))),
    "unclosed tags": (JSON, lambda size: field("<p>Words" + "<" * (size // 8) + "<a " * (size // 12))),
    "nested tags": (JSON, lambda size: field("<div>" * (size // 5) + "Words")),
    "white space in JSON-LD": (PAGE, lambda size: SCRIPT % (b" " * size)),
    "line breaks in JSON-LD": (PAGE, lambda size: SCRIPT % (b"\n" * size)),
    "comments": (PAGE, lambda size: b"<html><p>Words" + b"<!--" * (size // 4)),
    "entities": (PAGE, lambda size: b"<html><p>Words" + b"&amp" * (size // 4)),
    "quotations in quotations": (PAGE, lambda size: b"<html><p>Words" + b"<q>a" * (size // 4)),
    "tables in tables": (PAGE, lambda size: b"<html><p>Words" + b"<table><tr><td>a" * (size // 16)),
    "named boxes": (PAGE, lambda size: b"<html><p>Words" + b"<span class=share>a</span>tail" * (size // 30)),
    "pull quotes": (PAGE, lambda size: b"<html><p>Words" + b"<div class=pullquote>a b c d e</div>" * (size // 36)),
    "control characters": (PAGE, lambda size: b"<html><p>Words" + b"&#8;<script" * (size // 11)),
    "preformatted lines": (PAGE, lambda size: b"<html><pre>Words" + b"a\n \n" * (size // 4)),
    "rows of one table": (JSON, lambda size: field("<table>" + "<tr><td>a<td>b" * (size // 14))),
    "mojibake": (PLAIN, lambda size: "â€œa ".encode() * (size // 9)),
    "references": (JSON, lambda size: field("&#8217" * (size // 6))),
    "strong": (MARKDOWN, lambda size: b"**a " * (size // 4)),
    "strong or strong": (MARKDOWN, lambda size: b"**a__a " * (size // 7)),
    "emphasis": (MARKDOWN, lambda size: b"a *b_c " * (size // 7)),
    "links": (MARKDOWN, lambda size: b"a" + b"[" * size),
    "images": (MARKDOWN, lambda size: b"![a" * (size // 3)),
    "link targets": (MARKDOWN, lambda size: b"[a](" * (size // 4)),
    "rules": (MARKDOWN, lambda size: b"a\n" + b"* " * (size // 2) + b"a"),
    "a long heading": (MARKDOWN, lambda size: b"# a" + b" " * size + b"b\nWords"),
    "headings": (PAGE, lambda size: b"<html><body>" + b"<h1>a</h1>" * (size // 10) + b"<p>Words, said Una."),
    "dates in HTML": (PAGE, lambda size: b"<html><body>" + b"<time>1 May 2024 x</time>" * (size // 25) + b"<p>Words."),
    "by-lines in HTML": (
        PAGE,
        lambda size: b"<html><body>" + b"<b class=author>By a</b>" * (size // 24) + b"<p>a.",
    ),
    "comments in JSON-LD": (PAGE, lambda size: SCRIPT % (b",/* " * (size // 4))),
    "objects in JSON-LD": (PAGE, lambda size: SCRIPT % (b'} {"@type":"Article"' * (size // 20))),
    "headlines in JSON-LD": (PAGE, lambda size: SCRIPT % (b',"@type":"Article","headline":"' * (size // 31))),
    "by-lines": (PLAIN, lambda size: b"By Ana Ferro\n" * (size // 13)),
    "a long by-line": (PLAIN, lambda size: b"By Ana" + b" and Bo" * (size // 7)),
    "empty lines": (PLAIN, lambda size: b"A title\n" + b" \n" * (size // 2) + b"Words."),
    "authors": (JSON, lambda size: json.dumps({"text": "Words.", "author": ["By A and B"] * (size // 14)}).encode()),
    "fields of front matter": (MARKDOWN, lambda size: b"---\na: [" + b'",' * (size // 2) + b"]\n---\nWords."),
    "short blocks beside a picture": (
        PAGE,
        lambda size: b"<html><body><div>" + b"<div>Some words are here now.</div>" * (size // 35) + b"<img></div>",
    ),
    "rows beside prose": (PAGE, lambda size: PROSE + b"<table>" + b"<tr><td>Una Roe<td>12" * (size // 21)),
    "short blocks beside prose": (PAGE, lambda size: PROSE + b"<div><div>a 1</div></div>" * (size // 25)),
    "headings of lists": (PAGE, lambda size: PROSE + b"<h2>Related a</h2><p><a>b</a>" * (size // 26)),
    "indents": (JSON, lambda size: field("<p>Words" + "<br>\xa0 " * (size // 6))),
    "names of states": (PAGE, lambda size: PROSE + b"<div class=has-ads>a" * (size // 20)),
    "a long name": (PAGE, lambda size: PROSE + b"<div class='has-ads " + b"a-" * (size // 2) + b"'>a</div>"),
    "front matter": (MARKDOWN, lambda size: b"---\n" + b"a:\n" * (size // 3)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_cost_grows_with_the_size(kind: str) -> None:
    """A text that is 4 times longer should take about 4 times longer. 10 times is allowed, because timings vary."""
    media_type, document = HOSTILE[kind]

    def seconds(size: int) -> float:
        raw = document(size)
        started = time.process_time()
        try:
            parse(raw, media_type, LIMITS)
        except Refused as refusal:
            assert refusal.message
        return time.process_time() - started

    seconds(1000)  # loads the libraries
    small, large = seconds(40_000), seconds(160_000)
    assert large < 10 * max(small, 0.05), f"{small:.3f} s, then {large:.3f} s"


@given(st.lists(st.sampled_from(["END", "###", "Words.", "© 2024 A", "(Reporting by Una)", " ", "\n", "\n\n"])))
def test_the_body_has_neither_trailer_nor_white_space_at_its_end(pieces: list[str]) -> None:
    text = "".join(pieces)
    bounds = body(text)
    inside = text[bounds.start : bounds.end]
    assert inside == inside.strip()
    assert bool(inside) == bool(text.strip())
