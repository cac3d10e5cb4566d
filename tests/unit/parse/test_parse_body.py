"""Datelines and trailers are outside the body. Text that only looks like a dateline or trailer stays in the body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.parse.facts.body import body

STORY = "The minister resigned on Friday. “I am tired,” she said."

DATELINES = {
    "TEHRAN — ": "TEHRAN",
    "TEHRAN - ": "TEHRAN",
    "WASHINGTON, Jan 5 (Reuters) - ": "WASHINGTON, Jan 5 (Reuters)",
    "WASHINGTON (AP) — ": "WASHINGTON (AP)",
    "Paris (AFP) – ": "Paris (AFP)",
    "ST. PETERSBURG, Russia -- ": "ST. PETERSBURG, Russia",
    "KYIV, Ukraine, March 3, 2024 (Wire) - ": "KYIV, Ukraine, March 3, 2024 (Wire)",
    "BEIRUT/JERUSALEM, Sept. 30 (Reuters) - ": "BEIRUT/JERUSALEM, Sept. 30 (Reuters)",
    "Berlin (dpa/lno) - ": "Berlin (dpa/lno)",
    "Paris, March 3 (Costa Wire) – ": "Paris, March 3 (Costa Wire)",
    "\n  MÜNCHEN — ": "MÜNCHEN",
    "Tegucigalpa, Jan 2 (EFE).- ": "Tegucigalpa, Jan 2 (EFE)",
    "Madrid, 3 feb (EFE).- ": "Madrid, 3 feb (EFE)",
    "Paris, 10 juil 2024 (AFP) - ": "Paris, 10 juil 2024 (AFP)",
    "(ANSA) - ROMA, 1 LUG - ": "(ANSA) - ROMA, 1 LUG",
    "Jan. 12 (BusinessDesk) - ": "Jan. 12 (BusinessDesk)",
}


@pytest.mark.parametrize(("before", "dateline"), DATELINES.items())
def test_dateline(before: str, dateline: str) -> None:
    bounds = body(before + STORY)
    assert bounds.dateline == dateline
    assert bounds.start == len(before)


@pytest.mark.parametrize(
    "text",
    [
        "The minister — tired — resigned.",
        "BREAKING - The minister resigned.",
        "UPDATE 1 - The minister resigned.",
        "Well-known minister resigned.",
        "“No” — said the minister.",
        "TEHRAN is a city - and a large one.",
        "A — said the minister.",
        "TEHRAN —",
        "Oslo, 3 people (all of them) - so said the minister.",
        "Una Merk (CDU) – seit 2005 Kanzlerin – sagte, sie sei müde.",
        "Sen. Ann Hale (R-Ohio) – a former nurse – said that she was tired.",
        "Sen. Ann Hale (D-Pa) – a former nurse – said that she was tired.",
        "Jon Lie (Ap) – a former nurse – said that he was tired.",
    ],
)
def test_no_dateline(text: str) -> None:
    assert (body(text).start, body(text).dateline) == (0, None)


CREATIVE_COMMONS = "All Content by The Post is licensed under a Creative Commons Attribution 4.0 International License."
TRAILERS = {
    " " + CREATIVE_COMMONS: True,
    "\n\n© 2024 Harbour Post. All rights reserved.": True,
    "\n\nCopyright 2024 The Harbour Post. This material may not be published.": True,
    "\nThis article is republished from The Talk under a Creative Commons license. Read the original article.": True,
    "\nThis work is licensed under CC BY 4.0.": True,
    "\nThe content is available under the Open Government Licence v3.0.": True,
    " (Reporting by Ana Reyes in Lisbon; Editing by Tom Hale)": False,
    "\n\n(Additional reporting by Ana Reyes)\n": False,
    "\n\nReporting by Ana Reyes; Editing by Tom Hale": False,
    "\n\nOur Standards: The Thomson Reuters Trust Principles.": False,
    "\nENDS": False,
    "\n\n###\n": False,
}


@pytest.mark.parametrize(("trailer", "is_licence"), TRAILERS.items())
def test_trailer(trailer: str, is_licence: bool) -> None:
    bounds = body(STORY + trailer)
    assert bounds.end == len(STORY)
    assert bounds.licence == (trailer.strip() if is_licence else None)


def test_trailers_add_up() -> None:
    bounds = body(
        STORY + "\n(Reporting by Ana Reyes; Editing by Tom Hale)\nOur Standards: Trust.\n© 2024 Wire. Reserved.\n\n"
    )
    assert bounds.end == len(STORY)
    assert bounds.licence == "© 2024 Wire. Reserved."


@pytest.mark.parametrize(
    "text",
    [
        "Copyright law protects what she wrote, the minister said.",
        "She asked who would pay for reporting by local papers (and for editing by them).",
        CREATIVE_COMMONS + " Then it went on.",
        "He said that the song is © 1999 but nobody cared.",
        "© 2024 Harbour Post",
        STORY + " The work is available under the counter in every shop, “it is great,” said Hale.",
        STORY + " The text is published under a pseudonym and sold with a licence, Hale said.",
    ],
)
def test_no_trailer(text: str) -> None:
    assert (body(text).end, body(text).licence) == (len(text), None)


@given(st.text(st.sampled_from("AZaz —-–(),.©\n 2ENDS#"), max_size=200))
def test_body_lies_within_the_text_and_has_no_white_space_at_its_ends(text: str) -> None:
    bounds = body(text)
    assert 0 <= bounds.start <= bounds.end <= len(text)
    span = text[bounds.start : bounds.end]
    assert span == span.strip()
    assert bool(span) == bool(text.strip())
