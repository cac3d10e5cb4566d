"""Pairs of marks, for every habit of typesetters."""

import pytest

from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import Region, regions


def regions_of(text: str) -> list[Region]:
    return regions(text, paragraphs(text, 0, len(text)))


def inner(text: str) -> list[list[str]]:
    """Return the words between the marks of each region, one string for each paragraph."""
    return [[text[start:end] for start, end in region.segments] for region in regions_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“A b,” he said.", [["A b,"]]),
        ('"A b," he said.', [["A b,"]]),
        ("''A b,'' he said.", [["A b,"]]),
        ("``A b,'' he said.", [["A b,"]]),
        ("«A b», he said.", [["A b"]]),
        ("»A b«, he said.", [["A b"]]),
        ("„A b“, he said.", [["A b"]]),
        ("„A b”, he said.", [["A b"]]),
        ("‹A b›, he said.", [["A b"]]),
        ("‘A b,’ he said.", [["A b,"]]),
        ("'A b,' he said.", [["A b,"]]),
        ("“A b,\" he said.", [["A b,"]]),
        ("\"A b,” he said.", [["A b,"]]),
        ("It's the dogs' bone; rock 'n' roll of the '90s", []),
        ("‘The dogs’ bone is mine,’ he said.", [["The dogs’ bone is mine,"]]),
        ("“A ‘b’ c,” he said.", [["A ‘b’ c,"], ["b"]]),
        ("‘A “b” c,’ he said.", [["A “b” c,"], ["b"]]),
        ("“A.\n\n“B.\n\n“C.”", [["A.", "B.", "C."]]),
        ("“A. “B. “C,” he said.", [["A. ", "B. ", "C,"]]),
        ('He said: "A! "B."', [["A! ", "B."]]),
        ('"A “b” c. D,\n\n"E “f” g,\n\nH.', [["A “b” c. D,", "E “f” g,"], ["b"], ["f"]]),
        ("“A b.\n\nThe next day.", [["A b."]]),
        ("“A b.\n\nC d.” He left.", [["A b.", "C d."]]),
        ("A b,” he said.", [["A b,"]]),
        ('He is 6\'2" tall.', []),
        ('<a title="x">', []),
    ],
)  # fmt: skip
def test_pairs(text: str, expected: list[list[str]]) -> None:
    assert inner(text) == expected


def test_a_mark_never_closed_in_a_text_without_paragraphs_ends_with_its_sentence() -> None:
    text = "He said, “We will go. " + "Then nothing happened for a while. " * 60
    assert inner(text) == [["We will go."]]


def test_lines_of_a_fixed_width_are_one_paragraph() -> None:
    text = "The harbour will open\nagain on Monday, said\nthe minister, who had\nseen it himself."
    assert paragraphs(text, 0, len(text)) == [(0, len(text))]
