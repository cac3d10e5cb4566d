"""Descriptions in the form in which they are compared, and the noun for the person whom each means."""

import pytest

from worker.speakers.within.comparison import comparison_words, head_of, heads, own_parts
from worker.speakers.within.joint import of_how_many


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("Iran's top diplomat", "the Iranian foreign minister"),
        ("a GOP Sen", "the Republican senator"),
        ("the British PM", "the British prime minister"),
        ("a democratic congressman", "the Democrat representative"),
        ("China’s envoy", "the Chinese envoy"),
    ],
)
def test_two_descriptions_of_one_office_have_the_same_words(words: str, others: str) -> None:
    assert comparison_words(words) == comparison_words(others) != ()


@pytest.mark.parametrize(
    ("words", "expected", "last"),
    [
        ("president's wife", ("wife",), "wife"),
        ("spokesman for the president", ("spokesman",), "spokesman"),
        ("writer and former minister", ("writer", "minister"), "minister"),
        ("General Instrument Corp", ("general",), None),
        ("quay", (), None),
    ],
)
def test_the_nouns_for_the_person_whom_a_description_means(
    words: str, expected: tuple[str, ...], last: str | None
) -> None:
    assert heads(words) == expected
    assert head_of(words) == last


def test_owners_and_what_is_behind_a_preposition_are_no_part_of_a_description() -> None:
    assert own_parts("Ana's wife and chair of the board") == ["wife", "chair"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        *[("they", 1), ("both men", 2), ("the two ministers", 2), ("both of them", 2), ("the couple", 2)],
        *[("the trio", 3), ("all three", 3), ("both boats", 0), ("the minister", 0)],
    ],
)
def test_how_many_people_words_mean(words: str, expected: int) -> None:
    assert of_how_many(words) == expected
