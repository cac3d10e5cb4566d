"""A source is in one sentence, and ends with a word of its own."""

import pytest

from worker.extract import Kind, extract


def sources(text: str) -> list[str | None]:
    return [each.source.text if each.source else None for each in extract(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“It is easy to install,” said Mr Rell. Ana Ferro, an analyst at Bexley, agreed that it could be popular.",
            ["Mr Rell", "Ana Ferro, an analyst at Bexley"],
        ),
        (
            "“Results are coming in,” said Alex. Brown & Sons analyst Ana Ferro.",
            ["Alex. Brown & Sons analyst Ana Ferro"],
        ),
        (
            "“Thank you all!” wrote Tomas Rell on X. Harbour master Ana Ferro said that it was late.",
            ["Tomas Rell", "Harbour master Ana Ferro"],
        ),
        (
            "The four partners of the Bexley consortium on Monday announced a ferry.",
            ["The four partners of the Bexley consortium"],
        ),
        ("Bexley Inc. Tuesday said it expected flat results this year.", ["Bexley Inc."]),
        ("A poll released Friday found that 70 percent of voters agree.", ["A poll released Friday"]),
        ("A poll released on Friday found that 70 percent of voters agree.", ["A poll released on Friday"]),
        ("Ms Friday said the plan was good.", ["Ms Friday"]),
        ("The man she lives with said he was ill.", ["The man she lives with"]),
        ("“No,” said Ana Ferro, an expert on China.", ["Ana Ferro, an expert on China"]),
        ("The Senate Committee on Finance said it was late.", ["The Senate Committee on Finance"]),
    ],
)
def test_the_edges_of_sources(text: str, expected: list[str]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        (
            "“The pier is closed and will stay so,” the radio quoted him as saying.",
            "The pier is closed and will stay so,",
            "him",
        ),
        ("The mother quoted Rell as saying doctors had been called in.", "doctors had been called in", "Rell"),
        ("“The ferry is late,” the Daily quoted Ana Ferro as telling parliament.", "The ferry is late,", "Ana Ferro"),
    ],
)
def test_who_is_quoted_by_another_is_the_source(text: str, words: str, speaker: str) -> None:
    assert [(each.text, each.source and each.source.text) for each in extract(text)] == [(words, speaker)]


NAMED = ("The Pit", "the worst hole")


def test_what_somebody_called_it_are_the_words_of_that_person() -> None:
    text = "Ottawa has approved what the minister called “a historic investment.” Lod fears what is dubbed “the tax.”"
    found = [(each.text, each.source and each.source.text) for each in extract(text) if each.kind is Kind.DIRECT]
    assert found == [("a historic investment.", "the minister")]


def test_a_name_in_marks_is_less_sure_than_words() -> None:
    surest = [max(each.confidence for each in extract(f"He lives in what locals call “{words}”.")) for words in NAMED]
    assert surest[0] < 0.5 < surest[1]
