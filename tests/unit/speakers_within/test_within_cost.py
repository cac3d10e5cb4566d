"""`resolve` never raises, returns the same result each time, and takes time in proportion to the text."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.speakers_within.marking import read
from worker.extract.quotation import Kind, Mention, Quotation
from worker.speakers.within import resolve

PIECES = st.sampled_from(
    [
        "Karin Dahl", "Dahl", "Mr. Holm", "he", "She", "the senator", "THE", "’s", "“", "”", " ", "\n\n", ". ", ",",
        "(", "and", "of", "who", "President", "Law", "A.", "von der", "NATO", "É", "\u202e", "ﬁ", "1", "İstanbul",
    ]
)  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Quotation]]:
    """Return a text of names, marks and odd characters, with quotations and sources at any offsets in it."""
    text = " ".join(draw(st.lists(PIECES, min_size=1, max_size=40)))
    places = st.integers(0, len(text))
    quotations = []
    for _ in range(draw(st.integers(0, 5))):
        start, end = sorted((draw(places), draw(places)))
        first, last = sorted((draw(places), draw(places)))
        source = Mention(text[first:last], first, last) if draw(st.booleans()) else None
        quotations.append(Quotation(draw(st.sampled_from(Kind)), text[start:end], ((start, end),), source, None, 0.5))
    return text, quotations


CUT_SOURCE = Quotation(Kind.DIRECT, "", ((0, 0),), Mention(" , the", 14, 20), None, 0.5)


@given(articles())
@example(("Karin Dahl She , the senator", [CUT_SOURCE]))  # `resolve` once raised here: the description has no word
def test_any_text_gives_the_same_result_twice(article: tuple[str, list[Quotation]]) -> None:
    text, quotations = article
    first, second = resolve(text, quotations), resolve(text, quotations)
    assert first == second
    assert len(first.attributions) == len(quotations)
    for attribution in first.attributions:
        assert all(0 <= number < len(first.entities) for number in attribution.entities)
        assert 0.0 <= attribution.confidence <= 1.0


CROWDS = {
    "one person": "“One day,” said [Karin Dahl]. “It is late,” [she] added, and Dahl left for Bergen. ",
    "many people": "Senator {0}a Dahl met {0}b Holm. “Late,” [the senator] said. “No,” said [Holm]. [He] said “Two.”\n",
    "many namesakes": "Tore {0}a Dahl met his sister {0}b Dahl. “Late,” said [Dahl]. “No,” said [Mr. Dahl]. ",
    "many bodies": (
        "“Late,” said [the {0} ministry]. “No,” said [{0}a Holdings Ltd]. “Two,” said [the company]. [It] said “One.” "
    ),
    "one long sentence": "and Karin Dahl and the mayor and [Wimes{0}] said “One” and [he] said “Two” ",
}


@pytest.mark.parametrize("piece", CROWDS.values(), ids=CROWDS.keys())
def test_time_grows_with_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        words = ("".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize() for number in range(size))
        text, quotations = read("".join(piece.format(word) for word in words))
        started = time.process_time()
        resolve(text, quotations)
        return time.process_time() - started

    small = min(seconds(300) for _ in range(3))
    large = seconds(3000)
    assert large < 10 * small * 3 + 0.2, f"{small:.3f} s for 300 pieces, {large:.3f} s for 3000"
