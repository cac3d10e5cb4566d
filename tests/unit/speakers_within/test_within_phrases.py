"""Long sources: the head (main noun phrase) comes first and names the speaker."""

import pytest

from tests.unit.speakers_within.marking import attributions, speakers
from worker.speakers.within import SourceKind

PHRASES = {
    "a relative clause": ("[Sen. Karin Dahl, the Bergen Republican who met Egil Holm,] said “One.”", ["Karin Dahl"]),
    "a place": ("[Rep. Karin Dahl of Maryland] said “One.”", ["Karin Dahl"]),
    "a body": ("[Karin Dahl of Human Rights Watch] said “One.”", ["Karin Dahl"]),
    "a party": ("[Sen. Karin Dahl (R-S.C.)] said “One.”", ["Karin Dahl"]),
    "another's office": ("[Holm campaign manager Karin Dahl] said “One.”", ["Karin Dahl"]),
    "a name in apposition": ("[Iran's chief nuclear negotiator, Ali Baqeri,] said “One.”", ["Ali Baqeri"]),
    "a title with of": ("[Former Secretary of State Karin Dahl] said “One.”", ["Karin Dahl"]),
    "a genitive": ("Karin Dahl came. [Dahl’s] “One” was heard.", ["Karin Dahl"]),
    "two people": ("[Karin Dahl and Jens Holm, both of Bergen,] said “One.”", ["Karin Dahl & Jens Holm"]),
    "with others": ("Karin Dahl came. [Dahl and her aides] said “One.”", ["Karin Dahl"]),
    "a preposition cut off": ("[Karin Dahl for] Bergen said “One.”", ["Karin Dahl"]),
    "somebody's spokesman": ("Karin Dahl came. [A spokesman for Karin Dahl] said “One.”", [None]),
    "somebody's allies": ("Paul Dahl came. [Allies of Mr. Dahl] said “One.”", [None]),
    "a minister's aide": ("[A former aide to Trade Minister Karin Dahl] said “One.”", [None]),
    "somebody's supporter": ("Karin Dahl came. [one Dahl supporter] said “One.”", [None]),
    "somebody's campaign": ("Karin Dahl came. [Dahl's campaign] said “One.”", ["Dahl's campaign"]),
    "a directorate": ("[the Science and Technology Directorate of the Bergen Council] said “One.”", [None]),
}


@pytest.mark.parametrize(("text", "expected"), PHRASES.values(), ids=PHRASES.keys())
def test_a_source_names(text: str, expected: list[str | None]) -> None:
    if expected == [None]:
        assert all(attribution.source_kind is not SourceKind.PERSON for attribution in attributions(text))
    else:
        assert speakers(text) == expected
