"""What a cue turns: "denied wrongdoing" does not say that somebody said "wrongdoing"."""

import pytest

from worker.extract.denial import is_nobody, turned
from worker.extract.quotation import Kind, Mention, Quotation


def quotation(marked: str) -> tuple[str, Quotation]:
    """Return a text, and its quotation: the content in `[]`, the source in `<>` and the cue in `{}`."""
    places: dict[str, int] = {}
    text = ""
    for sign in marked:
        if sign in "[]<>{}":
            places[sign] = len(text)
        else:
            text += sign

    def mention(opening: str, closing: str) -> Mention | None:
        if opening not in places:
            return None
        start, end = places[opening], places[closing]
        return Mention(text[start:end], start, end)

    start, end = places["["], places["]"]
    kind = Kind.DIRECT if text[start - 1 : start] in ("“", '"') else Kind.INDIRECT
    return text, Quotation(kind, text[start:end], ((start, end),), mention("<", ">"), mention("{", "}"), 0.9)


@pytest.mark.parametrize(
    "marked",
    [
        "<Marcus Lindqvist> {denied} [wrongdoing].",
        "<The mayor> {never said} [the bridge was safe].",
        "<The mayor> {has not said} [whether she will stand].",
        "<The mayor> {didn’t say} [that].",
        "<The mayor> did not publicly {confirm} [that the reactor is damaged].",
        "<No one> {said} [that the plan would work].",
        "<None of the officials> {said} [that the plan would work].",
        "<The minister> stopped short of {saying} [that talks had failed].",
        "<The minister> failed to {mention} [that he owned it].",
        "<The club> {refused to confirm} [that she had left].",
        "<The club> {no longer says} [that she will stay].",
        "<He> {left without once saying} [that he owned it].",
        "[The claims] {were rejected} by <the bank>.",
        "<He> {denied} “[any wrongdoing]”.",
    ],
)
def test_the_sense_is_turned(marked: str) -> None:
    text, found = quotation(marked)
    assert turned(text, found).denied


@pytest.mark.parametrize(
    "marked",
    [
        "<Marcus Lindqvist> {admitted} [wrongdoing].",
        "<He> {did not deny} [that money had changed hands].",
        "<He> {claimed without any evidence} [that money had changed hands].",
        "<He> {said} [he did not take it].",
        "“[I did not take it],” <Lindqvist> {denied}.",
        "<He> {denied} it: “[I was never there].”",
        "<Ferro> {dismissed} the report as “[absurd]”.",
        "<Piet Vos> {disagreed}. “[The figures are invented].”",
        "Not only did <she> {say} [that it was cold], she said more.",
        "<She> {not only said} [that it was cold], she shouted.",
        "<No 10> {said} [the bill would pass].",
        "<He> denied it, and she {said} [it was true].",
        "<None other than Ana Ferro> {said} [so].",
        "“[Nobody knows who said this].”",
    ],
)
def test_the_sense_is_not_turned(marked: str) -> None:
    text, found = quotation(marked)
    assert not turned(text, found).denied


def test_the_cue_is_widened_by_what_turns_its_sense() -> None:
    text, found = quotation("<The minister> stopped short of {saying} [that talks had failed].")
    cue = turned(text, found).cue
    assert cue is not None
    assert cue.text == text[cue.start : cue.end] == "stopped short of saying"


def test_a_cue_without_a_negation_stays_as_it_is() -> None:
    text, found = quotation("<The minister> has often {said} [that talks had failed].")
    assert turned(text, found) == found


def test_nobody_is_known_by_its_first_words() -> None:
    assert is_nobody("no officials")
    assert not is_nobody("No. 2 official Ana Ferro")
    assert not is_nobody("Noah Ferro")
    assert not is_nobody("")


def test_a_cue_may_be_a_mark_alone() -> None:
    text, found = quotation("<FERRO>{:} [It is over].")
    assert turned(text, found) == found
