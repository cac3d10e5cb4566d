"""The names of bodies: acronyms with their full names, and nouns beside a name that do not belong to it."""

import time

import pytest

from tests.unit.speakers_within.marking import speakers
from worker.speakers.within.acronyms import Acronyms

FULL = {
    "in brackets": (
        "Odyssey Telecommunications International (OTI) grew. “One,” [OTI] said.",
        "OTI",
        "Odyssey Telecommunications International",
    ),
    "a company": (
        "General Motors Corp. and the United Auto Workers met. “One,” [GM] said.",
        "GM",
        "General Motors Corp",
    ),
    "behind another word": ("But General Motors Corp grew. “One,” [GM] said.", "GM", "General Motors Corp"),
    "a letter for its legal form": (
        "Japan Airlines Co Limited grew. “One,” [JAL] said.",
        "JAL",
        "Japan Airlines Co Limited",
    ),
    "with small words": (
        "The National Association of Automobile Manufacturers of South Africa met. “One,” [NAAMSA] said.",
        "NAAMSA",
        "National Association of Automobile Manufacturers of South Africa",
    ),
}
NO_ACRONYM = {
    "a person": ("George Michael sang. “One,” [GM] said.", "GM"),
    "two companies": ("Lowmark Gas Co and Lowmark Glass Co grew. “One,” [LGC] said.", "LGC"),
    "no name in full": ("“One,” [GM] said.", "GM"),
}
NAMES = {
    "an office in front": ("“One,” said [accountancy firm Ernst & Young].", "Ernst & Young"),
    "a newspaper behind": ("“One,” [the Sunday Times newspaper] said.", "Sunday Times"),
    "a nation and a newspaper": ("“One,” said [Russian newspaper Vedomosti].", "Vedomosti"),
    "a department": ("“One,” [the Lowmark police department] said.", "Lowmark police department"),
    "a possessive in the name": ("“One,” [the Turkish Exporters’ Assembly] said.", "Turkish Exporters’ Assembly"),
    "a saint's hospital": ("“One,” [St Brendan’s Hospital] said.", "St Brendan’s Hospital"),
    "what it is for": ("“One,” [the Tehran Chamber of Fisheries] said.", "Tehran Chamber of Fisheries"),
    "a government of a place": (
        "“One,” said [the government of Southern Province].",
        "government of Southern Province",
    ),
    "which, not who": (
        "Austin Reed was born in 1900. “One,” said [Austin Reed, which has shops in London].",
        "Austin Reed",
    ),
    "a nation, if the article also leaves it out": (
        "The Home Office waits. “One,” said [the British Home Office].",
        "Home Office",
    ),
    "of a place": ("“One,” said [the Association of Builders of Norway].", "Association of Builders of Norway"),
    "itself": ("Greymoor Plc grew. “One,” said [Greymoor itself].", "Greymoor Plc"),
    "two with acronyms": (
        "“One,” said [Greymoor Aerospace Plc (GAe) and Rowlo Inc (RI)].",
        "Greymoor Aerospace Plc & Rowlo Inc",
    ),
    "by a noun of the name": (
        "The Cardinal Kung Foundation waits. “One,” said [the foundation].",
        "Cardinal Kung Foundation",
    ),
    "one that everybody knows": ("“One,” said [De Beers].", "De Beers"),
    "two that everybody knows": ("“One,” said [Boeing and McDonnell Douglas].", "Boeing & McDonnell Douglas"),
    "both of two": ("“One,” said [both Beijing and Washington].", "Beijing & Washington"),
    "a place like a name": ("“One,” said [Hong Kong].", "Hong Kong"),
    "no people": ("“One,” he said. [Fishermen on both sides] said no.", None),
    "a poll": ("“One,” [the Harris poll] said.", None),
    "a firm of a country": ("“One,” [the UK firm] said.", None),
    "a report by a body": ("“One,” [the report by Lowmark Bank] said.", None),
}


@pytest.mark.parametrize(("text", "acronym", "full"), FULL.values(), ids=FULL.keys())
def test_an_acronym_has_the_full_name_of_its_article(text: str, acronym: str, full: str) -> None:
    assert Acronyms(text).full_name(acronym) == full
    assert speakers(text) == [full]


@pytest.mark.parametrize(("text", "acronym"), NO_ACRONYM.values(), ids=NO_ACRONYM.keys())
def test_an_acronym_without_a_sure_name_stays(text: str, acronym: str) -> None:
    assert Acronyms(text).full_name(acronym) == acronym


@pytest.mark.parametrize(("text", "name"), NAMES.values(), ids=NAMES.keys())
def test_a_body_has_no_nouns_beside_its_name(text: str, name: str | None) -> None:
    assert speakers(text) == [name]


def test_the_time_is_linear() -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        Acronyms("General Motors Corp and the " * count)
        return time.process_time() - began

    assert seconds(20_000) < 25 * max(seconds(2_000), 0.01)
