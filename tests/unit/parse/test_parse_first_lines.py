"""The first lines of a text are read only where they plainly are title, by-line, date or outlet."""

import pytest

from worker.parse import Article, Limits, parse

STORY = (
    "The council of Lowmark voted on Monday to raise the harbour wall by a metre, at a cost of four million crowns.\n\n"
    "“We have waited,” said Ana Ferro, the harbour master."
)
MAY = "2024-05-17T00:00:00+00:00"


def read(text: str) -> Article:
    """Return the article of a text file."""
    article = parse(text.encode(), "text/plain", Limits())
    assert article.text == text
    return article


HEADS = {
    "Harbour wall to be raised\n\n": ("Harbour wall to be raised", (), None, None),
    "Who pays for the harbour wall?\n\n": ("Who pays for the harbour wall?", (), None, None),
    "U.S. port to be closed\nBy Inga Moss\n\n": ("U.S. port to be closed", ("Inga Moss",), None, None),
    "Harbour wall to be raised\n\nBy Inga Moss and Bo Ek, Lowmark Herald\nMay 17, 2024\n\n": (
        *("Harbour wall to be raised", ("Inga Moss", "Bo Ek"), MAY, None),
    ),
    "Harbour wall to be raised\n\nThe town waits for the sea\n\nBy Inga Moss\n\n": (
        *("Harbour wall to be raised", ("Inga Moss",), None, None),
    ),
    "Harbour wall to be raised\n17 May 2024\nThe Lowmark Herald\n\n": (
        *("Harbour wall to be raised", (), MAY, "The Lowmark Herald"),
    ),
    "The Lowmark Herald\n17 May 2024\n\nHarbour wall to be raised\n\n": (
        *("Harbour wall to be raised", (), MAY, "The Lowmark Herald"),
    ),
    "By Inga Moss\n": (None, ("Inga Moss",), None, None),
    "Von Inga Moss, Lauenfels\n\n": (None, ("Inga Moss",), None, None),
    "May 17, 2024 by Inga Moss\n\n": (None, ("Inga Moss",), MAY, None),
    "By INGA MOSS | 17 May 2024\n\n": (None, ("Inga Moss",), MAY, None),
    "Published: 17 May 2024\n\n": (None, (), MAY, None),
    "Title: A wall: too low\nAuthor: Inga Moss\nSource: Lowmark Herald\n\n": (
        *("A wall: too low", ("Inga Moss",), None, "Lowmark Herald"),
    ),
}


@pytest.mark.parametrize(("head", "facts"), HEADS.items())
def test_head(head: str, facts: tuple[str | None, tuple[str, ...], str | None, str | None]) -> None:
    article = read(head + STORY)
    assert (article.title, article.authors, article.published_at, article.outlet) == facts
    assert article.body == STORY


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        "It rained on Monday.\n\n",
        "“We have waited,” said Ana Ferro\n\n",
        "Ferro: “The wall stays”\n\n",
        "ANA FERRO: Good evening to all\n\n",
        "Q: What happened on Monday?\n\n",
        "By Monday the wall was raised\n",
        "By and large the wall held\n",
        "Von der Leyen besucht den Hafen und lobt alle, die dort arbeiten.\n\n",
        "Date: May 17, 2024\nTime: 9 a.m.\n",
        "May 17, 2024\n",
        "the wall is low\n\n",
        "Dear readers,\n\n",
        "1.\n\n",
        "Wall\n\n",
        "Ferro calls wall 'far too low'\n\n",
    ],
)
def test_no_head(beginning: str) -> None:
    text = beginning + STORY
    article = read(text)
    assert (article.title, article.authors, article.published_at, article.outlet) == (None, (), None, None)
    assert article.body == text


def test_a_text_of_lines_without_sentences_keeps_its_first_line() -> None:
    text = "The harbour sleeps\n\nThe boats lie still\n\nThe moon goes down\n"
    assert read(text).body_start == 0


def test_a_by_line_counts_in_all_formats_if_no_field_names_the_author() -> None:
    raw = b'{"title": "A wall", "text": "A wall\\nBy Inga Moss\\n\\nIt was raised on Monday, said Bo Ek."}'
    article = parse(raw, "application/json", Limits())
    assert article.authors == ("Inga Moss",)
    assert article.body == "It was raised on Monday, said Bo Ek."
    article = parse(raw.replace(b'"title"', b'"author": "Una Roe", "title"'), "application/json", Limits())
    assert article.authors == ("Una Roe",)
