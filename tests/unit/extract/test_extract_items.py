"""Items: the words, punctuation and quoted regions of a stretch of text."""

from hypothesis import given
from hypothesis import strategies as st

from worker.extract.marks.items import QUOTE, Items, items
from worker.extract.marks.regions import regions


def row_of(text: str) -> Items:
    """Return the items of a text of one paragraph."""
    return items(text, (0, len(text)), [region for region in regions(text, [(0, len(text))]) if region.parent is None])


def test_the_quoted_regions_of_a_stretch_are_found_by_number() -> None:
    row = row_of("“We go,” he said. “They stay,” she said.")
    assert row.words == [QUOTE, "he", "said", ".", QUOTE, "she", "said", "."]
    assert row.quotes_in(0, len(row)) == [0, 4]
    assert row.quotes_in(0, 4) == [0]
    assert row.quotes_in(1, 5) == [4]
    assert row.quotes_in(1, 4) == row.quotes_in(4, 4) == []


@given(st.lists(st.sampled_from(["“We go.” ", "He said ", "so. ", "‘No’ "])), st.integers(0, 20), st.integers(0, 20))
def test_the_quoted_regions_are_the_items_that_are_one(bricks: list[str], first: int, last: int) -> None:
    row = row_of("".join(bricks))
    expected = [number for number in range(len(row)) if first <= number < last and row.is_quote(number)]
    assert row.quotes_in(first, last) == expected
