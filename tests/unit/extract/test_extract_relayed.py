"""Whose words they are if one source quotes another: `AFP quoted him as saying`."""

import pytest

from worker.extract import extract

RELAYED = (
    "The Harbour Post quoted Mayor Ruta Linden as saying that the crane would be repaired by May.",
    "But Mayor Ruta Linden was quoted by the Harbour Post on Tuesday as saying the crane would be repaired by May.",
    "“The crane will be repaired by May,” the Harbour Post quoted Mayor Ruta Linden as saying last week.",
    "“The crane will be repaired by May,” Mayor Ruta Linden was quoted by the Harbour Post as saying.",
    "The crane would be repaired by May, the Harbour Post quoted Mayor Ruta Linden as saying.",
    "The Harbour Post quoted Mayor Ruta Linden, who was on holiday, as saying the crane would be repaired by May.",
    "Mayor Ruta Linden was quoted in the Harbour Post saying the crane would be repaired by May.",
    "The Harbour Post quoted Mayor Ruta Linden as telling the council that the crane would be repaired by May.",
)


@pytest.mark.parametrize("text", RELAYED)
def test_relayed_words_are_those_of_who_said_them(text: str) -> None:
    (quotation,) = extract(f"{text} Ships waited outside the harbour for three days.")
    assert quotation.source is not None
    assert "Mayor Ruta Linden" in quotation.source.text
    assert quotation.cue is not None
    assert quotation.cue.text in ("saying", "telling")
    for word in ("Linden", "Post", "saying", "last week", "council"):
        assert word not in quotation.text
    assert "repaired by May" in quotation.text


def test_a_second_report_has_the_same_speaker() -> None:
    found = extract(
        "The agency quoted Governor Piet Vos as predicting that prices would fall and as saying that banks were sound."
    )
    assert {quotation.source.text for quotation in found if quotation.source} == {"Governor Piet Vos"}


def test_who_says_what_another_source_said_keeps_it() -> None:
    (quotation,) = extract("“I am on record as saying that the crane is old,” Linden told the council.")
    assert quotation.source is not None
    assert quotation.source.text == "Linden"


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("He quoted Shakespeare, saying that all the world was a stage.", {"He"}),
        ("Rell cited the cold as being the reason.", {"Rell"}),
    ],
)
def test_who_quotes_and_says_so_himself_keeps_it(text: str, sources: set[str]) -> None:
    assert {quotation.source.text for quotation in extract(text) if quotation.source} == sources
