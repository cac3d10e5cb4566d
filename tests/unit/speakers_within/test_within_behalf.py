"""On whose behalf an unnamed source speaks or works, and where the article does not say it."""

import pytest

from tests.unit.speakers_within.marking import attributions
from worker.speakers.within import SourceKind

BEHALF = {
    "a company": ("Greymoor Plc grew. “One,” said [a spokesman for Greymoor].", "Greymoor Plc"),
    "a person": ("Karin Dahl waited. “One,” said [a lawyer for Dahl].", "Karin Dahl"),
    "a person who is owned from": ("Karin Dahl waited. “One,” said [Mrs Dahl's lawyers].", "Karin Dahl"),
    "a pronoun": ("Karin Dahl waited. She sued. “One,” [her lawyer] said.", "Karin Dahl"),
    "a role": ("The mayor, Karin Dahl, waited. “One,” said [a spokeswoman for the mayor].", "Karin Dahl"),
    "in front": ("The Greymoor Group grew. “One,” [senior Greymoor officials] said.", "Greymoor Group"),
    "an acronym": (
        "The Lowmark Fisheries Authority (LFA) met. “One,” [an LFA spokeswoman] said.",
        "Lowmark Fisheries Authority",
    ),
    "a ministry": ("The Trade Ministry gave way. “One,” [a ministry spokeswoman] said.", "Trade Ministry"),
    "a place of work": ("“One,” said [analysts at Barlow Securities].", "Barlow Securities"),
    "with": ("“One,” said [an economist with the Lowmark Institute in Oslo].", "Lowmark Institute"),
    "inside a body": ("“One,” said [officials in the Trade Ministry].", "Trade Ministry"),
    "an office of it": ("“One,” said [a source at Greymoor Plc's Oslo office].", "Greymoor Plc"),
    "its head office": ("“One,” said [a source at Greymoor Plc's head office].", "Greymoor Plc"),
    "two bodies": (
        "Greymoor Plc and Rowlo Inc met. “One,” said [officials of Greymoor and Rowlo].",
        "Greymoor Plc & Rowlo Inc",
    ),
    "a nation, if it says for": ("“One,” said [negotiators for Norway].", "Norway"),
}
NOBODY = {
    "a nation": "The U.S. Trade Board met. “One,” said [U.S. officials].",
    "a town": "Shenzhen shares fell. Stocks in Shenzhen rose. “One,” said [a Shenzhen trader].",
    "a place": "“One,” said [officials in Washington].",
    "a party": "The Democratic National Committee met. “One,” said [Democratic strategists].",
    "an office of the past": "“One,” said [a former spokesman for Greymoor Plc].",
    "a sentence's first word": "“One,” he said. [Industry sources] said no.",
    "any bank": "Barlow Bank fell. “One,” said [an analyst at a European bank].",
    "not a voice of it": "“One,” said [a supporter of Karin Dahl].",
    "nothing said": "“One,” said [analysts].",
}


@pytest.mark.parametrize(("text", "name"), BEHALF.values(), ids=BEHALF)
def test_the_body_or_person_is_kept(text: str, name: str) -> None:
    (attribution,) = attributions(text)
    assert (attribution.source_kind, attribution.speaks_for) == (SourceKind.UNNAMED, name)


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY)
def test_no_more_is_kept_than_the_article_says(text: str) -> None:
    assert attributions(text)[-1].speaks_for is None


def test_those_who_speak_on_keep_it() -> None:
    text = (
        "Rowlo Inc fell. “One,” said [a spokesman for Greymoor Plc]. “Two,” [he] said. “Three,” [the spokesman] added. "
        "“Four,” [Rowlo] said. “Five,” [a spokeswoman] said."
    )
    names = [attribution.speaks_for for attribution in attributions(text)]
    assert names == ["Greymoor Plc", "Greymoor Plc", "Greymoor Plc", None, "Rowlo Inc"]
