"""Spans of the network that begin or end inside a word."""

import pytest

from worker.extract.building import build
from worker.extract.quotation import Kind, Mention
from worker.extract.whole import in_whole_words

TEXT = "Andrade accused the minister of offsets and lies."


def span(words: str) -> Mention:
    start = TEXT.index(words)
    return Mention(words, start, start + len(words))


@pytest.mark.parametrize(
    ("source", "cue", "words", "expected"),
    [
        ("rade", "accus", "the minister", ("Andrade", "accused", "the minister")),
        ("Andrade", "accused", "ister of off", ("Andrade", "accused", "minister of offsets")),
        ("Andrade accu", "accused", "sed the minister", ("Andrade accused", "accused", "the minister")),
        ("Andrade", "lies", "the minister of offsets and l", ("Andrade", "lies", "the minister of offsets and")),
        ("Andrade", "accused", "the minister", ("Andrade", "accused", "the minister")),
    ],
    ids=["source and cue", "a part", "shared at its start", "shared at its end", "whole already"],
)
def test_words_are_whole(source: str, cue: str, words: str, expected: tuple[str, str, str]) -> None:
    part = span(words)
    quotation = build(TEXT, [(part.start, part.end)], Kind.INDIRECT, span(source), span(cue), 0.9)
    assert quotation is not None
    mended = in_whole_words(TEXT, quotation, (0, len(TEXT)))
    assert mended.source is not None
    assert mended.cue is not None
    assert (mended.source.text, mended.cue.text, mended.text) == expected
    for mention in (mended.source, mended.cue):
        assert TEXT[mention.start : mention.end] == mention.text


def test_no_word_reaches_out_of_the_body() -> None:
    part = span("off")
    quotation = build(TEXT, [(part.start, part.end)], Kind.INDIRECT, None, None, 0.9)
    assert quotation is not None
    assert in_whole_words(TEXT, quotation, (0, part.end)).parts == quotation.parts
