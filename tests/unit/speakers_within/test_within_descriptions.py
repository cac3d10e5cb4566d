"""The person that "the senator" means."""

import pytest

from tests.unit.speakers_within.marking import attributions, speakers

DESCRIPTIONS = {
    "a title": ("Sen. Karin Dahl met Egil Holm. Holm left. “One,” [the senator] said.", ["Karin Dahl"]),
    "an apposition": (
        "Karin Dahl, the Norwegian foreign minister, met Egil Holm. Holm left. “One,” [the minister] said.",
        ["Karin Dahl"],
    ),
    "an apposition after the surname": (
        "Karin Dahl met Egil Holm. Dahl, a retired teacher, left. Holm stayed. “One,” [the retired teacher] said.",
        ["Karin Dahl"],
    ),
    "the other's country": (
        "Norwegian Foreign Minister Karin Dahl met Danish Foreign Minister Egil Holm. “One,” [the Norwegian minister]"
        " said.",
        ["Karin Dahl"],
    ),
    "another party": (
        "Libertarian presidential candidate Egil Holm spoke. Karin Dahl rose and Dahl spoke. “One,” [the Republican"
        " presidential nominee] said.",
        ["Karin Dahl"],
    ),
    "a man, and not a woman with that word in her role": (
        "Karin Dahl, the husband's lawyer, came. “One,” [the husband] said.",
        [None],
    ),
    "not the person whose role is only for somebody else": (
        "Karin Dahl, a spokeswoman for the governor, met Egil Holm. “One,” [the governor] said.",
        [None],
    ),
    "not the office of somebody with a noun for a person": (
        "Sheriff Karin Dahl met Egil Holm. “One,” [the sheriff's office] said.",
        [None],
    ),
    "a body whose name has a noun for a person": (
        "Egil Holm, the general director, resigned. “One,” [General Harbour Corp.] said.",
        ["General Harbour Corp"],
    ),
    "the more salient of two with the same office": (
        "Former ambassador Karin Dahl and former ambassador Egil Holm met. [Dahl] said that it rained. Few like Holm."
        " “One,” [the former ambassador] said.",
        ["Karin Dahl", "Karin Dahl"],
    ),
    "the more salient, and not another with half of that role": (
        "Marco Dahl, who is third in the polls, spoke beside Sen. Joni Holm. “One,” [the Florida senator] said.",
        ["Marco Dahl"],
    ),
    "a role before the name, behind a preposition": (
        "The papers told much about port commissioner Mary Dahl. Holm waved. “One,” [the port commissioner] said.",
        ["Mary Dahl"],
    ),
    "an epithet": (
        "John Holm came by ferry. Mary Dahl opened the fair. “One,” [the Bergen businesswoman] said.",
        ["Mary Dahl"],
    ),
    "a nationality": ("Mary Dahl won. Dahl smiled. “One,” [the Kenyan] said.", ["Mary Dahl"]),
    "the nationality of one": (
        "Kenyan runner Mary Dahl beat John Holm. Holm smiled. “One,” [the Kenyan] said.",
        ["Mary Dahl"],
    ),
    "a nationality behind the name": (
        "Mary Dahl, the Kenyan champion, beat John Holm. Holm smiled. “One,” [the Kenyan] said.",
        ["Mary Dahl"],
    ),
    "a nationality before another name": (
        "Against Kenyan Mary Dahl, John Holm won. “One,” [the Kenyan] said.",
        ["Mary Dahl"],
    ),
    "a nationality of others": (
        "Israeli soldiers stopped John Holm. Mary Dahl watched. “One,” [the Israeli] said.",
        ["Mary Dahl"],
    ),
    "a noun beside somebody who speaks of its person": (
        "The buyer, John Holm told the court, had left. Mary Dahl came. “One,” [the buyer] said.",
        ["Mary Dahl"],
    ),
    "a noun beside the name that no list has": (
        "The coroner, Mary Dahl, heard John Holm. Holm sat down. “One,” [the coroner] said.",
        ["Mary Dahl"],
    ),
    "a title that no list of nouns has": (
        "Archbishop Mary Dahl met John Holm. Holm left. “One,” [the archbishop] said.",
        ["Mary Dahl"],
    ),
    "an office in capitals": (
        "Prime Minister Mary Dahl met John Holm. Holm left. “One,” [the PM] said.",
        ["Mary Dahl"],
    ),
    "another party's candidate": (
        "Democratic candidate Mary Dahl spoke. Republican candidate John Holm spoke, and Holm left. “One,” [the"
        " Democratic politician] said.",
        ["Mary Dahl"],
    ),
    "an age": ("John Holm came by ferry. “One,” [the 43-year-old] said.", ["John Holm"]),
    "a headline before the name": (
        "[Retired General] Says Winter Was “Hard”\n\nRetired Gen. Egil Holm spoke about the winter in the north.",
        ["Egil Holm"],
    ),
}
NOBODY = {
    "a nationality": "Karin Dahl met Egil Holm. “One,” [the Omani] said.",
    "a person introduced without a name": "Karin Dahl spoke. An aide wrote a letter. “One,” [the aide] said.",
    "an office with its body": "Karin Dahl spoke. “One,” [the chair of the Bergen Council] said.",
    "a thing": "Karin Dahl spoke. “One,” [the letter] said.",
    "somebody's employee": "Karin Dahl spoke. “One,” [the mayor's spokeswoman] said.",
    "a whole people": "Mary Dahl won. Dahl smiled. “One,” [the Chinese] said.",
    "of another nation": "Kenyan runner Mary Dahl won. Dahl smiled. “One,” [the Norwegian] said.",
    "a thing beside the name": "In her report Karin Dahl wrote much. “One,” [the report] said.",
    "a word of a role": "Law professor Karin Dahl spoke. “One,” [the federal law] said.",
    "several": "Karin Dahl spoke. “One,” [the senators] said.",
}


@pytest.mark.parametrize(("text", "expected"), DESCRIPTIONS.values(), ids=DESCRIPTIONS.keys())
def test_a_description_means(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY.keys())
def test_a_description_means_nobody_named(text: str) -> None:
    (attribution,) = attributions(text)
    assert attribution.entities == ()


def test_the_evidence_names_the_rule_that_decided() -> None:
    text = (
        "“One,” said [Sen. Karin Dahl]. “Two,” [she] said. “Three,” [Dahl] said. “Four,” [the senator] said. "
        "“Five,” [the Bergen businesswoman] said."
    )
    named = attributions(text)
    assert [attribution.evidence for attribution in named] == ["full name", "pronoun", "surname", "role", "epithet"]
    full_name, _, surname, role, epithet = (attribution.confidence for attribution in named)
    assert full_name > surname > role > epithet
