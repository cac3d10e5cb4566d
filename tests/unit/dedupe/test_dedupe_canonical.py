"""Canonical texts: two texts are equal if they differ in typography only."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.dedupe.canonical import canonical_hash, canonical_text, canonical_url

LONG = "word " * 60
NOWHERE = {"title": None, "outlet": None, "url": None}


@given(st.text())
def test_the_canonical_text_of_a_canonical_text_is_the_same(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("“It’s done,” he said – twice.", '"It\'s done," he said - twice.'),
        ("a\u00a0b\r\n\tc ", "a b c"),
        ("ﬁne", "fine"),
        ("naï\u0308ve", "naï\u0308ve"),
        ("co\u00adoperation\u200b", "cooperation"),
        ("``quoted''".replace("`", "'"), '"quoted"'),
        ("«oui»", '"oui"'),
    ],
)
def test_typography_is_ignored(text: str, other: str) -> None:
    assert canonical_text(text) == canonical_text(other)


@pytest.mark.parametrize(("text", "other"), [("Polish", "polish"), ("a b", "ab"), ("yes.", "yes!")])
def test_case_and_wording_count(text: str, other: str) -> None:
    assert canonical_text(text) != canonical_text(other)


def test_a_long_body_is_the_same_wherever_it_is_printed() -> None:
    here = canonical_hash(LONG, title="A", outlet="B", url="http://c/1")
    assert here == canonical_hash(LONG, **NOWHERE)
    assert len(here) == 32


def test_a_short_body_is_the_same_only_at_the_same_place() -> None:
    short = "Markets closed today."
    hashes = {
        canonical_hash(short, **NOWHERE),
        canonical_hash(short, title="T", outlet="O", url=None),
        canonical_hash(short, title="T", outlet="P", url=None),
        canonical_hash(short, title="U", outlet="O", url=None),
        canonical_hash(short, title="T", outlet="O", url="https://o/1"),
        canonical_hash(short, title="T", outlet="O", url="https://o/2"),
    }
    assert len(hashes) == 6
    same = canonical_hash("Markets closed  today.", title="other", outlet=None, url="http://O/1/?utm_source=x#top")
    assert same in hashes


def test_text_that_is_no_address_stays_as_it_is() -> None:
    assert canonical_url(" http://[broken ") == "http://[broken"


def test_lone_surrogates_are_hashed() -> None:
    assert canonical_hash("\ud800 " + LONG, **NOWHERE) != canonical_hash(LONG, **NOWHERE)


@pytest.mark.parametrize("accents", ["\u0315\u0300", "\u0344\u0323", "\uff9e\u0334"])
def test_time_grows_in_proportion_to_the_accents_on_a_letter(accents: str) -> None:
    """Sorting all accents together takes quadratic time: 18 minutes for a million accents."""
    start = time.process_time()
    once = canonical_text("a" + accents * 100_000)
    assert time.process_time() - start < 5
    assert canonical_text(once) == once
    assert canonical_text("e\u0323\u0302 is \u1ec7") == "\u1ec7 is \u1ec7"
