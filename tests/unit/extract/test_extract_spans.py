"""The best sequence of tags, compared with all sequences; the spans of a sequence."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from worker.extract.model.spans import best_tags, log_probabilities, searched, spans

SCORE = st.integers(-64, 64).map(lambda number: number / 8)
"""Eighths are exact in float32, so two sequences with the same score compare as equal."""


def tables(tags: int, most: int) -> st.SearchStrategy[NDArray[np.float32]]:
    """Score tables of up to `most` pieces."""
    row = st.lists(SCORE, min_size=tags, max_size=tags)
    return st.lists(row, min_size=1, max_size=most).map(lambda rows: np.array(rows, np.float32))


def allowed(tags: tuple[int, ...] | list[int]) -> bool:
    """True if every tag that continues a span follows a tag of the same kind."""
    return all(tag == 0 or tag % 2 == 1 or (at > 0 and tags[at - 1] in (tag - 1, tag)) for at, tag in enumerate(tags))


def worth(scores: NDArray[np.float32], tags: tuple[int, ...] | list[int]) -> float:
    return sum(float(scores[at, tag]) for at, tag in enumerate(tags))


@settings(deadline=None, max_examples=60)
@given(tables(7, 3) | tables(5, 4))
def test_no_sequence_is_better(scores: NDArray[np.float32]) -> None:
    tags = best_tags(scores)
    sequences = product(range(scores.shape[1]), repeat=len(scores))
    assert worth(scores, tags) == max(worth(scores, tags) for tags in sequences if allowed(tags))


@given(tables(7, 40))
def test_nothing_goes_on_that_never_began(scores: NDArray[np.float32]) -> None:
    tags = best_tags(scores)
    assert len(tags) == len(scores)
    assert allowed(tags)


@given(tables(7, 30))
def test_spans_of_the_best_tags_are_those_that_begin(scores: NDArray[np.float32]) -> None:
    tags = best_tags(scores)
    kinds = spans(tags, 3)
    for kind, row in enumerate(kinds):
        assert [first for first, _ in row] == [at for at, tag in enumerate(tags) if tag == 2 * kind + 1]
        assert all(first < last for first, last in row)
    together = sorted(span for row in kinds for span in row)
    assert all(before[1] <= after[0] for before, after in pairwise(together))
    assert sum(last - first for first, last in together) == sum(tag > 0 for tag in tags)


@settings(deadline=None)
@given(tables(7, 60))
def test_only_what_is_doubtful_is_searched(scores: NDArray[np.float32]) -> None:
    scores[:, 2::2] -= 3  # so that many pieces surely continue nothing, and the search is cut there
    assert worth(scores, best_tags(scores)) == worth(scores, searched(scores))


def test_no_pieces_no_tags() -> None:
    assert best_tags(np.zeros((0, 7), np.float32)) == []


def test_a_span_must_begin_even_where_its_end_is_likelier() -> None:
    scores = np.array([[1.0, 0.0, 3.0], [0.0, 0.0, 2.0]], np.float32)
    assert best_tags(scores) == [1, 2]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([], [[], []]),
        ([0, 0], [[], []]),
        ([1, 2, 2, 0], [[(0, 3)], []]),
        ([1, 1, 2], [[(0, 1), (1, 3)], []]),
        ([1, 3, 4, 1], [[(0, 1), (3, 4)], [(1, 3)]]),
        ([1, 2, 4, 4], [[(0, 2)], [(2, 4)]]),  # continues a span that never began
        ([2, 2, 0, 4], [[(0, 2)], [(3, 4)]]),
    ],
)
def test_spans(tags: list[int], expected: list[list[tuple[int, int]]]) -> None:
    assert spans(tags, 2) == expected


@given(tables(7, 10))
def test_log_probabilities_are_those_of_a_whole(scores: NDArray[np.float32]) -> None:
    assert np.allclose(np.exp(log_probabilities(scores)).sum(-1), 1.0, atol=1e-5)
    assert (log_probabilities(scores).argmax(-1) == scores.argmax(-1)).all()
