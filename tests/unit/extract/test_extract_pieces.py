"""Word pieces: offsets that cut the text exactly, marks shown as straight ones, kinds, sentences, paragraphs."""

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus import divided, read_pieces
from worker.extract.model.chunks import BLOCK, CAPITALISED, CAPITALS, LOWER, MIXED, NUMBER, SIGN, shape, tokenizer
from worker.extract.model.pieces import (
    DOUBLED,
    EDGE,
    INSIDE,
    KINDS,
    ON_MARK,
    OUTSIDE,
    SHAPES,
    STRAIGHT,
    Pieces,
    around_marks,
    cut,
    near_marks,
    piece_range,
    pieces,
)

ODD = [
    *[
        "e\u0301",
        "n\u0303",
        "\u0130",
        "\u1e9e",
        "ß",
        "ﬁ",
        "ﬄ",
        "Ǆ",
        "½",
        "…",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\x00",
        "\x1f",
    ],
    *[
        "👩‍👩‍👧‍👦",
        "🇳🇴",
        "🎉",
        "漢字",
        "한국어",
        "ไทย",
        "שלום",
        "مرحبا",
        "हिन्दी",
        "a",
        "B",
        " ",
        "\n",
        "“",
        "”",
        "''",
        "7",
    ],
]
BRICKS = ["He left. ", "“We go,” he said. ", "It “rained.” ", "\n\n", "“A b.\n\n“C d.” ", "e"]
SINGLE = "'`‘’‚‛‹›＇´"
"""Single marks. Two single marks in a row are read as one double mark."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120) | st.lists(st.sampled_from(ODD)).map("".join)


def words(text: str, pieces: Pieces) -> list[str]:
    """Return the stretch of the text that each piece covers."""
    return [text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]


def assert_cut(text: str, pieces: Pieces) -> None:
    """Check that the pieces are stretches of the text, in order, and omit only white space and invisible characters."""
    spans = list(zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    read_signs = {at for start, end in spans for at in range(start, end)}
    for at, sign in enumerate(text):
        if at not in read_signs:
            lost = sign.isspace() or unicodedata.category(sign)[0] in "CMZ" or sign in f"\ufffd{SINGLE}"
            assert lost, f"{sign!r} at {at} is in no piece"
    assert all(0 <= kind < KINDS for kind in pieces.kinds.tolist())
    for numbers in (pieces.sentences.tolist(), pieces.paragraphs.tolist()):
        assert numbers == sorted(numbers)
    assert {len(column) for column in (pieces.ids, pieces.kinds, pieces.ends, pieces.sentences, pieces.paragraphs)} == {
        len(pieces)
    }


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_offsets_cut_any_text_exactly(text: str) -> None:
    assert_cut(text, read_pieces(text))


def test_plain_words_are_pieces_of_their_own() -> None:
    text = "He said: “Go now,” and left — today."
    assert words(text, read_pieces(text)) == [
        *["He", "said", ":", "“", "Go", "now", ",", "”", "and", "left", "—", "today", "."]
    ]


def test_accents_and_capitals_change_no_offset() -> None:
    for text in ("Zoë and E\u0301mile said no", "İSTANBUL said no", "THE ﬁRE said no"):
        assert words(text, read_pieces(text))[-2:] == ["said", "no"]
        assert_cut(text, read_pieces(text))


@pytest.mark.parametrize("sign", [*"“”„‟«»＂〝〞"])
def test_every_double_mark_is_shown_as_a_straight_one(sign: str) -> None:
    assert read_pieces(f"a {sign}b c{sign} d").ids.tolist() == read_pieces('a "b c" d').ids.tolist()


@pytest.mark.parametrize("sign", [*"‘’‚‛‹›＇`´"])
def test_every_single_mark_is_shown_as_a_straight_one(sign: str) -> None:
    assert read_pieces(f"a {sign}b c{sign} d").ids.tolist() == read_pieces("a 'b c' d").ids.tolist()


def test_two_single_marks_are_shown_as_one_double_one() -> None:
    assert read_pieces("a ''b c'' d").ids.tolist() == read_pieces('a "b c" d').ids.tolist()
    assert read_pieces("a ``b c'' d").ids.tolist() == read_pieces('a "b c" d').ids.tolist()


@given(st.text(max_size=80))
def test_what_is_shown_is_as_long_as_the_text(text: str) -> None:
    shown = DOUBLED.sub('" ', text.translate(STRAIGHT))
    assert len(shown) == len(text)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *[("harbour", LOWER), ("Anna", CAPITALISED), ("A", CAPITALISED), ("NATO", CAPITALS), ("McCain", MIXED)],
        *[("iPhone", MIXED), ("2024", NUMBER), ("3rd", NUMBER), ("_", NUMBER), ("漢字", MIXED), ("É", CAPITALISED)],
    ],
)
def test_a_words_shape(word: str, expected: int) -> None:
    assert shape(word) == expected


def test_a_kind_is_a_state_and_a_shape() -> None:
    text = "NATO said “We go ‘on’ ” 7"
    kinds = [divmod(kind, SHAPES) for kind in read_pieces(text).kinds.tolist()]
    assert dict(zip(words(text, read_pieces(text)), kinds, strict=True)) == {
        "NATO": (OUTSIDE, CAPITALS),
        "said": (OUTSIDE, LOWER),
        "“": (ON_MARK, SIGN),
        "We": (INSIDE, CAPITALISED),
        "go": (INSIDE, LOWER),
        "‘": (INSIDE, SIGN),  # marks inside marks belong to the quotation
        "on": (INSIDE, LOWER),
        "’": (INSIDE, SIGN),
        "”": (ON_MARK, SIGN),
        "7": (OUTSIDE, NUMBER),
    }


def test_a_mark_that_opens_a_further_paragraph_is_a_mark() -> None:
    text = "“We go.\n\n“They stay,” he said."
    states = [
        (word, kind // SHAPES)
        for word, kind in zip(words(text, read_pieces(text)), read_pieces(text).kinds, strict=True)
    ]
    assert [state for word, state in states if word in "“”"] == [ON_MARK] * 3
    assert dict(states)["They"] == INSIDE


def test_pieces_know_their_sentence_and_paragraph() -> None:
    text = "It rained. He left.\nShe stayed."
    pieces = read_pieces(text)
    assert pieces.sentences.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert pieces.paragraphs.tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1]


def test_nothing_but_white_space_has_no_pieces() -> None:
    for text in ("", " \n\n\t", "\x00"):
        assert len(near_marks(read_pieces(text))) == len(read_pieces(text)) == 0


@pytest.mark.parametrize("word", ["x", "漢", "x1", "a\u0301", "“a "])
def test_long_text_without_spaces(word: str) -> None:
    text = word * (2 * BLOCK // len(word) + 500)
    assert_cut(text, read_pieces(text))


@given(st.text("ab ", min_size=1, max_size=300))
def test_a_long_block_is_cut_at_spaces_and_nothing_is_lost(seed: str) -> None:
    text = seed * (3 * BLOCK // len(seed))
    stretches = cut(text, (0, len(text)))
    assert [start for start, _ in stretches] == [0, *[end for _, end in stretches[:-1]]]
    assert stretches[-1][1] == len(text)
    assert all(0 < end - start <= BLOCK for start, end in stretches)
    assert all(text[end] == " " for _, end in stretches[:-1]) or " " not in seed


def test_the_work_is_in_proportion_to_the_text() -> None:
    tokenizer()

    def seconds(times: int) -> float:
        text = "“We go,” Anna Berg said on Monday. It rained in the night.\n" * times
        begun = time.process_time()
        near_marks(read_pieces(text))
        return time.process_time() - begun

    small, large = seconds(50), seconds(500)
    assert large < 30 * max(small, 0.02)


def read_around_marks(text: str) -> Pieces:
    """Return the pieces of the stretches around marks."""
    paragraphs, sentences, outermost = divided(text)
    return pieces(text, paragraphs, sentences, outermost, around_marks(text, sentences, outermost))


def near_text(text: str) -> str:
    """Return the words of a text that `near_marks` keeps."""
    return " ".join(words(text, near_marks(read_pieces(text))))


def test_near_marks_keeps_whole_sentences_around_short_quotations() -> None:
    text = "One fell. Anna Berg came. “We go,” she said on Monday after the rain. It rained. Nobody saw it."
    assert near_text(text) == "“ We go , ” she said on Monday after the rain ."


def test_near_marks_keeps_what_may_announce_a_bare_quotation() -> None:
    text = "One fell. Anna Berg was tired of it all:\n“We go now.”\nIt rained."
    assert near_text(text) == "Anna Berg was tired of it all : “ We go now . ”"


def test_near_marks_keeps_the_edges_of_a_long_quotation() -> None:
    inner = [f"w{chr(97 + at)}" for at in range(26)]
    text = f"“{' '.join(inner)},” she said."
    kept = near_marks(read_pieces(text))
    assert {"“", "”", "she", "said", ".", ","} <= {*words(text, kept)}
    gaps = [at for at in range(1, len(kept)) if text[kept.ends[at - 1] : kept.starts[at]].strip()]
    assert len(gaps) == 1
    assert gaps[0] == EDGE + 1
    assert len(kept) == 2 * EDGE + 5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(BRICKS)))
def test_near_marks_loses_nothing_that_stands_around_marks(bricks: list[str]) -> None:
    whole = read_pieces("".join(bricks))
    kept = near_marks(whole)
    is_kept = np.isin(whole.starts, kept.starts)
    assert kept.starts.tolist() == whole.starts[is_kept].tolist()
    assert kept.ids.tolist() == whole.ids[is_kept].tolist()
    assert kept.sentences.tolist() == whole.sentences[is_kept].tolist()
    marked = np.isin(whole.sentences, whole.sentences[whole.kinds >= INSIDE * SHAPES])
    assert {*whole.starts[marked].tolist()} <= {*kept.starts.tolist()}  # every quotation here is short


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*BRICKS, "“A went on and on and on and on and on. ", "She came. ", "B said:\n", "i.e. "]))
)
def test_what_is_around_marks_is_all_that_near_marks_keeps(bricks: list[str]) -> None:
    text = "".join(bricks)
    some, every = near_marks(read_around_marks(text)), near_marks(read_pieces(text))
    for column in ("ids", "kinds", "starts", "ends", "sentences", "paragraphs"):
        assert getattr(some, column).tolist() == getattr(every, column).tolist()


def test_what_is_far_from_marks_is_not_read() -> None:
    text = "One fell. Two fell. Anna came. “We go,” she said. It rained. Nobody saw it."
    assert " ".join(words(text, read_around_marks(text))) == "Anna came . “ We go , ” she said . It rained ."


def test_near_marks_of_a_text_without_marks_is_nothing() -> None:
    assert len(near_marks(read_pieces("The minister said that the harbour would open. It rained."))) == 0


def test_the_pieces_that_touch_a_stretch() -> None:
    text = "He said it rained."
    pieces = read_pieces(text)
    for stretch, expected in [("said it", ["said", "it"]), ("aid i", ["said", "it"]), (" ", []), (".", ["."])]:
        start = text.index(stretch)
        first, last = piece_range(pieces, (start, start + len(stretch)))
        assert words(text, pieces)[first:last] == expected
