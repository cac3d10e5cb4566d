"""Whom "the senator" means."""

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
    "an epithet": (
        "John Holm came by ferry. Mary Dahl opened the fair. “One,” [the Bergen businesswoman] said.",
        ["Mary Dahl"],
    ),
    "an age": ("John Holm came by ferry. “One,” [the 43-year-old] said.", ["John Holm"]),
    "a headline before the name": (
        "[Retired General] Says Winter Was “Hard”\n\nRetired Gen. Egil Holm spoke about the winter in the north.",
        ["Egil Holm"],
    ),
}
NOBODY = {
    "who was brought in without a name": "Karin Dahl spoke. An aide wrote a letter. “One,” [the aide] said.",
    "an office with its body": "Karin Dahl spoke. “One,” [the chair of the Bergen Council] said.",
    "a thing": "Karin Dahl spoke. “One,” [the letter] said.",
    "somebody's": "Karin Dahl spoke. “One,” [the mayor's spokeswoman] said.",
    "several": "Karin Dahl spoke. “One,” [the senators] said.",
}


@pytest.mark.parametrize(("text", "wanted"), DESCRIPTIONS.values(), ids=DESCRIPTIONS.keys())
def test_a_description_means(text: str, wanted: list[str]) -> None:
    assert speakers(text) == wanted


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY.keys())
def test_a_description_means_nobody_named(text: str) -> None:
    (attribution,) = attributions(text)
    assert attribution.entities == ()


def test_evidence_says_how_it_was_found() -> None:
    text = (
        "“One,” said [Sen. Karin Dahl]. “Two,” [she] said. “Three,” [Dahl] said. “Four,” [the senator] said. "
        "“Five,” [the Bergen businesswoman] said."
    )
    found = attributions(text)
    assert [each.evidence for each in found] == ["full name", "pronoun", "surname", "role", "epithet"]
    assert found[0].confidence > found[2].confidence > found[3].confidence > found[4].confidence
