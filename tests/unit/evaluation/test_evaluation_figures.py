"""The table of results: examples computed by hand, and rules that are true for any gold."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.evaluation.annotating import compared, marked, predicted
from worker.evaluation.comparison import compare
from worker.evaluation.figures import METRICS, figures
from worker.evaluation.gold import GoldArticle, GoldQuotation
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.evaluation.words import Words

TEXT = "Ann Lee said it was “very bad”. The mayor, Bo Day, promised to go. “Now!” he cried."
GOLD = [
    marked(TEXT, "it was “very bad", "Ann Lee"),
    marked(TEXT, "to go", "The mayor, Bo Day"),
    marked(TEXT, "Now!", "he"),
]
STORED = [
    predicted(TEXT, "it was “very bad”", "Lee"),  # exact: marks at the ends do not count; who: "Lee"
    predicted(TEXT, "to go", "Ann Lee"),  # exact content, but another source
    predicted(TEXT, "Now"),  # three of four characters, and no source
    predicted(TEXT, "Ann Lee said"),  # not in the gold
]


def test_all_by_hand() -> None:
    assert figures([compared(TEXT, GOLD, STORED)])["all"] == {
        "gold": 3,
        "pred": 4,
        "src acc": 0.3333,
        "exact": {"p": 0.5, "r": 0.6667, "f1": 0.5714},
        "match": {"p": 0.75, "r": 1.0, "f1": 0.8571},
        "who": {"p": 0.25, "r": 0.3333, "f1": 0.2857},
        "who~": {"p": 0.25, "r": 0.3333, "f1": 0.2857},
        # gold: it was very bad, to go, now (7 words); stored: also Ann Lee said
        "token": {"p": 0.7, "r": 1.0, "f1": 0.8235},
        "recall by kind": {"direct": 1.0, "mixed": 1.0, "indirect": 1.0},
    }


def test_quoted_by_hand() -> None:
    assert figures([compared(TEXT, GOLD, STORED)])["quoted"] == {
        "gold": 2,
        "pred": 2,
        "src acc": 0.5,
        "exact": {"p": 0.5, "r": 0.5, "f1": 0.5},
        "match": {"p": 1.0, "r": 1.0, "f1": 1.0},
        "who": {"p": 0.5, "r": 0.5, "f1": 0.5},
        "who~": {"p": 0.5, "r": 0.5, "f1": 0.5},
        "token": {"p": 1.0, "r": 1.0, "f1": 1.0},
        "recall by kind": {"direct": 1.0, "mixed": 1.0},
    }


def test_counts_are_summed_over_articles_not_averaged() -> None:
    none = compared(TEXT, GOLD, [], doc="two")
    table = figures([compared(TEXT, GOLD, STORED), none])["all"]
    assert table["match"] == {"p": 0.75, "r": 0.5, "f1": 0.6}
    assert (table["gold"], table["pred"], table["src acc"]) == (6, 4, 0.3333)


def test_a_blank_at_the_end_of_a_content_does_not_reach_the_next_mark() -> None:
    start = TEXT.index("it was “")
    (stored,) = compared(TEXT, [], [PredictedQuotation(content=((start, start + len("it was ")),))]).all.stored
    assert not stored.quoted


def test_a_word_is_touched_by_a_span_that_shares_a_character_with_it() -> None:
    words = Words("ab,cd ef")
    assert words.spelled(words.touching([(2, 4)])) == {"cd"}
    assert words.spelled(words.touching([(1, 3)])) == {"ab"}
    assert words.touching([(2, 3), (5, 6)]) == set()


def test_the_same_content_twice_is_exact_once() -> None:
    table = figures([compared(TEXT, GOLD[:1], [STORED[0], STORED[0]])])["all"]
    assert table["exact"] == table["match"] == {"p": 0.5, "r": 1.0, "f1": 0.6667}


WAITED = "Pope Leo waited. The old Leo who came said he would go."


@pytest.mark.parametrize(
    ("gold", "stored", "who", "anywhere"),
    [
        ("The old Leo", "old Leo who", True, True),
        ("The old Leo", "The", False, False),  # a stopword does not identify anybody
        ("The old Leo", "Pope Leo", False, True),  # the same word, at another position
        ("who", "Leo who", False, False),  # a stopword does not count if there is another word
        ("who", "who came", False, False),
        ("who", "who", True, True),  # a stopword alone counts
        ("The old Leo", "", False, False),
        ("", "Pope Leo", False, False),
        ("", "", True, True),
    ],
)
def test_who(gold: str, stored: str, who: bool, anywhere: bool) -> None:
    (pair,) = compared(
        WAITED, [marked(WAITED, "he would go", gold)], [predicted(WAITED, "he would go", stored)]
    ).all.pairs
    assert (pair.who, pair.who_anywhere) == (who, anywhere)


@st.composite
def articles(draw: st.DrawFn) -> GoldArticle:
    """Draw a text with some marked spans."""
    text = draw(st.text(alphabet="ab Leo.,\"“”'’\n", min_size=1, max_size=80))
    span = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: tuple(sorted(pair)))
    row = st.lists(span, max_size=2).map(tuple)
    quotes = draw(st.lists(st.builds(GoldQuotation, content=row, source=row), max_size=6))
    return GoldArticle(doc="one", text=text, quotes=tuple(quotes))


def as_stored(article: GoldArticle) -> list[PredictedQuotation]:
    return [PredictedQuotation(content=quote.content, source=quote.source) for quote in article.quotes]


@settings(deadline=None)
@given(articles())
def test_gold_is_all_right_and_silence_all_wrong(article: GoldArticle) -> None:
    comparison = compare(article, Prediction(doc="one", quotes=tuple(as_stored(article))))
    table = figures([comparison])["all"]
    right = 1.0 if table["gold"] else 0.0
    assert table["exact"] == table["match"] == {"p": right, "r": right, "f1": right}
    assert comparison.all.errors == 2 * (len(comparison.all.gold) - comparison.all.right)
    silent = figures([compare(article, None)])
    assert all(view[metric]["f1"] == 0 for view in silent.values() for metric in METRICS)


@settings(deadline=None)
@given(articles(), articles(), st.integers(0, 9))
def test_figures_are_shares_whatever_was_stored_in_whatever_order(
    article: GoldArticle, other: GoldArticle, seed: int
) -> None:
    length = len(article.text)
    stored = [
        PredictedQuotation(
            content=tuple((min(a, length), min(b, length)) for a, b in quote.content),
            source=tuple((min(a, length), min(b, length)) for a, b in quote.source or ()),
        )
        for quote in other.quotes
    ]
    table = figures([compare(article, Prediction(doc="one", quotes=tuple(stored)))])
    for view in table.values():
        for metric in METRICS:
            assert all(0 <= rate <= 1 for rate in view[metric].values())
        assert view["who"]["r"] <= view["who~"]["r"] <= view["match"]["r"]
        assert view["exact"]["r"] <= view["match"]["r"]
    random.Random(seed).shuffle(stored)
    shuffled = figures([compare(article, Prediction(doc="one", quotes=tuple(stored)))])
    assert [shuffled[view][metric] for view in table for metric in ("exact", "token")] == [
        table[view][metric] for view in table for metric in ("exact", "token")
    ]
