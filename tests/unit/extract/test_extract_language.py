"""Text in a language whose cues we do not know: quoted regions are found, and no speaker is guessed."""

import pytest

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


@pytest.mark.parametrize(
    ("text", "quoted", "language"),
    [
        ("「安全になれば港を再開します」と佐藤さんは語った。", "安全になれば港を再開します", "ja"),
        ("佐藤さんは『ひどい夜だった』と話した。", "ひどい夜だった", "ja"),
        ("安娜·费罗星期五说：“那是一个糟糕的夜晚。”", "那是一个糟糕的夜晚。", "zh"),
    ],
)
def test_words_are_counted_where_no_blanks_are_between_them(text: str, quoted: str, language: str) -> None:
    (quotation,) = extract(text, language=language)
    assert (quotation.text, quotation.kind) == (quoted, Kind.DIRECT)


def test_a_short_term_in_marks_is_none_there_either() -> None:
    assert extract("彼は「港」を見た。", language="ja") == []


@pytest.mark.parametrize("content", ["it", "him", "that", "them"])
def test_a_content_that_stands_for_another_is_no_quotation(content: str) -> None:
    text = f"“I like the pier,” Ana Ferro said on Friday. Tomas Rell denied {content}."
    assert [quotation.text for quotation in extract(text)] == ["I like the pier,"]
