"""Wording: which quotations of one speaker are the same statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.dedupe.wording import LIKE, keys, likeness

FULL = "We hope to reach a final agreement at this stage and in the coming days, he told us all again"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("A package solution", "“a package solution,”"),
        (FULL, FULL.replace("coming", "next")),
        (FULL, FULL.rsplit(", he", 1)[0]),
        (FULL, "But " + FULL),
        (
            "We met them in Kiev, and we will meet them again soon",
            "We met them in Kyiv, and we will meet them again soon",
        ),
        (
            "We told the US about it, and we will tell them again",
            "We told the UK about it, and we will tell them again",
        ),
        ("The club of Lowmark is proud of each one of its fans", "The club is proud of each one of its fans"),
        ("No", "no!"),
    ],
)
def test_light_edits_are_one_statement(text: str, other: str) -> None:
    assert likeness(text, other) >= LIKE
    assert set(keys(text)) & set(keys(other)), "without a common key, they are never compared"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("package solution", "a package solution"),
        (FULL, FULL.replace("We hope", "We do not hope").replace("to reach", "to ever reach")),
        (
            "Prices will rise by 3.2 percent before the end of the next year, we think",
            "Prices will rise by 3.4 percent before the end of the next year, we think",
        ),
        (
            "We will never agree to any such demand made by them in public",
            "We will surely agree to any such demand made by them in public",
        ),
        (FULL, "We hope to reach a final agreement"),
        (
            "We expect a hard game against Hollow, and we will be ready for it on the day",
            "We expect a hard game against Rellham, and we will be ready for it on the day",
        ),
        (
            "Lowmark Town is proud of each and every one of its loyal fans tonight",
            "Ostby Town is proud of each and every one of its loyal fans tonight",
        ),
        ("", ""),
        ("…", "!"),
    ],
)
def test_other_words_are_two_statements(text: str, other: str) -> None:
    assert likeness(text, other) == 0


@given(st.text(alphabet="ab no3 ", max_size=60), st.text(alphabet="ab no3 ", max_size=60))
def test_likeness_is_symmetric(text: str, other: str) -> None:
    assert likeness(text, other) == likeness(other, text)
    assert 0 <= likeness(text, other) <= 1


def test_keys_are_few_and_signed() -> None:
    assert keys("…") == ()
    assert len(keys("no")) == 1
    assert len(keys(FULL * 30)) == 9
    assert all(-(2**63) <= value < 2**63 for value in keys(FULL))
