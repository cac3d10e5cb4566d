"""A quotation ends where the next paragraph begins with another person, or where a line announces one."""

import pytest

from worker.extract import Quotation, extract

FIRST = "“The budget will be balanced by next spring,” said Karen Holm, the finance minister."


def spoken(text: str) -> list[tuple[str, str | None]]:
    """Return the words and the source of each direct quotation."""
    return [(each.text, source(each)) for each in extract(text)]


def source(quotation: Quotation) -> str | None:
    return quotation.source.text if quotation.source else None


@pytest.mark.parametrize(
    ("lead", "name"),
    [
        ("Opposition leader Piet Vos disagreed.", "Opposition leader Piet Vos"),
        ("Piet Vos, who sat opposite, was not convinced.", "Piet Vos"),
        ("Vos shook his head, as Piet Vos often does, and left.", "Vos"),
    ],
)
def test_words_about_another_person_end_a_quotation(lead: str, name: str) -> None:
    text = f"{FIRST}\n\n{lead} “The figures are invented. Nobody in this house believes them.”\n\nThen Vos went home."
    (first, by_first), (second, by_second) = spoken(text)
    assert (first, by_first) == (
        "The budget will be balanced by next spring,",
        "Karen Holm, the finance minister",
    )
    assert second == "The figures are invented. Nobody in this house believes them."
    assert by_second is not None and by_second.startswith(name)
    _, later = extract(text)
    assert later.confidence <= 0.8


def test_words_about_the_same_person_end_none() -> None:
    text = f"{FIRST}\n\nHolm shook her head, Karen Holm being tired. “The figures are right, and we all know it.”"
    assert all(by is not None and "Holm" in by for _, by in spoken(text))


@pytest.mark.parametrize(
    "line",
    [
        "Tomas Rell, the mayor, said in a statement:",
        "Tomas Rell wrote on Friday:",
    ],
)
def test_an_announcing_line_takes_the_quotation_below_it(line: str) -> None:
    text = f"{FIRST}\n\n{line}\n\n“The pier is closed until it is safe. We thank everyone for their patience.”"
    (first, by_first), (second, by_second) = spoken(text)
    assert first.startswith("The budget") and by_first == "Karen Holm, the finance minister"
    assert second.startswith("The pier") and by_second is not None and by_second.startswith("Tomas Rell")


@pytest.mark.parametrize("own", ["said that the figures were right.", "praised the budget."])
def test_a_sentence_in_marks_is_not_the_content_of_the_next_sentence(own: str) -> None:
    text = f"Piet Vos rose to his feet. “The figures are invented, and we all know it.” Karen Holm {own}"
    (first, by_first), (_, by_second) = spoken(text)
    assert (first, by_first) == ("The figures are invented, and we all know it.", "Piet Vos")
    assert by_second == "Karen Holm"


def test_where_line_breaks_were_lost_a_mark_behind_a_sentence_begins_the_next_paragraph() -> None:
    text = "“We have a massive game next week,” Ferro said. “Rell is improving all the time. “We cannot wait.” He left."
    assert spoken(text) == [
        ("We have a massive game next week, Rell is improving all the time. We cannot wait.", "Ferro")
    ]


def test_who_reports_between_two_sentences_in_marks_says_the_second() -> None:
    calls = "Party spokesman Piet Vos repeated his party's calls for Lord Rell's first advice to be made public."
    text = f"“We must act,” Ana Ferro said. {calls} “The public interest is best served now by disclosure.”"
    first, _, second = spoken(text)
    assert first == ("We must act,", "Ana Ferro")
    assert second == ("The public interest is best served now by disclosure.", "Party spokesman Piet Vos")


def test_a_name_that_announces_the_next_words_said_none_of_those_before() -> None:
    text = (
        "“We wait,” said Rell. “We are on time.”\n\n“We are late.”\n\nAna Ferro said: “The council did all it could.”"
    )
    assert [by for _, by in spoken(text)] == ["Rell", "Rell", "Ana Ferro"]
