"""Invisible characters and accents beside their letters hide no quotation and no name, and all offsets stay true."""

import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.extract import Quotation, extract
from worker.extract.seen import Seen, hides
from worker.speakers.within import resolve

TEXT = (
    "The quay was closed on Monday. “We will reopen the harbour when it is safe,” said Zoë Ferrández, the harbour"
    " master.\n\nThe mayor, Tomáš Říha, told the council that the wall would be raised. “It was a bad night,” Ferrández"
    " said."
)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u034f"


def scattered(text: str, signs: str) -> str:
    """Return the text with one of the signs behind every third letter or so."""
    chance = random.Random(7)
    return "".join(sign + (chance.choice(signs) if sign.isalpha() and chance.random() < 0.3 else "") for sign in text)


def names_and_cues(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the speakers' names and the cue of each quotation."""
    quotations = extract(text)
    resolution = resolve(text, quotations, title=text[:20])
    return [
        (
            tuple(resolution.entities[index].name for index in attribution.entities),
            Seen(quotation.cue.text).text if quotation.cue else "",
        )
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
    ]


def assert_true_offsets(text: str, quotations: list[Quotation]) -> None:
    for quotation in quotations:
        assert quotation.text == " ".join(text[start:end] for start, end in quotation.parts)
        for mention in (quotation.source, quotation.cue):
            assert mention is None or mention.text == text[mention.start : mention.end]


@pytest.mark.parametrize(
    "hidden",
    [
        *(pytest.param(scattered(TEXT, sign), id=f"U+{ord(sign):04X}") for sign in INVISIBLE),
        pytest.param(unicodedata.normalize("NFD", TEXT), id="decomposed"),
        pytest.param(scattered(unicodedata.normalize("NFD", TEXT), INVISIBLE), id="both"),
    ],
)
def test_names_and_quotations_are_those_of_the_plain_text(hidden: str) -> None:
    assert hidden != TEXT
    plain = names_and_cues(TEXT)
    assert [names for names, _ in plain if names] == [("Zoë Ferrández",), ("Tomáš Říha",), ("Zoë Ferrández",)]
    assert names_and_cues(hidden) == plain
    assert_true_offsets(hidden, extract(hidden))
    assert [Seen(quotation.text).text for quotation in extract(hidden)] == [each.text for each in extract(TEXT)]


@given(st.text(alphabet=st.sampled_from("aé “”.\u0301\u00ad\u200b각\u1100\u1161\u11a8"), max_size=40))
def test_every_span_goes_to_the_stored_text_and_back(text: str) -> None:
    seen = Seen(text)
    assert hides(text) or seen.text == text
    assert not set(seen.text) & set(INVISIBLE)
    for start in range(len(seen.text)):
        for end in range(start + 1, len(seen.text) + 1):
            stored = seen.stored_span((start, end))
            assert 0 <= stored[0] < stored[1] <= len(text)
            assert Seen(text[slice(*stored)]).text.startswith(seen.text[start]) or start > 0


def test_a_body_that_ends_between_a_letter_and_its_accent_is_kept() -> None:
    text = "Ana Ferro is saying: “We go to the cafe\u0301"
    for quotation in extract(text, (0, len(text) - 1)):
        assert quotation.end <= len(text) - 1
        assert_true_offsets(text, [quotation])


def test_the_time_is_linear() -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        Seen(text)
        return time.process_time() - began

    for shape in ("a\u0301", "\u00ad", "a" + "\u0301" * 50, "\u1100\u1161"):
        small, large = seconds(shape * 20_000), seconds(shape * 200_000)
        assert large < 25 * max(small, 0.01)
