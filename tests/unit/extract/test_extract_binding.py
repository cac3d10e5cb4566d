"""Binding of the network's attributions to the marks: snapped spans, kinds, parts."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.extract.binding import Binding, place, wordy
from worker.extract.building import build, joined
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import Region, regions
from worker.extract.model.attributed import LinkedSpans
from worker.extract.model.pieces import Pieces
from worker.extract.quotation import Kind, Mention, Quotation, Span

WORDS = re.compile(r"\w+|\S")


def outermost(text: str) -> list[Region]:
    return [region for region in regions(text, paragraphs(text, 0, len(text))) if region.parent is None]


def pieces(text: str) -> Pieces:
    """Return words and signs as pieces; binding needs only their offsets."""
    spans = [match.span() for match in WORDS.finditer(text)]
    zero = np.zeros(len(spans), np.int32)
    starts, ends = (np.array([span[edge] for span in spans], np.int32) for edge in (0, 1))
    return Pieces(zero, zero, starts, ends, zero, zero)


def piece_span(text: str, pieces_of_text: Pieces, stretch: str) -> Span:
    """Return the first and last piece of a stretch of the text."""
    start = text.index(stretch)
    inside = [
        at
        for at in range(len(pieces_of_text))
        if start <= pieces_of_text.starts[at] and pieces_of_text.ends[at] <= start + len(stretch)
    ]
    return inside[0], inside[-1] + 1


def bound(text: str, *contents: str, cue: str = "said", source: str | None = None) -> Quotation | None:
    """Return the quotation of an attribution with these stretches."""
    pieces_of_text = pieces(text)
    spans = tuple(piece_span(text, pieces_of_text, content) for content in contents)
    source_span = None if source is None else piece_span(text, pieces_of_text, source)
    attribution = LinkedSpans(spans, piece_span(text, pieces_of_text, cue), source_span, (0.9,) * 6)
    return Binding(text, outermost(text)).quotation(pieces_of_text, attribution)


@pytest.mark.parametrize(
    ("text", "content", "kind", "expected"),
    [
        # cut: the content covers at least half of the region, so it gets the whole region
        ("“We will go home now,” he said.", "will go home now", Kind.DIRECT, ["We will go home now,"]),
        ("He said “We will go home” today.", "We will go home” today", Kind.MIXED, ["“We will go home” today"]),
        ("He said it was “a very bad plan” indeed.", "it was “a very bad", Kind.MIXED, ["it was “a very bad plan”"]),
        # touched: the content covers less than half, so it ends where the region begins, or begins at the region's end
        ("He said it was bad, “as all the others know.”", "it was bad, “as", Kind.INDIRECT, ["it was bad,"]),
        ("“All of us know it well,” said he left.", "well,” said he left", Kind.INDIRECT, ["said he left"]),
        # inside: a report in a quotation stays unchanged
        ("“We said that it rained, so we all went home to bed,” he said.", "it rained", Kind.DIRECT, ["it rained"]),
        # without marks, and beside them
        ("He said it rained. “No.”", "it rained", Kind.INDIRECT, ["it rained"]),
        ("“No,” he said.", "“No,”", Kind.DIRECT, ["No,"]),
        # a region in the middle
        ("He said it was “bad” and late.", "it was “bad” and late", Kind.MIXED, ["it was “bad” and late"]),
        # two regions with only punctuation between them
        ("He said: “We go” … “We stay.”", "“We go” … “We stay.”", Kind.DIRECT, ["We go", "We stay."]),
        # several paragraphs of one region, without the opening mark of each paragraph
        ("He said: “We go.\n\n“We stay.”", "We go.\n\n“We stay.”", Kind.DIRECT, ["We go.", "We stay."]),
        ("“We all go home.\n\n“Stay,” he said.", "We all go home.", Kind.DIRECT, ["We all go home.", "Stay,"]),
    ],
)  # fmt: skip
def test_snapping(text: str, content: str, kind: Kind, expected: list[str]) -> None:
    quotation = bound(text, content)
    assert quotation is not None
    assert quotation.kind is kind
    assert [text[start:end] for start, end in quotation.parts] == expected


def test_a_whole_paragraph_of_a_region_is_given_all_of_it() -> None:
    text = "“We all go home on Monday, whatever they say.\n\n“They stay,” he said."
    quotation = bound(text, "“They stay,”")
    assert quotation is not None
    assert quotation.text == "We all go home on Monday, whatever they say. They stay,"


def test_two_contents_are_two_parts() -> None:
    text = "“We go,” Anna Berg said, “and stay.”"
    quotation = bound(text, "“We go,”", "“and stay.”", source="Anna Berg")
    assert quotation is not None
    assert quotation.kind is Kind.DIRECT
    assert quotation.text == "We go, and stay."
    assert quotation.parts == ((1, 7), (26, 35))
    assert quotation.source == Mention("Anna Berg", 9, 18)
    assert quotation.cue == Mention("said", 19, 23)
    assert 0 < quotation.confidence < 1


def test_words_in_marks_without_a_source_are_candidates() -> None:
    text = "“We go,” Anna Berg said."
    sourced, unsourced = bound(text, "“We go,”", source="Anna Berg"), bound(text, "“We go,”")
    assert sourced is not None and unsourced is not None
    assert unsourced.confidence <= 0.4 < sourced.confidence


def test_two_contents_of_one_region_are_joined() -> None:
    text = "He said: “We all go home and they stay here.”"
    quotation = bound(text, "We all go home and", "they stay here")
    assert quotation is not None
    assert [text[start:end] for start, end in quotation.parts] in [
        ["We all go home and they stay here."],
        ["We all go home and", "they stay here"],
    ]


def test_a_direct_and_a_bare_content_are_mixed() -> None:
    quotation = bound("He said “we go” when it rained.", "“we go”", "it rained")
    assert quotation is not None
    assert quotation.kind is Kind.MIXED
    assert quotation.text == "“we go” […] it rained"


def test_a_lone_mark_is_no_quotation() -> None:
    assert bound("“We will go,” he said.", "“") is None


def test_mentions_have_no_space_at_their_ends() -> None:
    quotation = bound("“We go,” said the  minister .", "“We go,”", source="the  minister")
    assert quotation is not None
    assert quotation.source == Mention("the  minister", 14, 27)


def test_wordy() -> None:
    assert [wordy(stretch) for stretch in ("", " … — ", "a", "漢", " 7 ")] == [False, False, True, True, True]


BRICKS = ["“", "”", "‘", "’", "a", "bb", "Cc", ",", ".", "…", "\n\n", "\n\n“", "said", "”,", "7"]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(BRICKS), max_size=40).map(" ".join), st.data())
def test_parts_of_any_span_are_true(text: str, data: st.DataObject) -> None:
    pieces_of_text = pieces(text)
    if not len(pieces_of_text):
        return
    whole = st.integers(0, len(pieces_of_text))
    edges = data.draw(st.lists(whole, min_size=2, max_size=6, unique=True).map(sorted))
    contents = tuple(zip(edges[::2], edges[1::2], strict=False))
    quoted = outermost(text)
    quotation = Binding(text, quoted).quotation(pieces_of_text, LinkedSpans(contents, contents[0], None, (0.5,) * 6))
    if quotation is None:
        return
    flat = [edge for part in quotation.parts for edge in part]
    assert flat == sorted(flat) and flat[0] >= 0 and flat[-1] <= len(text)
    assert all(start < end and text[start:end].strip() == text[start:end] for start, end in quotation.parts)
    assert quotation.text == joined(text, quotation.parts, quotation.source, quotation.cue)
    taken = {at for start, end in quotation.parts for at in range(start, end)}
    inside = {at for region in quoted for at in range(region.start, region.end)}
    between = {at for region in quoted for start, end in region.segments for at in range(start, end)}
    if quotation.kind is Kind.DIRECT:
        assert taken <= between
    elif quotation.kind is Kind.INDIRECT:
        assert not taken & inside
    else:
        assert taken & inside
        assert any(text[at].isalnum() for at in taken - inside)


@settings(deadline=None)
@given(st.lists(st.sampled_from(BRICKS), max_size=40).map(" ".join), st.integers(0, 60), st.integers(1, 30))
def test_a_snapped_span_cuts_no_region_but_from_inside(text: str, start: int, length: int) -> None:
    if start + length > len(text):
        return
    binding = Binding(text, outermost(text))
    first, last = binding.snapped((start, start + length))
    assert 0 <= first < last <= len(text)
    for region in binding.touching((first, last)):
        holds = first <= region.start and region.end <= last
        within = region.start <= first and last <= region.end
        assert holds or within


def test_a_place_is_from_the_first_piece_to_the_last() -> None:
    assert place(pieces("He said it rained."), (1, 3)) == (3, 10)


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


@given(st.text("ab \n", min_size=30, max_size=30), SPANS)
def test_building_makes_parts_that_are_sorted_and_disjoint(text: str, spans: list[Span]) -> None:
    quotation = build(text, spans, Kind.DIRECT, None, None, 0.5)
    covered = {at for start, end in spans for at in range(start, end) if not text[at].isspace()}
    if quotation is None:
        assert not covered
        return
    parts = quotation.parts
    assert all(start < end and not text[start].isspace() and not text[end - 1].isspace() for start, end in parts)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(parts))
    assert covered <= {at for start, end in parts for at in range(start, end)}
