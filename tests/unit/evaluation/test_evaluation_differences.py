"""Differences: the kinds of errors, and the lines of text that people read."""

from tests.unit.evaluation.annotating import compared, marked, predicted
from worker.evaluation.differences import What, differences, errors, worst
from worker.evaluation.excerpt import excerpt, readable, shortened
from worker.evaluation.prediction import PredictedQuotation

TEXT = (
    "“One is enough,” said Ann Lee.\n\n"
    "“Two are too many for a room as small as this,” she said. Bo Day said nobody had come."
)
GOLD = [
    marked(TEXT, "One is enough", "Ann Lee", speaker="Ann Lee"),
    marked(TEXT, "Two are too many for a room as small as this", "she"),
    marked(TEXT, "nobody had come", "Bo Day"),
]


def whats(stored: list[PredictedQuotation]) -> list[What]:
    return [difference.what for difference in differences(compared(TEXT, GOLD, stored))]


RIGHT = [
    predicted(TEXT, "One is enough", "Ann Lee"),
    predicted(TEXT, "Two are too many for a room as small as this", "she"),
    predicted(TEXT, "nobody had come", "Bo Day"),
]


def test_each_kind_of_difference() -> None:
    assert whats([*RIGHT]) == []
    assert whats(RIGHT[1:]) == [What.MISSED]
    assert whats([predicted(TEXT, "One is enough", "Bo Day"), *RIGHT[1:]]) == [What.SOURCE]
    assert whats([*RIGHT[:1], predicted(TEXT, "Two are too many"), *RIGHT[2:]]) == [What.BOUNDARY]
    assert whats([*RIGHT, predicted(TEXT, "said Ann Lee")]) == [What.SPURIOUS]
    # quotations with less than a tenth in common are two errors, and not one wrong boundary
    assert whats([*RIGHT[:1], predicted(TEXT, "Two"), *RIGHT[2:]]) == [What.MISSED, What.SPURIOUS]


def test_the_worst_come_first_and_the_right_not_at_all() -> None:
    right = compared(TEXT, GOLD, list(RIGHT), doc="right")
    bad = compared(TEXT, GOLD, RIGHT[1:], doc="bad")
    worse = compared(TEXT, GOLD, [], doc="worse")
    # one quoted quotation is missed: it counts once in the view of all, and once in the view of quoted quotations
    assert (errors(right), errors(bad), errors(worse)) == (0, 2, 5)
    assert [comparison.article.doc for comparison in worst([right, bad, worse], 10)] == ["worse", "bad"]
    assert [comparison.article.doc for comparison in worst([right, bad, worse], 1)] == ["worse"]


def test_readable() -> None:
    stored = [predicted(TEXT, "One is enough", "Bo Day", confidence=0.5), *RIGHT[1:]]
    (wrong,) = differences(compared(TEXT, GOLD, stored))
    assert readable(TEXT, wrong) == [
        "wrong source · direct · at 1",
        "  gold    “⟦One is enough⟧,” said Ann Lee. ¶ “Two are too many for …",
        "          source “Ann Lee” at 22, no cue, speaker Ann Lee",
        "  stored  source “Bo Day” at 90, no cue, confidence 0.50",
    ]


def test_long_contents_are_shortened_in_the_middle() -> None:
    assert shortened("a" * 10, 10) == "a" * 10
    assert shortened("abcdefghijkl", 9) == "abc … jkl"
    text = "x" * 100 + "a" * 300 + "y" * 500 + "b" * 3 + "z"
    lines = excerpt(text, [(100, 400), (900, 903)])
    assert lines.startswith("…" + "x" * 40 + "⟦aaa")
    assert lines.endswith("yyy⟦bbb⟧z")
    assert len(lines) < 250
