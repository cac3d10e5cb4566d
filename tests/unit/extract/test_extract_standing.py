"""Quotations without a cue of their own: each kind of text that tells who speaks, and how sure that is."""

import pytest

from worker.extract import Kind, Quotation, extract

FIRST = "“We will reopen the harbour when it is safe,” said Ana Ferro, the harbour master."


def said(quotation: Quotation) -> tuple[str, str | None]:
    return quotation.text, quotation.source.text if quotation.source else None


def direct(text: str) -> list[Quotation]:
    return [quotation for quotation in extract(text) if quotation.kind is Kind.DIRECT]


def test_a_paragraph_that_is_one_quotation_belongs_to_the_last_speaker() -> None:
    first, second = direct(f"{FIRST}\n\n“And now we wait for the engineers.”\n\nThe town has 900 inhabitants.")
    assert said(first) == ("We will reopen the harbour when it is safe,", "Ana Ferro, the harbour master")
    assert said(second) == ("And now we wait for the engineers.", "Ana Ferro, the harbour master")
    assert second.cue is None
    assert 0.5 < second.confidence < 0.9


def test_a_sub_heading_in_marks_says_nothing() -> None:
    assert len(direct(f"{FIRST}\n\n'Legend in the Coal Fields.'\n\nThe town has 900 inhabitants.")) == 1
    assert len(direct(f"{FIRST}\n\n“I saw Barack Obama in Lisbon.”\n\nThe town has 900 inhabitants.")) == 2


def test_the_next_sentence_may_point_back_to_the_speaker() -> None:
    _, second = direct(f"{FIRST}\n\n“The pier is closed until it is safe.”\n\nThat was the answer of Tomas Rell.")
    assert said(second) == ("The pier is closed until it is safe.", "Tomas Rell")
    assert second.confidence <= 0.6


def test_a_sentence_about_a_person_leads_to_his_words() -> None:
    text = (
        f"{FIRST}\n\nThe mayor, Tomas Rell, came late. Rell shook his head.\n\n“Nobody has asked the fishermen at all.”"
    )
    assert said(direct(text)[-1]) == ("Nobody has asked the fishermen at all.", "Rell")


def test_an_open_mark_leads_over_paragraphs() -> None:
    (only,) = direct("“We wait,” Ana Ferro said. “It is cold.\n\n“It is wet, too, and nobody comes.”")
    assert only.text == "We wait, It is cold. It is wet, too, and nobody comes."


def test_who_does_nothing_but_nod_says_nothing() -> None:
    (only,) = direct("Ana Ferro began to talk to the crowd. “The pier is closed.” Tomas Rell nodded.")
    assert said(only) == ("The pier is closed.", "Ana Ferro")
    assert only.confidence <= 0.6


def test_the_first_of_two_quotations_side_by_side_is_kept_without_a_speaker() -> None:
    first, second = direct("“How long will it take?” “Two weeks, thank you,” he replied.")
    assert said(first) == ("How long will it take?", None)
    assert first.confidence <= 0.5
    assert said(second) == ("Two weeks, thank you,", "he")


def test_a_sentence_in_marks_goes_on_behind_an_attribution_with_a_clause() -> None:
    text = "“The old pier,” said Ana Ferro – who has run the harbour for ten years – “is closed for the whole winter.”"
    (only,) = direct(text)
    assert only.text == "The old pier, is closed for the whole winter."
    assert only.source is not None
    assert only.source.text.startswith("Ana Ferro – who has run the harbour for ten years")


def test_every_item_of_an_announced_list_belongs_to_the_announcer() -> None:
    text = "The council said:\n\n• “The pier is closed.”\n• “The ferry runs as usual.”\n• “The school opens on Monday.”"
    assert [said(quotation)[1] for quotation in direct(text)] == ["The council"] * 3


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("And from Chairwoman Mina Rosewall:", "Chairwoman Mina Rosewall"),
        ("From the desk of Jon Dohl, vice president of the society:", "Jon Dohl, vice president of the society"),
    ],
)
def test_a_line_without_a_verb_announces_what_a_sender_says(line: str, source: str) -> None:
    signed = "“She is a true expert, and will help us all.” - Geoff Starling"
    text = f"{signed}\n\n{line}\n\n“She knows many old bridges, and she has kept people safe.”"
    assert [said(quotation)[1] for quotation in direct(text)] == ["Geoff Starling", source]


def test_a_colon_announces_a_paragraph_without_marks() -> None:
    found = extract("The mayor, Tomas Rell, said in a statement:\n\nThe pier is closed. We thank everyone for waiting.")
    (only,) = found
    assert only.text.rstrip(".") == "The pier is closed. We thank everyone for waiting"
    assert only.source is not None and "Tomas Rell" in only.source.text


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        ("The film took two years, all of it Bo Smith’s “production hell” of storms.", "production hell", "Bo Smith"),
        ("Ana Ferro was tired. The pier was, in her own words, “unhealthy”.", "unhealthy", "her"),
    ],
)
def test_a_possessive_gives_words_to_their_speaker(text: str, words: str, source: str) -> None:
    assert (words, source) in [said(quotation) for quotation in extract(text)]


def test_a_post_is_signed_with_its_account() -> None:
    text = "Lowmark lost power.\n\nPower is out. Crews are coming. — Lowmark Power (@lowpower) December 22, 2018"
    post = next(quotation for quotation in extract(text) if quotation.text.startswith("Power is out"))
    assert said(post) == ("Power is out. Crews are coming.", "Lowmark Power")


def test_a_source_does_not_go_on_over_the_words_behind_it() -> None:
    (only,) = direct("“We waited,” said Ana Ferro – who leads the union – “and nobody came.” The council disagreed.")
    assert said(only) == ("We waited, and nobody came.", "Ana Ferro – who leads the union")
