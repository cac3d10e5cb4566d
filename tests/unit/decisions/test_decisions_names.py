"""Names that people type: what is accepted, what is refused in a sentence, and what is read as a number."""

import pytest

from worker.decisions.names import LARGEST_NUMBER, checked, number, same
from worker.store.decisions import Undecidable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Petra Holt", "Petra Holt"),
        ("  Petra Holt\t", "Petra Holt"),
        ("Jose\u0301", "José"),
        ("C-3PO", "C-3PO"),
        ("٣", "٣"),
        ("علی‌رضا", "علی‌رضا"),
        ("?", "?"),
        ("🐻", "🐻"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_name_is_kept_composed_and_without_blanks_around_it(typed: str, kept: str) -> None:
    assert checked(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "\u0301", "\ufe0f\u200d", "\u00ad", "\u3164", "\u2800", "\u2060"])
def test_a_name_that_nobody_can_see_is_refused(typed: str) -> None:
    with pytest.raises(Undecidable, match="at least one visible character"):
        checked(typed)


@pytest.mark.parametrize(
    "typed",
    ["Petra\nHolt", "Petra\x00", "a\u202eb", "a\u2066b", "a\u200fb", "a\u200bb", "a\ufeffb", "a\x1b[31mb", "a\u2028b"],
)
def test_a_character_that_cannot_be_seen_is_refused_by_its_number(typed: str) -> None:
    with pytest.raises(Undecidable, match=r"contains U\+[0-9A-F]{4} \("):
        checked(typed)


def test_what_is_too_long_a_number_or_no_text_is_refused() -> None:
    with pytest.raises(Undecidable, match="at most 200 characters, and this has 100,000"):
        checked("x" * 100_000)
    with pytest.raises(Undecidable, match="number of a speaker"):
        checked("365")
    with pytest.raises(Undecidable, match="not readable text"):
        checked("Petra \udcff")


def test_only_ascii_digits_are_a_number() -> None:
    assert [number(text) for text in ("365", " 7 ", "007", "0")] == [365, 7, 7, 0]
    assert [number(text) for text in ("٣", "²", "1_0", "-1", "1.0", "", "seven", "１")] == [None] * 8
    assert number("9" * 5_000) == LARGEST_NUMBER


def test_two_spellings_of_one_text_are_the_same_name() -> None:
    assert same("Jose\u0301 ", "José")
    assert not same("Jose", "José")
