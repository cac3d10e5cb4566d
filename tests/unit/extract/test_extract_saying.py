"""What is no quotation, and where a quotation and its source end."""

import pytest

from worker.extract import Kind, extract

TURNS = "PELTIER (voice-over): This is the point.\n\nANA FERRO, PILOT: We wait.\n\nPELTIER: Do you?\n\nFERRO: I wait."


def rows(text: str) -> list[tuple[str, str | None]]:
    return [(quotation.text, quotation.source.text if quotation.source else None) for quotation in extract(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Tomas Rell, the mayor, declined to comment.",
        "The company did not respond to a request for comment.",
        "A spokesman for the Bexley company declined comment.",
        "None of the owners would comment for this column.",
        "The firm made no comment about “the leak”.",
        "Ken Adair was charged with theft.",
        "The bridge is known as the old lady.",
        "It was a long day. WATCH: Ferro says ‘the pier is shut for good’",
    ],
)
def test_reports_without_words_are_no_quotations(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "She retorted, “I can swim” and then dropped the mic.",
        "She replied, “I can swim” before she left the room.",
    ],
)
def test_a_quotation_ends_with_its_marks_and_not_with_the_next_deed(text: str) -> None:
    (only,) = extract(text)
    assert (only.kind, only.text) == (Kind.DIRECT, "I can swim")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will mend it,’’ said Ana Ferro. ‘‘Nobody knows when,’’ she said.", "We will mend it,"),
        (
            "“We will mend the pier before June comes, Ana Ferro told reporters.",
            "We will mend the pier before June comes,",
        ),
        ('Bo Onder said “we cannot do it.\n\nThe pier is 12" thick. "We will," said Ana Ferro.', "we cannot do it."),
    ],
)
def test_lost_and_doubled_marks_and_inches_end_no_quotation_too_late(text: str, expected: str) -> None:
    assert expected in [words for words, _ in rows(text)]


def test_lines_with_bullets_are_no_wrapped_text() -> None:
    text = "Lowmark news:\n» Pier closed until June\n» Ferry late\n“The pier will be closed,” said Ana Ferro."
    assert rows(text) == [("The pier will be closed,", "Ana Ferro")]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“The pier is closed until it is safe,” tweeted @lowmarkport.", "@lowmarkport"),
        ("“Thank you all for the help!” wrote Tomas Rell on X. The pier is closed.", "Tomas Rell"),
        ('"The sea takes what it wants." - Old saying', "Old saying"),
    ],
)
def test_a_source_is_neither_cut_nor_more_than_a_name(text: str, source: str) -> None:
    assert rows(text)[0][1] == source


def test_labels_with_offices_begin_turns_and_only_the_name_is_the_source() -> None:
    assert [source for _, source in rows(TURNS)] == ["PELTIER", "ANA FERRO", "PELTIER", "FERRO"]


def test_headings_in_capitals_begin_no_turns() -> None:
    text = "CURRENCIES: The dollar rose to 110 yen.\n\nASIA'S DAY: The Nikkei fell 1.2 percent on Tuesday."
    assert not [source for _, source in rows(text) if source and source.isupper()]


def test_what_the_writer_says_of_himself_is_less_sure() -> None:
    found = extract("I think that the council was wrong about the pier.")
    assert all(quotation.confidence <= 0.45 for quotation in found)


def test_what_nobody_says_is_less_sure_but_what_somebody_asks_is_not() -> None:
    expected, asked, answer = extract("Shares are expected to fall. Asked if he would pay, Rell said that he would.")
    assert expected.source is None and expected.confidence <= 0.45
    assert asked.source is None and asked.confidence > 0.5 and answer.confidence > 0.8


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The airline won permission to fly to Lowmark and expects to start in June.", "The airline"),
        ("Rell was tired, but insisted that the ferry would run.", "Rell"),
        ("Analysts had expected ten cents more than that.", "Analysts"),
    ],
)
def test_the_subject_of_the_cue_is_the_source(text: str, source: str) -> None:
    assert [by for _, by in rows(text)] == [source]


@pytest.mark.parametrize(
    "text", ["Figures expected to reach nine million were late.", "It was a day of calls for peace."]
)
def test_a_participle_or_a_noun_has_no_subject(text: str) -> None:
    assert not any(by for _, by in rows(text))
