"""Windows: every piece is an own piece of one window, and no window has more pieces than the encoder accepts."""

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.extract.model.chunks import SIGN, tokenizer
from worker.extract.model.pieces import Pieces
from worker.extract.model.windows import BEGIN, BREAK, CONTEXT, LONGEST, Window, framed, stretches, windows

PLACES = 160
"""At most this many pieces make the encoder's input: the longest window and its two edge pieces."""

PARAGRAPHS = st.lists(st.lists(st.integers(1, 400) | st.integers(1, 30), min_size=1, max_size=12), max_size=14)
"""The lengths of sentences in pieces, by paragraph."""


def pieces_of(lengths: list[list[int]]) -> Pieces:
    """Return the pieces of paragraphs with sentences of these lengths."""
    numbered = [(paragraph, length) for paragraph, row in enumerate(lengths) for length in row]
    repeats = [length for _, length in numbered]
    paragraphs = np.repeat(np.array([number for number, _ in numbered], np.int32), repeats)
    sentences = np.repeat(np.arange(len(numbered), dtype=np.int32), repeats)
    count = np.arange(len(paragraphs), dtype=np.int32)
    return Pieces(count, np.zeros(len(count), np.int32), count * 2, count * 2 + 1, sentences, paragraphs)


@settings(deadline=None)
@given(PARAGRAPHS)
def test_own_pieces_are_all_pieces_each_once(lengths: list[list[int]]) -> None:
    pieces = pieces_of(lengths)
    cuts = windows(pieces)
    assert [at for window in cuts for at in range(window.own, window.last)] == list(range(len(pieces)))


@settings(deadline=None)
@given(PARAGRAPHS)
def test_no_window_is_longer_than_the_encoder_has_places(lengths: list[list[int]]) -> None:
    pieces = pieces_of(lengths)
    for window in windows(pieces):
        ids, kinds, at = framed(pieces, window)
        assert len(ids) == len(kinds) <= LONGEST + 2 == PLACES
        assert ids[at].tolist() == pieces.ids[window.first : window.last].tolist()


@settings(deadline=None)
@given(PARAGRAPHS)
def test_what_went_before_is_short_and_of_the_same_paragraph(lengths: list[list[int]]) -> None:
    pieces = pieces_of(lengths)
    for window in windows(pieces):
        assert 0 <= window.own - window.first <= CONTEXT
        assert window.own < window.last
        if window.first < window.own:
            assert pieces.paragraphs[window.first] == pieces.paragraphs[window.own]
    assert windows(pieces) == windows(pieces)


@settings(deadline=None)
@given(PARAGRAPHS)
def test_paragraphs_that_fit_are_never_cut(lengths: list[list[int]]) -> None:
    pieces = pieces_of(lengths)
    fitting = {number for number, row in enumerate(lengths) if sum(row) <= LONGEST}
    for window in windows(pieces):
        for number in fitting & set(pieces.paragraphs[window.own : window.last].tolist()):
            assert (pieces.paragraphs[window.own : window.last] == number).sum() == sum(lengths[number])


@settings(deadline=None)
@given(PARAGRAPHS)
def test_context_costs_at_most_as_much_again(lengths: list[list[int]]) -> None:
    pieces = pieces_of(lengths)
    assert sum(window.last - window.first for window in windows(pieces)) <= 2 * len(pieces)


def test_no_pieces_no_windows() -> None:
    assert windows(pieces_of([])) == []


def test_short_paragraphs_share_a_window_and_breaks_are_counted() -> None:
    # 79 + 78 pieces and one break are 158
    assert windows(pieces_of([[79], [78]])) == [Window(0, 0, 157)]
    assert windows(pieces_of([[79], [79]])) == [Window(0, 0, 79), Window(79, 79, 158)]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    # the second window begins with the sentence before its own pieces; the third with 24 pieces of a long sentence
    assert windows(pieces_of([[100, 40, 100, 20]])) == [Window(0, 0, 140), Window(100, 140, 240), Window(216, 240, 260)]


def test_a_sentence_longer_than_a_window_is_cut_with_what_went_before() -> None:
    first, second, *_ = windows(pieces_of([[500]]))
    assert first == Window(0, 0, LONGEST)
    assert second.own == LONGEST
    assert 0 < second.own - second.first <= CONTEXT


def test_a_window_is_framed_with_edges_and_breaks() -> None:
    pieces = pieces_of([[3], [2]])
    pieces.kinds[:] = 7
    ids, kinds, at = framed(pieces, Window(0, 0, 5))
    assert ids.tolist() == [BEGIN, 0, 1, 2, BREAK, 3, 4, BREAK]
    assert kinds.tolist() == [SIGN, 7, 7, 7, SIGN, 7, 7, SIGN]
    assert at.tolist() == [1, 2, 3, 5, 6]


def test_the_edges_are_the_encoders_own() -> None:
    assert (tokenizer().token_to_id("[CLS]"), tokenizer().token_to_id("[SEP]")) == (BEGIN, BREAK)


@settings(deadline=None)
@given(PARAGRAPHS, st.integers(1, 500))
def test_stretches_are_all_pieces_each_once_in_whole_sentences(lengths: list[list[int]], most: int) -> None:
    pieces = pieces_of(lengths)
    cuts = stretches(pieces, most)
    assert [at for first, last in cuts for at in range(first, last)] == list(range(len(pieces)))
    assert all(0 < last - first <= most for first, last in cuts)
    ends = {sum(flat[: at + 1]) for flat in [[length for row in lengths for length in row]] for at in range(len(flat))}
    longest = max((length for row in lengths for length in row), default=0)
    assert longest > most or {last for _, last in cuts} <= ends


def test_the_work_is_in_proportion_to_the_pieces() -> None:
    def seconds(times: int) -> float:
        pieces = pieces_of([[20, 30, 300, 1], [5]] * times)
        begun = time.process_time()
        windows(pieces)
        return time.process_time() - begun

    small, large = (min(seconds(times) for _ in range(5)) for times in (200, 2000))
    assert large < 30 * max(small, 0.01)
