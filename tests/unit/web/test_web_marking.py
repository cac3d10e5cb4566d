"""The pieces of an article: all of its text, once, each with what covers it."""

import time

from hypothesis import given
from hypothesis import strategies as some

from worker.web.marking import Paragraph, Role, Stretch, paragraphs
from worker.web.pages.quote import whole_words


def cut(text: str, *stretches: Stretch) -> list[Paragraph]:
    """Return the paragraphs of a text that is all body."""
    return list(paragraphs(text, stretches, 0, len(text)))


def test_words_source_and_cue_are_told_apart() -> None:
    text = "He said: “Yes.”"
    (paragraph,) = cut(text, Stretch(10, 14, Role.WORDS, 1), Stretch(0, 2, Role.SOURCE, 1), Stretch(3, 7, Role.CUE, 1))
    shown = [(piece.text, piece.quotes, piece.is_source, piece.is_cue) for piece in paragraph.pieces]
    assert shown == [
        ("He", (), True, False),
        (" ", (), False, False),
        ("said", (), False, True),
        (": “", (), False, False),
        ("Yes.", (1,), False, False),
        ("”", (), False, False),
    ]
    assert paragraph.begins == [1]


def test_a_quotation_inside_another_is_the_innermost() -> None:
    (paragraph,) = cut("abcdef", Stretch(0, 6, Role.WORDS, 1), Stretch(2, 4, Role.WORDS, 2))
    assert [(piece.text, piece.quotes) for piece in paragraph.pieces] == [("ab", (1,)), ("cd", (1, 2)), ("ef", (1,))]


def test_a_quotation_over_two_paragraphs_begins_once() -> None:
    first, second = cut("ab\n\ncd", Stretch(0, 6, Role.WORDS, 1))
    assert (first.begins, second.begins) == ([1], [])
    assert second.pieces[0].quotes == (1,)


def test_what_stands_around_the_body_is_told_apart() -> None:
    made = list(paragraphs("By Ada\nBody\nTrailer", (), 7, 11))
    assert [paragraph.is_body for paragraph in made] == [False, True, False]


spans = some.tuples(some.integers(0, 60), some.integers(1, 30), some.sampled_from(Role), some.integers(1, 5))


@given(some.text(alphabet="ab \n\r", max_size=60), some.lists(spans, max_size=12))
def test_all_of_the_text_is_there_once(text: str, drawn: list[tuple[int, int, Role, int]]) -> None:
    stretches = [Stretch(start, start + length, role, quote) for start, length, role, quote in drawn]
    made = list(paragraphs(text, stretches, 3, 40))
    joined = ["".join(piece.text for piece in paragraph.pieces) for paragraph in made]
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    assert joined == lines


def test_the_time_is_linear() -> None:
    def seconds(count: int) -> float:
        text = "abcde " * count
        stretches = [Stretch(6 * n, 6 * n + 5, Role.WORDS, n) for n in range(count)]
        began = time.process_time()
        cut(text, *stretches)
        return time.process_time() - began

    seconds(1_000)
    assert seconds(40_000) < 60 * max(seconds(2_000), 0.001)


def test_the_words_around_a_quotation_are_whole() -> None:
    assert whole_words("ty Council said\nso on Monday. We ha", is_cut=True, goes_on=True) == (
        3,
        "Council said\nso on Monday. We",
    )
    assert whole_words("So it is", is_cut=False, goes_on=False) == (0, "So it is")
    assert whole_words("x" * 50, is_cut=True, goes_on=True) == (0, "x" * 50)
