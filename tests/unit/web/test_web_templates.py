"""Texts as they go into a page: escaped, visible, and never turned around."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from worker.web.pages.statement import compared
from worker.web.templates import day, environment, link, marked, percent, visible, with_query


def test_hits_are_marked_and_all_else_is_escaped() -> None:
    assert marked("a \x02<b>\x03 & \x02c\x03") == "a <mark>&lt;b&gt;</mark> &amp; <mark>c</mark>"
    assert marked("\x02open") == "<mark>open</mark>"
    assert marked("\x03shut") == "shut"


@given(some.text())
def test_no_text_becomes_markup(text: str) -> None:
    shown = environment().from_string("{{ text }}|{{ text | marked }}").render(text=text)
    for tag in ("<mark>", "</mark>"):
        shown = shown.replace(tag, "")
    assert "<" not in shown
    assert ">" not in shown
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\0\x1b")


def test_marks_that_turn_the_writing_are_spelled_out() -> None:
    assert visible("a\u202eb") == "a\\u202eb"
    assert visible("\u200fשלום") == "\u200fשלום", "a mark beside a letter stays"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.example", "", None, "http://[x"])
def test_only_addresses_of_the_web_become_links(address: str | None) -> None:
    assert link(address) is None


def test_addresses_numbers_and_days() -> None:
    assert link("https://x.example/a") == "https://x.example/a"
    assert with_query("/", {"q": "a b", "page": "2"}, page=None, kind="direct") == "/?q=a+b&kind=direct"
    assert with_query("/", {"q": ""}) == "/"
    assert (percent(0.999), percent(1.0), percent(0.5)) == ("99 %", "100 %", "50 %")
    assert day(datetime(2024, 5, 17, 23, 30, tzinfo=UTC)) == day(date(2024, 5, 17)) == "17 May 2024"


def test_printings_are_compared_word_by_word() -> None:
    assert compared("We go on.", "We go <on>.") == "We go <del>on.</del><ins>&lt;on&gt;.</ins>"
    assert compared("We go on.", "We go on.") == "We go on."


@pytest.mark.parametrize(
    ("source", "shown"),
    [("a ministry spokeswoman", "a ministry spokeswoman for Trade Ministry"), ("A Greymoor aide", "A Greymoor aide")],
    ids=["with the name", "which has it"],
)
def test_an_unnamed_source_is_shown_with_the_body_it_speaks_for(source: str, shown: str) -> None:
    card = environment().from_string('{% from "parts.html" import speakers_of %}{{ speakers_of([], source, body) }}')
    html = card.render(source=source, body="Trade Ministry" if "ministry" in source else "Greymoor")
    assert " ".join(re.sub(r"<[^>]+>", "", html).split()) == shown
