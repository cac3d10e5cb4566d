"""Chunks: cut one by one, they have the pieces of the whole text, whether they were met before or not."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.extract.test_extract_pieces import ODD
from worker.extract.model import chunks
from worker.extract.model.chunks import LONGEST_KNOWN, LOWER, SIGN, ChunkPieces, pieces_of, tokenizer
from worker.extract.model.pieces import shown_as

TEXTS = st.text(max_size=120) | st.lists(st.sampled_from([*ODD, "Anna", "Berg's", "said,", " ", " "])).map("".join)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, ChunkPieces]:
    """What is kept; at first nothing."""
    kept: dict[str, ChunkPieces] = {}
    monkeypatch.setattr(chunks, "_known", kept)
    return kept


def of_whole(shown: str) -> list[tuple[int, int, int]]:
    """Return the id, start and end of each piece of a text that the tokenizer cuts at once."""
    encoding = tokenizer().encode(shown, add_special_tokens=False)
    return [(number, start, end) for number, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)]


def of_chunks(parts: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the id, start and end of each piece of a text that is cut by its chunks."""
    places = accumulate([0, *(len(part) + 1 for part in parts[:-1])])
    return [
        (number, place + start, place + end)
        for place, (ids, starts, ends, _shapes) in zip(places, pieces_of(parts), strict=True)
        for number, start, end in zip(ids, starts, ends, strict=True)
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_the_pieces_of_the_chunks_are_those_of_the_whole_text(text: str) -> None:
    shown = shown_as(text)
    expected = of_whole(shown)
    assert of_chunks(shown.split(" ")) == expected
    assert of_chunks(shown.split(" ")) == expected  # all of them known now


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, max_size=8))
def test_what_is_kept_is_bounded_and_changes_no_piece(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, ChunkPieces], texts: list[str]
) -> None:
    monkeypatch.setattr(chunks, "MOST_KNOWN", 5)
    for shown in map(shown_as, texts):
        assert of_chunks(shown.split(" ")) == of_whole(shown)
        assert len(known) <= 5


def test_one_long_text_fills_what_is_kept_and_no_more(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, ChunkPieces]
) -> None:
    monkeypatch.setattr(chunks, "MOST_KNOWN", 10)
    pieces_of([f"w{number}" for number in range(100)])
    assert len(known) == 10


def test_a_long_chunk_is_not_kept(known: dict[str, ChunkPieces]) -> None:
    short, long = "a" * LONGEST_KNOWN, "a" * (LONGEST_KNOWN + 1)
    pieces_of([short, long])
    assert list(known) == [short]


def test_a_chunk_is_cut_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[Sequence[str]] = []
    encoded = chunks._encoded_together

    def counted(together: Sequence[str]) -> Iterator[tuple[str, ChunkPieces]]:
        cut.append(list(together))
        return encoded(together)

    monkeypatch.setattr(chunks, "_encoded_together", counted)
    first, second = pieces_of(["he", "said", "he"]), pieces_of(["she", "said"])
    assert cut == [["he", "said"], ["she"]]
    assert first[0] == first[2]
    assert first[1] == second[1]


def test_starts_and_shapes_are_those_of_the_chunk() -> None:
    [(_, starts, ends, shapes)] = pieces_of(["(it"])
    assert (starts, ends, shapes) == ((0, 1), (1, 3), (SIGN, LOWER))
