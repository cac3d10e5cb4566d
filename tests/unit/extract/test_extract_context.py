"""The context of a quotation: from the sentence before it to the sentence after it."""

from worker.extract import extract
from worker.extract.context import in_context
from worker.extract.quotation import Kind, Quotation

TEXT = "One ran. Two said three was fine. Four slept. Five left."
SENTENCES = [(0, 8), (9, 33), (34, 45), (46, 56)]


def context(start: int, end: int) -> str:
    """Return the context of a quotation at this place, as text."""
    found = Quotation(Kind.INDIRECT, TEXT[start:end], ((start, end),), None, None, 0.9)
    (placed,) = in_context(SENTENCES, [found])
    assert placed.context is not None
    return TEXT[slice(*placed.context)]


def test_a_sentence_before_and_a_sentence_after() -> None:
    start = TEXT.index("three")
    assert context(start, start + len("three was fine")) == "One ran. Two said three was fine. Four slept."
    assert context(*SENTENCES[2]) == "Two said three was fine. Four slept. Five left."


def test_nothing_before_the_first_and_after_the_last_sentence() -> None:
    assert context(0, 3) == "One ran. Two said three was fine."
    assert context(46, 56) == "Four slept. Five left."
    assert context(0, 56) == TEXT


def test_a_text_without_sentences() -> None:
    (placed,) = in_context([], [Quotation(Kind.DIRECT, "a", ((3, 4),), None, None, 0.5)])
    assert placed.context == (3, 4)


def test_offsets_count_the_stored_text() -> None:
    text = "One ran.\n\nAna Fer\u00adro denied that the bridge had fal\u00adlen. The police closed the road. It rained."
    (found,) = extract(text)
    assert found.denied
    assert found.context is not None
    assert text[slice(*found.context)] == text[: text.index(" It rained")]


def test_other_languages_have_a_context_too() -> None:
    text = "Es regnete. „Wir werden morgen alle wieder hier sein“, sagte Anna Ferro. Dann ging sie."
    (found,) = extract(text, language="de")
    assert found.context == (0, len(text))
