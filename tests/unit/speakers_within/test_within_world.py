"""Whom a source means: one case for each kind of mistake that reading wire copy and newspapers has shown."""

import pytest

from tests.unit.speakers_within.marking import speakers

BODIES = {
    "not the names in its relative clause": (
        "Greymoor Plc met Lowmark. Holmwine Plc, Ferro Plc and Rell Plc fell. "
        "“One,” said [Greymoor Plc, whose brands include Holmwine, Ferro and Rell].",
        "Greymoor Plc",
    ),
    "a noun of its name": (
        "The Lowmark Statistical Bureau (LSB) met Greymoor Plc. “One,” [the bureau] said.",
        "Lowmark Statistical Bureau",
    ),
    "two words of its name": (
        "The Lowmark Budget Office met the Harbour Office. “One,” [the budget office] said.",
        "Lowmark Budget Office",
    ),
    "a ministry without capitals that has spoken": (
        "[Norway's foreign ministry] said so in May. “One,” [the ministry] said.",
        "Norway's foreign ministry",
    ),
    "a newspaper by the noun behind its name": (
        "[The Scotsman newspaper] said so in May. “One,” [the paper] said.",
        "Scotsman",
    ),
    "the company that the article is about": (
        "Shares of Greymoor Plc fell. Analysts had hoped that Greymoor would grow. Greymoor was cautious. Rain fell."
        " The wind came. It was cold. The sea was high. All waited. Nobody came. “One,” [the company] said.",
        "Greymoor Plc",
    ),
    "its owner before it": ("[State-owned Greymoor Plc] said that it grew.", "Greymoor Plc"),
    "a name with a noun for a person": (
        "Sales at Burger King grew, Robert Lowes, Burger King chief, told Reuters. “One,” [Burger King] said.",
        "Burger King",
    ),
    "the short form of a firm": (
        "The merger of Norfolk Holm Corp failed. “One,” [Norfolk Holm] said.",
        "Norfolk Holm Corp",
    ),
}
PEOPLE = {
    "who, behind a place": ("Senator Karin Dahl of Lowmark, [who] said that it was late.", "Karin Dahl"),
    "who, behind a second person": ("They heard Karin Dahl with Tomas Rell, [who] said it was late.", "Tomas Rell"),
    "who, behind an apposition": (
        "Ewan Holm left. Karin Dahl, the director of the Lowmark Partnership, [who] said that it was late.",
        "Karin Dahl",
    ),
    "a title behind an unnamed person": (
        "Karin Dahl came. Dahl waited. [A lawmaker] said so. “One,” [the candidate] said.",
        "Karin Dahl",
    ),
    "he, though some women stand behind his name": (
        "Donald Holm saw a woman when she fell. Holm met a woman whose car she drove. Holm knew a mother, and she left."
        " Holm asked a widow if she came. “One,” [he] said.",
        "Donald Holm",
    ),
    "as for somebody": (
        "Peter Rell came, and Rell was glad. He had an answer, and he gave it. As for John Holm, [he] said so.",
        "John Holm",
    ),
    "a full stop inside a sentence": (
        "Donald Rell came. Peter Holm (R-Conn.) was there with Rell, and “One,” [he] said.",
        "Peter Holm",
    ),
    "a dateline": ("[OSLO — Norway’s deputy minister, Karin Dahl], said: “One.”", "Karin Dahl"),
    "no dateline": ("“One,” said [GMB — the largest union of cleaners].", "GMB"),
    "a dash behind the name": ("Karin Dahl came. [Ms Dahl -] keen to go on - said that it was late.", "Karin Dahl"),
    "an adverb behind the name": ("Karin Dahl came. [Dahl meanwhile] said that it was late.", "Karin Dahl"),
    "two blanks in the name": ("“One,” said [Finance Minister Karin  Dahl].", "Karin Dahl"),
    "an apposition without its comma": ("“One,” said [Karin Dahl an independent analyst].", "Karin Dahl"),
    "an office with hyphens": ("“One,” said [Post Editor-in-Chief Karin Dahl].", "Karin Dahl"),
    "titles of two": ("Nancy Rell and Karin Dahl came. [Professors Rell and Dahl] said so.", "Nancy Rell & Karin Dahl"),
    "a longer form of a name": ("“One,” said [Suu Myat]. “Two,” said [Aung Tin Suu Myat].", "Aung Tin Suu Myat"),
    "a signature": (
        "“Words.”\n― [Moana Tuhiwai]\n\nMore words.",
        "Moana Tuhiwai",
    ),
    "an adjective whose country has another stem": (
        "Norwegian minister Karin Dahl met Italian minister Anna Rell. “One,” [Italy's minister] said.",
        "Anna Rell",
    ),
}
NOBODY = {
    "a body that is elsewhere": "[The Lowmark government] said so. “One,” [the government in Oslo] said.",
    "somebody yet to come": "Karin Dahl came. Dahl waited. “One,” [the next president] said.",
    "a description that tells enough": "Karin Dahl came. Dahl waited. “One,” [the owner of a mill] said.",
    "somebody's employee": "President Karin Dahl came. “One,” [the former aide to President Dahl] said.",
    "one of many": "“One,” said [one Lowmark Republican].",
    "all but one": "“One,” said [all members except Norway].",
}


@pytest.mark.parametrize(("text", "name"), (BODIES | PEOPLE).values(), ids=(BODIES | PEOPLE).keys())
def test_a_source_means(text: str, name: str) -> None:
    assert speakers(text)[-1] == name


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY.keys())
def test_a_source_means_nobody_named(text: str) -> None:
    assert speakers(text)[-1] is None
