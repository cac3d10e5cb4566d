"""Quotation marks as the evaluation reads them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.evaluation.marks import in_marks, kind, quoted_regions, touches
from worker.extract import Kind


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("“Go on,” said the Pope. “Now!”", ["“Go on,”", "“Now!”"]),
        ('He said "go" twice.', ['"go"']),
        ('("go") and —"stay"', ['"go"', '"stay"']),
        ("Al said ''so''.", ["''so''"]),
        ("« Oui », dit-il. «Non.»", ["« Oui »", "«Non.»"]),
        ("»Ja«, sagte er. »Nein.«", ["»Ja«", "»Nein.«"]),
        ("“A.\n\n“B.”", ["“A.", "“B.”"]),  # each paragraph begins with an opening mark
        ("“A.\n\nb.” c", ["“A.", "b.”"]),  # the second paragraph has only a closing mark
        ("“A.\n\nb. c", ["“A."]),
        ("“A.\n\nb.\n\nc.” d", ["“A."]),  # a region does not continue across two paragraphs
        ("“A.\n\n“b” c” d", ["“A.", "“b”"]),  # a region continues only if no other mark comes before the closing mark
        ("“A “b” c", ["“A “b”"]),  # an opening mark inside opens nothing
        ("He is 6'5\" tall.", []),
        ('a 12"long board', []),  # inches
        ('(". x', []),
        ('said"Go on, then.', ['"Go on, then.']),
        ("no ” here", []),
        ("He said 'go on' and left", ["'go on'"]),
        ("the workers' union isn't the owners' one", []),
        ("the '90s and 'em all' day", []),
        ("“He said ‘go’ twice.”", ["“He said ‘go’ twice.”"]),  # single marks count outside double ones
        ("'a\nb' c", []),  # and inside one paragraph
        ("", []),
    ],
)
def test_regions(text: str, regions: list[str]) -> None:
    assert [text[start:end] for start, end in quoted_regions(text)] == regions


@settings(deadline=None)
@given(st.text(alphabet="ab 3\n\"“”‘’'.,(-", max_size=60))
def test_regions_are_sorted_disjoint_stretches_of_the_text(text: str) -> None:
    regions = quoted_regions(text)
    assert all(0 <= start < end <= len(text) for start, end in regions)
    assert all(one[1] <= other[0] for one, other in pairwise(regions))
    inside = {place for start, end in regions for place in range(start, end)}
    for start in range(len(text)):
        for end in range(start, min(len(text), start + 4) + 1):
            assert touches(regions, start, end) == (not inside.isdisjoint(range(start, end)))


TEXT = "Ann said it was “very, very bad”, and left."


@pytest.mark.parametrize(
    ("words", "expected"),
    [("very, very bad", Kind.DIRECT), ("it was “very, very bad”", Kind.MIXED), ("and left", Kind.INDIRECT)],
)
def test_kind(words: str, expected: Kind) -> None:
    start = TEXT.index(words)
    assert kind(TEXT, [(start, start + len(words))], quoted_regions(TEXT)) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("very, very", True),  # inside the marks
        ("bad", True),  # beside one
        ("it was “very", True),  # with one in it
        ("it was", False),  # a blank is between
        ("and left", False),
    ],
)
def test_a_mark_in_or_beside_the_content_counts(words: str, expected: bool) -> None:
    start = TEXT.index(words)
    assert in_marks(TEXT, [(start, start + len(words))], quoted_regions(TEXT)) is expected


@pytest.mark.parametrize(("words", "expected"), [("Ann said", True), ("then left", True), ("left", False)])
def test_marks_beside_the_content_are_looked_over(words: str, expected: bool) -> None:
    text = "Ann said,“go,”then left."
    start = text.index(words)
    assert in_marks(text, [(start, start + len(words))], quoted_regions(text)) is expected
