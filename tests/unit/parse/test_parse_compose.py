"""The checks on the article of every format: the teaser of a paywall is refused, but not news about subscribers."""

import pytest

from worker.parse.compose import compose, one_line, web_address
from worker.parse.format import Hint
from worker.reasons import Reason, Refused

TEASERS = [
    "The minister resigned on Friday. Subscribe to continue reading.",
    "The minister resigned. Already a subscriber? Log in.",
    "The minister resigned on Friday. To continue reading, create a free account.",
    "The minister resigned on Friday. This article is for subscribers.",
    "The minister resigned. Sign in to read the full story.",
]
NEWS = [
    "Norway is not in the union, but is already a member of the alliance, the minister said.",
    "The streaming service raised its price for subscribers in Europe, it said.",
    "“Log in to your account today,” the bank told its customers.",
    "The judge said: “We start your trial on Monday.”",
]


@pytest.mark.parametrize("text", TEASERS)
def test_a_teaser_is_no_text(text: str) -> None:
    with pytest.raises(Refused, match="paywall") as caught:
        compose(text, Hint())
    assert caught.value.reason is Reason.NO_TEXT


@pytest.mark.parametrize("text", [*NEWS, TEASERS[0] + " A long article follows." * 60])
def test_news_is_text(text: str) -> None:
    assert compose(text, Hint()).text == text


@pytest.mark.parametrize("nothing", [None, "", "  ", "None", "null", "N/A", 5, []])
def test_empty_fields_and_placeholders_are_none(nothing: object) -> None:
    assert one_line(nothing) is None


def test_fields_are_one_line_that_can_be_stored() -> None:
    assert one_line(" Two\n\tlines\0\ud800 ") == "Two lines\ufffd\ufffd"
    assert len(one_line("x" * 5000) or "") == 1000


def test_only_web_addresses_are_addresses() -> None:
    assert web_address(" https://x.example/a ") == "https://x.example/a"
    others = ("javascript:x", "ftp://x", "x.example", "http:///", None, "http://a b")
    assert [web_address(value) for value in others] == [None] * 6


def test_authors_are_names_each_once() -> None:
    people = ["By Una Roe", "Una Roe", "https://x.example/una", "None", " ", "Bo Ek"]
    assert compose("Words, said Una.", Hint(), authors=people).authors == ("Una Roe", "Bo Ek")


def test_an_outlet_fits_into_the_index_it_is_looked_up_in() -> None:
    """PostgreSQL once refused an outlet of 1,000 characters; after three tries, the article counted as crashed."""
    article = compose("It rained, said Una Roe.", Hint(), outlet="\u4e00" * 1000)
    assert article.outlet is not None and len(article.outlet.casefold().encode()) < 2704


def test_a_licence_of_many_lines_is_cut_as_any_field() -> None:
    """Fuzzing once showed that the licences of a long trailer were joined without a limit."""
    rights = "All rights reserved. " + "word " * 50
    article = compose("It rained, said Una Roe.\n" + "\n".join([rights] * 8), Hint())
    assert article.licence is not None and len(article.licence) <= 1000
