"""Whatever the text: no exception, and every offset is true of it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.extract import Quotation, extract
from worker.speakers.within import resolve

PIECES = [
    *['"', "“", "”", "‘", "’", "'", "''", "``", "«", "»", "„", "‹", "›"],
    *[" ", " ", "\n", "\n\n", ".", ",", ":", "?", "—", "(", ")", "\x00", "\ud800", "🎉", "é"],
    *["he", "said", "She", "added", "that", "Ms.", "Anna Berg", "Berg", "the minister", "told reporters"],
    *["according to", "the plan", "is good", "who", "and", "SMITH:", "wants to", "called", "it", "U.S.", "90s"],
]
MESS = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join)


def assert_true(text: str, quotations: list[Quotation]) -> None:
    """What every caller may rely on."""
    assert [each.start for each in quotations] == sorted(each.start for each in quotations)
    for number, each in enumerate(quotations):
        edges = [edge for part in each.parts for edge in part]
        assert edges[0] >= 0 and edges[-1] <= len(text)
        assert all(start < end for start, end in each.parts)
        assert edges == sorted(edges)
        assert each.text == " ".join(text[start:end] for start, end in each.parts)
        assert 0 <= each.confidence <= 1
        for mention in (each.source, each.cue):
            assert mention is None or mention.text == text[mention.start : mention.end] != ""
        if each.inside is not None:
            outer = quotations[each.inside]
            assert each.inside != number
            assert any(start <= each.start and each.end <= end for start, end in outer.parts)


@settings(max_examples=300, deadline=None)
@given(MESS | st.text(max_size=200))
def test_offsets_are_true_of_any_text(text: str) -> None:
    quotations = extract(text)
    assert_true(text, quotations)
    assert extract(text) == quotations
    resolution = resolve(text, quotations)
    assert len(resolution.attributions) == len(quotations)
    for attribution in resolution.attributions:
        assert all(0 <= number < len(resolution.entities) for number in attribution.entities)


@settings(max_examples=100, deadline=None)
@given(MESS, st.integers(-5, 200), st.integers(-5, 200), st.sampled_from(["en", "de", None, "", "en-GB"]))
def test_nothing_is_found_outside_the_body(text: str, start: int, end: int, language: str | None) -> None:
    quotations = extract(text, (start, end), language)
    assert_true(text, quotations)
    assert all(start <= each.start and each.end <= end for each in quotations)
    resolve(text, quotations, body=(start, end), title="Berg: ‘No’")


@pytest.mark.parametrize(
    "piece",
    [
        "He said, “We will go.” ",
        "he said ",
        "“",
        '"',
        "‘a ",
        "«x",
        "“a ‘b “c ",
        "He said that she said that ",
        "A Smith said B Smith ",
        "the minister said, ",
        "Minister Anna Berg, the minister, said the minister said. ",
        "(" * 10,
        ", ",
        "A",
        "A. ",
        "“A\n\n",
        "SMITH: yes\n\n",
        "a'",
        "U.S.",
        "\n",
        "1,1",
    ],
)
def test_the_work_is_in_proportion_to_the_text(piece: str) -> None:
    """Ten times the text may cost no more than about ten times the time (30, against noise)."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begun = time.process_time()
        resolve(text, extract(text))
        return time.process_time() - begun

    small, large = seconds(4_000), seconds(40_000)
    assert large < 30 * max(small, 0.02)
