"""Which body "the company" or "it" means, and when that is not clear enough to say."""

import pytest

from tests.unit.speakers_within.marking import speakers

MEANT = {
    "the one that spoke": (
        "Shares of Dunholt Plc fell. [Greymoor Plc] said it grew. “One,” [it] said.",
        "Greymoor Plc",
    ),
    "the company that spoke, beside one that did not": (
        "[Greymoor Plc] said it had bought a stake in Dunholt Plc. [The company] said it would sell the rest.",
        "Greymoor Plc",
    ),
    "a company with a legal ending, beside a longer name": (
        "[Greymoor Corp.] said costs fell at its unit, Greymoor Freight System. “One,” [the company] said.",
        "Greymoor Corp",
    ),
    "an authority by its acronym": (
        "The Environmental Protection Agency lost. [The EPA] said so. [It] requested a hearing on Dunholt Ltd.",
        "Environmental Protection Agency",
    ),
    "a country that spoke": (
        "Trade with Norway grew. [Norway] said it had asked to join the Dunholt Organisation. [It] hinted at more.",
        "Norway",
    ),
    "the newspaper of a Sunday": (
        "The Sunday Times reported gains. [The Sunday Times] said so. “One,” [the newspaper] said.",
        "Sunday Times",
    ),
    "a name with an escaped sign": (
        "R&amp;T Corp. grew in May. “One,” [the company] said.",
        "R&T Corp",
    ),
    "a firm of two names": (
        "Healthcare group [Holm &amp; Dahl Plc] said so. The company met in May, when [it] reported a profit.",
        "Holm & Dahl Plc",
    ),
    "a French name": ("[Generale des Docks] said it was content. [It] said that it would stay.", "Generale des Docks"),
    "a short form that could be a surname": (
        "[Kellow Co.] said it grew. [Kellow] said that sales rose. “One,” [the company] said.",
        "Kellow Co",
    ),
}
UNCLEAR = {
    "two companies": "Greymoor Plc met Dunholt Plc in May. “One,” [the company] said.",
    "a body in a subordinate place": "Karin Dahl said she joined the panel of Greymoor Plc. [It] has five members.",
    "a public body is no company": "The Lowmark Planning Committee met. “One,” [the company] said.",
    "a general word": "Sales of TV sets rose, and more TV sets were made in May. “One,” [it] said.",
    "a unit": "The player holds 30GB of songs, and the old one held 20 GB. “One,” [the company] said.",
    "a currency": "It costs HK$5 million, or DM 2 million. “One,” [the company] said.",
    "a person with a job like a body's": "Dunholt Plc met in May. “One,” [the feminist writer and broadcaster] said.",
}


@pytest.mark.parametrize(("text", "name"), MEANT.values(), ids=MEANT.keys())
def test_a_description_means_the_body_in_focus(text: str, name: str) -> None:
    assert speakers(text)[-1] == name


@pytest.mark.parametrize("text", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_nobody_is_named_if_it_is_not_clear(text: str) -> None:
    assert speakers(text)[-1] is None


def test_a_place_before_based_does_not_end_a_source() -> None:
    text = "Greymoor Plc grew in May. [The Northmoor, Ill.-based finance company] said so."
    assert speakers(text) == ["Greymoor Plc"]
