"""Whether a name is a person's or a body's, and what does not belong to a name."""

import pytest

from tests.unit.speakers_within.marking import resolved, speakers
from worker.speakers.within.shortforms import may_be_one_given_name

BODIES = {
    "a noun in front of a person's name": ("“One,” said [the investment bank Jan Holm].", "Jan Holm"),
    "a possessive": ("“One,” said [Foster's].", "Foster's"),
    "a possessive, beside a person": ("Jan Holm ran Holm's in May. “One,” [Holm's] has said.", "Holm's"),
    "one by its acronym": (
        "“One,” said [Greymoor and Lowmark Banking Group Ltd (GLBG)].",
        "Greymoor and Lowmark Banking Group Ltd",
    ),
    "a company without a legal ending": (
        "Microdell on Monday cut its prices. Shares of Microdell fell. “One,” [Microdell] said.",
        "Microdell",
    ),
    "its name in full": ("Greymoor Plc grew. Shares of Greymoor fell. “One,” [Greymoor] said.", "Greymoor Plc"),
    "a firm named like a person": (
        "Profits at Norwick Southern fell. “One,” [Norwick Southern] said of the plan.",
        "Norwick Southern",
    ),
    "a noun in front": ("Shares of Alvonta fell. “One,” said [film giant Alvonta].", "Alvonta"),
    "a nation in front": ("“One,” said [Japan's Toshima Corp].", "Toshima Corp"),
    "a town in front": ("Shares of Alvonta fell. “One,” said [Lowmark-based Alvonta].", "Alvonta"),
    "a firm": ("Louis Harlan and Associates asked 1,200 people. “One,” [Harlan] said.", "Louis Harlan and Associates"),
    "the company": ("Greymoor Plc grew in May. “One,” [the company] said.", "Greymoor Plc"),
    "it": ("Greymoor Plc grew in May. “One,” [it] said.", "Greymoor Plc"),
    "the bank of two bodies": (
        "Lowmark Bank lent money to Greymoor Plc. Greymoor grew. “One,” [the bank] said.",
        "Lowmark Bank",
    ),
    "two companies": (
        "Greymoor Plc and Alvonta Corp met. “One,” [Greymoor Plc and Alvonta Corp] said.",
        "Greymoor Plc & Alvonta Corp",
    ),
}
UNNAMED = {
    "the parents of a child": "“One,” said [the parents of 14-year-old Karin Dahl].",
    "the lawyer for somebody with a noun": "“One,” said [the lawyer for convicted killer Jan Holm].",
    "an aide to a former office": "“One,” said [the aide to former President Jan Holm].",
    "companies": "[Companies] said “one” of it.",
    "a plural": "“One,” said [many phone companies].",
    "people of a body": "“One,” [Lowmark State fans] said.",
    "people at a body": "[Astronomers at the University of Lowmark] said “one” of it.",
    "data of a body": "[Data collected for Bloomer by the Center for Research] showed “one” of it.",
    "members in an office": "“One,” [Labour MPs] said.",
}
PEOPLE = {
    "a surname alone with a pronoun behind it": (
        "The third set made Savrin tired. “One,” [Savrin] said he thought then.",
        "Savrin",
    ),
    "the secretary of a board": ("“One,” said [board of directors secretary Karin Dahl].", "Karin Dahl"),
    "an office before a title": ("“One,” said [Circuit Judge Karin Dahl].", "Karin Dahl"),
    "the head of a firm": ("“One,” said [the chairman of the bank Jan Holm].", "Jan Holm"),
    "a possessive that a noun follows": ("Jan Holm came. “One,” [Holm's] statement said.", "Jan Holm"),
    "an adverb in front": ("Maybe Tomas Rell will pay. “One,” [Rell] said.", "Tomas Rell"),
    "a nationality in front": ("American Robert Holm won. “One,” [Holm] said.", "Robert Holm"),
    "an occupation in front": ("Striker Thierry Dahl won. “One,” [Dahl] said.", "Thierry Dahl"),
    "an office in capitals": ("Labour MP Jess Hollow left. “One,” [Hollow] said.", "Jess Hollow"),
    "a nickname in marks": ("“One,” said [Dolores “Lola” Marchetti].", "Dolores Marchetti"),
    "the nickname alone": ("Dolores “Lola” Marchetti came. “One,” [Lola] said.", "Dolores Marchetti"),
    "nickname and surname": ("Dolores “Lola” Marchetti came. “One,” [Lola Marchetti] said.", "Dolores Marchetti"),
    "capitals only": ("“One,” said [ANA FERRO].", "Ana Ferro"),
    "a nation and an office in front": ("“One,” said [Spanish Judge Baltasar Holm].", "Baltasar Holm"),
    "the portfolio in front": (
        "“One,” said [Minister of Natural Resources Yevgeny Smolyakov], who came.",
        "Yevgeny Smolyakov",
    ),
    "the end of an office in front": (
        "“One,” said [Minister of Foreign Trade and Economic Cooperation Wu Yi].",
        "Wu Yi",
    ),
    "a short form": ("Andrew Holm came. Then Andy Holm left. “One,” [Holm] said.", "Andrew Holm"),
    "the family name first": ("Wang Guanglin came. “One,” [Wang] said.", "Wang Guanglin"),
    "a first name in -ing": ("Ming Fai Lai came. “One,” [Lai] said.", "Ming Fai Lai"),
}


@pytest.mark.parametrize(("text", "name"), BODIES.values(), ids=BODIES.keys())
def test_a_body_has_its_name(text: str, name: str) -> None:
    assert speakers(text) == [name]
    assert {entity.kind.value for entity in resolved(text).entities} == {"body"}


@pytest.mark.parametrize("text", UNNAMED.values(), ids=UNNAMED.keys())
def test_a_group_has_no_name(text: str) -> None:
    (attribution,) = resolved(text).attributions
    assert attribution.source_kind.value == "unnamed"
    assert attribution.entities == ()


@pytest.mark.parametrize(("text", "name"), PEOPLE.values(), ids=PEOPLE.keys())
def test_a_person_has_the_name_alone(text: str, name: str) -> None:
    assert speakers(text) == [name]
    assert {entity.kind.value for entity in resolved(text).entities} == {"person"}


def test_a_turn_has_the_name_without_the_office() -> None:
    assert speakers("[ANA FERRO, HARBOUR MASTER]: “It was late.”\n\n[FERRO]: “We wait.”") == ["Ana Ferro", "Ana Ferro"]


def test_the_two_are_the_last_that_spoke_together() -> None:
    text = "“One,” [Ana Ferro and Tomas Rell] said. “Two,” [the two] said."
    assert speakers(text) == ["Ana Ferro & Tomas Rell", "Ana Ferro & Tomas Rell"]


def test_both_are_two_people_named_side_by_side() -> None:
    text = (
        "Ana Ferro and Tomas Rell met. “One,” [both leaders] said. “Two,” [they] said. “Three,” [both companies] said."
    )
    assert speakers(text) == ["Ana Ferro & Tomas Rell", "Ana Ferro & Tomas Rell", None]


def test_a_nickname_is_a_form_of_the_name() -> None:
    (entity,) = resolved("“One,” said [Dolores “Lola” Marchetti].").entities
    assert "Lola Marchetti" in entity.forms


def test_short_forms_of_different_names_differ() -> None:
    assert may_be_one_given_name("bill", "william")
    assert not may_be_one_given_name("bill", "robert")
