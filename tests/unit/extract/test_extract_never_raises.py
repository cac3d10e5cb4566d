"""For any text, extracting raises no exception, and every offset points at the right characters."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.checks import by_rule, check_quotations
from worker.extract import Kind, Quotation, extract
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import regions
from worker.extract.version import Mode
from worker.speakers.within import resolve

PIECES = [
    *['"', "“", "”", "‘", "’", "'", "''", "``", "«", "»", "„", "‹", "›"],
    *[" ", " ", "\n", "\n\n", ".", ",", ":", "?", "—", "(", ")", "\x00", "🎉", "é"],
    *["he", "said", "She", "added", "that", "Ms.", "Anna Berg", "Berg", "the minister", "told reporters"],
    *["according to", "the plan", "is good", "who", "and", "SMITH:", "wants to", "called", "it", "U.S.", "90s"],
]
MESS = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join)


def assert_kinds(text: str, quotations: list[Quotation]) -> None:
    """Check each kind: direct has no word outside marks, indirect nothing in marks, mixed something in marks."""
    inside = {at for region in regions(text, paragraphs(text, 0, len(text))) for at in range(region.start, region.end)}
    for quotation in quotations:
        taken = {at for start, end in quotation.parts for at in range(start, end)}
        if quotation.kind is Kind.DIRECT:
            assert not any(text[at].isalnum() for at in taken - inside)
        else:
            assert bool(taken & inside) == (quotation.kind is Kind.MIXED)


UNICODE = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=150, deadline=None)
@given(MESS | UNICODE)
def test_offsets_are_true_of_any_text(text: str) -> None:
    quotations = extract(text)
    check_quotations(text, quotations)
    assert_kinds(text, quotations)
    assert extract(text) == quotations
    resolution = resolve(text, quotations)
    assert len(resolution.attributions) == len(quotations)
    for attribution in resolution.attributions:
        assert all(0 <= number < len(resolution.entities) for number in attribution.entities)


@settings(max_examples=100, deadline=None)
@given(MESS)
def test_quoted_mode_finds_only_what_has_marks(text: str) -> None:
    quotations = extract(text, mode=Mode.QUOTED)
    check_quotations(text, quotations)
    assert all(quotation.kind is not Kind.INDIRECT for quotation in quotations)


@pytest.mark.parametrize("text", ["\ud800", "“We go,\udfff” said Anna Berg.", "\ud83d\ude00 he said"])
@pytest.mark.parametrize("mode", Mode)
def test_half_a_character_is_no_matter(text: str, mode: Mode) -> None:
    check_quotations(text, extract(text, mode=mode))


@settings(max_examples=100, deadline=None)
@given(MESS, st.integers(-5, 200), st.integers(-5, 200), st.sampled_from(["en", "de", None, "", "en-GB"]))
def test_nothing_is_found_outside_the_body(text: str, start: int, end: int, language: str | None) -> None:
    quotations = extract(text, (start, end), language)
    check_quotations(text, quotations)
    assert all(start <= quotation.start and quotation.end <= end for quotation in quotations)
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
def test_the_rules_work_is_in_proportion_to_the_text(piece: str) -> None:
    """A text ten times as long may take about ten times as long; the test allows 30 times, because timings vary."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begun = time.process_time()
        resolve(text, by_rule(text))
        return time.process_time() - begun

    small = seconds(4_000)
    large = min(seconds(40_000) for _ in range(3))  # another process may slow one of them down
    assert large < 30 * max(small, 0.02)


@pytest.mark.parametrize("piece", ["“We go,” said Berg. He said it rained.\n", "“a ‘b “c ", "he said ", "«x", "A. "])
def test_the_readers_work_is_in_proportion_to_the_text(piece: str) -> None:
    """A text four times as long may take about four times as long; the test allows 10 times, because timings vary.

    The shortest of three runs counts: what another process takes from one of them says nothing about the reader.
    """
    extract(piece)

    def seconds(size: int) -> float:
        text, shortest = piece * (size // len(piece)), float("inf")
        for _ in range(3):
            begun = time.process_time()
            extract(text)
            shortest = min(shortest, time.process_time() - begun)
        return shortest

    small, large = seconds(600), seconds(2_400)
    assert large < 10 * max(small, 0.02)
