"""The results for names."""

import pytest

from tests.unit.evaluation.annotating import compared, marked, predicted
from worker.evaluation.names import figures, mention_type
from worker.evaluation.same_name import same


@pytest.mark.parametrize(
    ("stored", "gold", "right"),
    [
        ("Sergey Lavrov", "Sergey Lavrov", True),
        ("Mr. Sergey V. Lavrov", "Sergey Viktorovich Lavrov", True),  # titles, initials, middle names
        ("Lavrov", "Sergey Lavrov", False),
        ("Sergei Lavrov", "Sergey Lavrov", False),
        ("Ferenc Szabó", "Szabó Ferenc", True),  # the family name first
        ("Maria Ana Ferro", "Ferro Ana Maria", False),
        ("A. Sergey Lavrov", "Sergey Lavrov", True),
        ("Duran", "Duran Duran", False),
        ("Sergey Lavrov", "Lavrov", True),  # the gold has only the surname
        ("Sergey Lavrova", "Lavrov", False),
        ("José Núñez", "Jose Nunez", True),
        ("the president", "The President", False),  # no word is left to compare
        ("", "Lavrov", False),
        (None, "Lavrov", False),
    ],
)
def test_same(stored: str | None, gold: str, right: bool) -> None:
    assert same(stored, gold) is right


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Russian minister Sergey Lavrov", "name"),
        ("Mr. Lavrov", "surname"),
        ("He", "pronoun"),
        ("the minister", "description"),
        ("", "none"),
    ],
)
def test_mention_type(source: str, kind: str) -> None:
    assert mention_type(source, "Sergey Lavrov") == kind


TEXT = (
    "“One,” said Ann Lee. “Two,” she said. “Three,” said Bo Day and Cy Fox. “Four,” a clerk said. "
    "Lee said five had come."
)


def test_by_hand() -> None:
    gold = [
        marked(TEXT, "One", "Ann Lee", speaker="Ann Lee"),
        marked(TEXT, "Two", "she", speaker="Ann Lee"),
        marked(TEXT, "Three", "Bo Day and Cy Fox", speaker="Bo Day & Cy Fox", mention_type="several"),
        marked(TEXT, "Four", "a clerk", speaker="a clerk", source_kind="unnamed"),
        marked(TEXT, "five had come", speaker="Ann Lee"),  # not quoted, so it does not count
    ]
    stored = [
        predicted(TEXT, "One", speaker="Ms. Ann Lee"),
        predicted(TEXT, "Two", speaker="Bo Day"),
        predicted(TEXT, "Three", speaker="Cy Fox"),
        predicted(TEXT, "Four", speaker="Ann Lee"),
    ]
    assert figures([compared(TEXT, gold, stored)]) == {
        "recall": {"any": (0.6667, 3), "name": (1.0, 1), "pronoun": (0.0, 1), "several": (1.0, 1)},
        "precision": 0.6667,
    }
    # a gold quotation without a match, or whose match has no name, lowers recall and not precision
    assert figures([compared(TEXT, gold, [stored[0], predicted(TEXT, "Two")])]) == {
        "recall": {"any": (0.3333, 3), "name": (1.0, 1), "pronoun": (0.0, 1), "several": (0.0, 1)},
        "precision": 1.0,
    }


def test_what_is_stored_need_not_be_quoted_itself() -> None:
    text = "Ann Lee said it was all too “bad”."
    gold = [marked(text, "it was all too “bad", "Ann Lee", speaker="Ann Lee")]
    comparison = compared(text, gold, [predicted(text, "it was all too", speaker="Ann Lee")])
    assert not comparison.quoted.stored
    assert figures([comparison]) == {"recall": {"any": (1.0, 1), "name": (1.0, 1)}, "precision": 1.0}


def test_a_gold_without_speakers_has_no_figures_of_names() -> None:
    assert (
        figures([compared(TEXT, [marked(TEXT, "One", "Ann Lee")], [predicted(TEXT, "One", speaker="Ann Lee")])]) is None
    )
