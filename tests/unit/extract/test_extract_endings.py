"""What is said in the writer's words ends with a phrase, and with no word of the next clause."""

import pytest

from worker.extract.building import build
from worker.extract.endings import with_endings
from worker.extract.quotation import Kind, Mention

CUE = Mention("said", 3, 7)


@pytest.mark.parametrize(
    ("read", "behind", "expected"),
    [
        ("the show has no heir, which", " ended in 1989.", "the show has no heir"),
        ("it wrote a statement in which", " it was late.", "it wrote a statement"),
        ("it could not tell them who", ".", "it could not tell them who"),
        ("gold averaged $", "370 an ounce, up from 360.", "gold averaged $370 an ounce"),
        ("it paid 200 pounds ($", "324.6).", "it paid 200 pounds ($324.6)"),
        ("revenues were $6", ".5 billion.", "revenues were $6.5 billion"),
        ("sales rose to", " 43 pounds.", "sales rose to 43 pounds"),
        ("it has 8% of the oil, an", " increase on 2%, but", "it has 8% of the oil, an increase on 2%"),
        ("they had moved on", ". We stay.", "they had moved on"),
        ("it was late and the", " " + "long " * 20, "it was late and the"),
    ],
)
def test_the_end_of_a_phrase(read: str, behind: str, expected: str) -> None:
    text = f"He said {read}{behind}"
    quotation = build(text, [(8, 8 + len(read))], Kind.INDIRECT, Mention("He", 0, 2), CUE, 0.8)
    assert quotation is not None
    (ended,) = with_endings(text, [(0, len(text))], [quotation])
    assert ended.text == expected


def test_a_phrase_does_not_go_on_over_its_attribution() -> None:
    text = "It lost the, he said, match."
    quotation = build(text, [(0, 11)], Kind.INDIRECT, Mention("he", 13, 15), Mention("said", 16, 20), 0.8)
    assert quotation is not None
    assert with_endings(text, [(0, len(text))], [quotation]) == [quotation]
