"""Edits: the linear method finds what difflib finds, and no repetition of words makes it slow."""

import time
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.dedupe import edits as module
from worker.dedupe.comparer import Comparer, Uncompared
from worker.dedupe.edits import anchors, edits, longest_rising
from worker.dedupe.wording import likeness

REPEATED = ["we", "go", "on", "and", "on", "again", "now"]
SPEECH = [f"word{number}" for number in range(900)]


def edited(words: list[str], **changes: str) -> str:
    """Return the words with some of them replaced; the names of `changes` are their places, as `at17`."""
    return " ".join(changes.get(f"at{place}", word) for place, word in enumerate(words))


@pytest.mark.parametrize("length", [300, 5_000, 40_000])
def test_repeated_words_with_edits_are_compared_at_once(length: int) -> None:
    words = (REPEATED * length)[:length]
    other = [word if place % 9 else word + "x" for place, word in enumerate(words)]
    started = time.process_time()
    likeness(" ".join(words), " ".join(other))
    assert time.process_time() - started < 3


@pytest.fixture
def too_long_for_difflib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare all quotations as very long ones are compared."""
    monkeypatch.setattr(module, "WORK_PER_WORD", 0)


@pytest.mark.usefixtures("too_long_for_difflib")
def test_a_light_edit_of_a_long_speech_is_one_statement() -> None:
    assert likeness(edited(SPEECH), edited(SPEECH, at17="other", at500="said", at800="so")) > 0
    assert likeness(edited(SPEECH), edited(SPEECH[100:])) > 0


@pytest.mark.usefixtures("too_long_for_difflib")
@pytest.mark.parametrize("sign", ["never", "1907", "two"])
def test_an_edit_of_a_figure_or_negation_in_a_long_speech_is_none(sign: str) -> None:
    words = [*SPEECH[:450], sign, *SPEECH[450:]]
    assert likeness(edited(words), edited(words, at600="other")) > 0
    assert likeness(edited(words), edited(words, at450="other")) == 0
    assert likeness(edited(words), edited(words, at449="other", at451="other")) > 0


@given(st.data())
def test_cutting_at_anchors_keeps_the_edits(data: st.DataObject) -> None:
    words = [f"w{number}" for number in range(data.draw(st.integers(30, 60)))]
    other = list(words)
    for _ in range(data.draw(st.integers(0, 4))):
        other[data.draw(st.integers(0, len(other) - 1))] = data.draw(st.sampled_from(["no", "new", "7"]))
    first, second = tuple(words), tuple(other)
    exact = {place for tag, start, end, *_ in opcodes(first, second) if tag != "equal" for place in range(start, end)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WORK_PER_WORD", 0)
        found = list(edits(first, second))
    places = {place for edit in found for place in range(edit.start, edit.end)}
    assert exact <= places
    assert first == second or places


def opcodes(first: tuple[str, ...], second: tuple[str, ...]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, first, second, autojunk=False).get_opcodes())


def test_anchors_are_in_the_order_of_both() -> None:
    first, second = tuple("abcdefgh"), tuple("efghabcd")
    assert anchors(first, second) in ([(0, 4), (1, 5)], [(4, 0), (5, 1)])
    assert longest_rising([(0, 3), (1, 1), (2, 2), (3, 0), (4, 5)]) == [(1, 1), (2, 2), (4, 5)]
    assert longest_rising([]) == []


def test_a_document_reads_a_bounded_number_of_words_to_compare_quotations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.dedupe.comparer.MOST_WORDS", 30)
    monkeypatch.setattr("worker.dedupe.comparer.WORDS_A_QUOTATION", 1)
    compare = Comparer(1)
    text = "We will all go home today"
    others = [f"We will all go home today {word}" for word in ("he", "she", "they", "we")]
    assert [compare.likeness(text, other) > 0 for other in others] == [True, True, True, False]
    assert compare.likeness(text, others[0]) > 0  # it is remembered
    assert compare.likeness(text, "“We will all go home today,”") == 1


def test_where_nothing_may_be_compared_only_what_is_known_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.dedupe.comparer.WORDS_AT_ONCE", 0)
    compare = Comparer()
    text, other, third = "We will all go home today", "We will all go home today he", "We will all go home today she"
    assert compare.likeness(text, other) > 0
    with compare.only_known():
        assert compare.likeness(other, text) > 0
        assert compare.likeness(text, text.upper()) == 1
        compare.require()
        assert compare.likeness(text, third) == 0
        with pytest.raises(Uncompared) as lacking:
            compare.require()
    lacking.value.compare()
    with compare.only_known():
        assert compare.likeness(text, third) > 0
        compare.require()


def test_a_final_transaction_compares_few_words_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compare = Comparer()
    text = "We will all go home today"
    others = [f"We will all go home today {word}" for word in ("he", "she", "they")]
    monkeypatch.setattr("worker.dedupe.comparer.WORDS_AT_ONCE", 2 * len(text.split()) + 1)
    for _ in range(2):  # each try may compare as many words again
        with compare.only_known():
            likenesses = [compare.likeness(text, other) > 0 for other in others]
            with pytest.raises(Uncompared):
                compare.require()
    assert likenesses == [True, True, False]
