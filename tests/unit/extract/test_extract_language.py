"""Text in a language whose cues we do not know: quoted regions are found, and no speaker is guessed."""

from worker.extract import Kind, extract


def test_another_language_gets_its_marks_only() -> None:
    text = "„Wir haben lange genug gewartet“, sagte die Ministerin. Das „Haus“ blieb leer."
    (quotation,) = extract(text, language="de")
    assert quotation.kind is Kind.DIRECT
    assert quotation.text == "Wir haben lange genug gewartet"
    assert quotation.source is None
    assert quotation.cue is None


def test_an_unknown_language_is_read_as_english() -> None:
    (quotation,) = extract("“Go home now,” said Ann Lee.", language=None)
    assert quotation.source is not None
    assert quotation.source.text == "Ann Lee"
