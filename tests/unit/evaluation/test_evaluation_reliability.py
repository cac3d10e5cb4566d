"""Reliability: the numbers of stored and of right quotations for each confidence."""

import pytest

from tests.unit.evaluation.annotating import compared, marked, predicted
from worker.evaluation.reliability import bins, tables

TEXT = "“One,” said Ann Lee. “Two,” she said. Lee said five had come."
GOLD = [marked(TEXT, "One", "Ann Lee"), marked(TEXT, "Two", "she"), marked(TEXT, "five had come")]


@pytest.mark.parametrize(
    ("confidence", "place"),
    [(1.0, 0), (0.95, 0), (0.9499, 1), (0.9, 1), (0.8, 2), (0.7, 3), (0.5, 4), (0.4999, 5), (0.0, 5)],
)
def test_every_confidence_has_one_bin(confidence: float, place: int) -> None:
    *rows, sure = bins()
    assert [number for number, row in enumerate(rows) if row.holds(confidence)] == [place]
    assert sure.holds(confidence) == (confidence >= 0.9)


def test_by_hand() -> None:
    stored = [
        predicted(TEXT, "One", "Ann Lee", confidence=0.97),
        predicted(TEXT, "Two", "Ann Lee", confidence=0.96),  # the source is wrong
        predicted(TEXT, "five had come", confidence=0.9),
        predicted(TEXT, "Lee said five had come", confidence=0.3),  # the gold is paired with a more similar quotation
    ]
    bins_by_view = tables([compared(TEXT, GOLD, stored)])
    assert bins_by_view is not None
    assert [(row.stored, row.right) for row in bins_by_view["all"]] == [
        (2, 1),
        (1, 1),
        (0, 0),
        (0, 0),
        (0, 0),
        (1, 0),
        (3, 2),
    ]
    assert (bins_by_view["quoted"][0].stored, bins_by_view["quoted"][0].right) == (2, 1)
    assert bins_by_view["all"][-1].share == 0.6667
    assert bins_by_view["all"][2].share is None


def test_without_confidences_there_is_no_table() -> None:
    assert tables([compared(TEXT, GOLD, [predicted(TEXT, "One", "Ann Lee")])]) is None
