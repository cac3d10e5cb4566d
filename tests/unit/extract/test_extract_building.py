"""The words that stand for several parts: a sign shows where the article has other words between them."""

import pytest

from worker.extract.building import joined
from worker.extract.quotation import Mention


def mention(text: str, words: str | None) -> Mention | None:
    return None if words is None else Mention(words, text.index(words), text.index(words) + len(words))


@pytest.mark.parametrize(
    ("between", "source", "cue", "sign"),
    [
        ("” he said, “", "he", "said", " "),
        ("”\n\n“", None, None, " "),
        ("” said Ana Ferro, the harbour master. “", "Ana Ferro, the harbour master", "said", " "),
        ("” she told reporters on Monday. “", "she", "told", " "),
        ("” she said. The pier was built in 1911. “", "she", "said", " […] "),
        ("” she said, while the crowd was leaving. “", "she", "said", " […] "),
        ("” and “", None, None, " […] "),
        (". “", None, None, " […] "),
        ("” Then the mayor of the town stood up, and so did the guests, she said. “", "she", "said", " […] "),
    ],
)
def test_only_an_attribution_joins_parts_without_a_sign(
    between: str, source: str | None, cue: str | None, sign: str
) -> None:
    text = f"“We wait,{between}We go.”"
    parts = ((1, 9), (text.index("We go."), len(text) - 1))
    assert joined(text, parts, mention(text, source), mention(text, cue)) == f"We wait,{sign}We go."
