"""Made text: labels stay on their words when clauses, marks, names and paragraphs change."""

import random
import re

import pytest

from training.made import KINDS, clauses, made
from training.moving import Part, Record, Unmovable, assembled, rewritten

TEXT = (
    "The harbour will close for a year while the quay is mended, the town council heard in its long session today.\n\n"
    "“We wait for ‘good’ news,” said Ana Ferro. The mayor said that the boats are safe. "
    "He added, “Nobody goes.”\n\n“It is a pity,” Ferro said. Ordun Shipping lost money."
)


def spans(*words: str) -> list[list[int]]:
    """Return the places of words in the text."""
    return [[TEXT.index(one), TEXT.index(one) + len(one)] for one in words]


RECORD: Record = {
    "doc": "harbour",
    "text": TEXT,
    "quotes": [
        {"content": spans("“We wait for ‘good’ news,”"), "source": spans("Ana Ferro"), "cue": spans("said")},
        {
            "content": spans("the boats are safe"),
            "source": spans("The mayor"),
            "cue": [[TEXT.index("said that"), TEXT.index("said that") + 4]],
        },
        {"content": spans("“Nobody goes.”"), "source": spans("He"), "cue": spans("added")},
        {
            "content": spans("“It is a pity,”"),
            "source": [[TEXT.index("Ferro said"), TEXT.index("Ferro said") + 5]],
            "cue": [[TEXT.index("Ferro said") + 6, TEXT.index("Ferro said") + 10]],
        },
    ],
    "entities": [(*spans("Ana Ferro")[0], "PERSON"), (*spans("Ordun Shipping")[0], "ORGANIZATION")],
}


def labelled(record: Record, name: str) -> list[list[str]]:
    """Return the words of every label of one kind."""
    return [[record["text"][start:end] for start, end in quote[name]] for quote in record["quotes"]]


def letters(text: str) -> str:
    """Return the letters of a text, all small."""
    return re.sub(r"[\W_]+", "", text).lower()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_the_reported_words_stay_the_same(kind: str, seed: int) -> None:
    new = KINDS[kind](RECORD, random.Random(seed))
    for old, now in zip(RECORD["quotes"], new["quotes"], strict=True):
        before = "".join(TEXT[start:end] for start, end in old["content"])
        after = "".join(new["text"][start:end] for start, end in now["content"])
        assert letters(after) == letters(before)
    if kind != "names":
        kept = [(who, cue) for who, cue in zip(labelled(new, "source"), labelled(new, "cue"), strict=True) if cue]
        old = list(zip(labelled(RECORD, "source"), labelled(RECORD, "cue"), strict=True))
        assert all(
            any([one.lower() for one in who] == [one.lower() for one in other] and cue == said for other, said in old)
            for who, cue in kept
        )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_changes_the_text(kind: str) -> None:
    assert any(KINDS[kind](RECORD, random.Random(seed))["text"] != TEXT for seed in range(12))


def test_clauses_are_sentences_that_are_nothing_but_attributions() -> None:
    assert [(number, clause.quoted, clause.leads) for number, clause in clauses(RECORD)] == [
        (0, True, False),
        (1, False, True),
        (2, True, True),
        (3, True, False),
    ]


def test_announced_words_stand_in_a_paragraph_of_their_own() -> None:
    texts = {KINDS["announced"](RECORD, random.Random(seed))["text"] for seed in range(12)}
    assert any("Ana Ferro said:\n\n“We wait for ‘good’ news.” The mayor" in text for text in texts)
    assert any("He added:\n\n“Nobody goes.”\n\n" in text for text in texts)


def test_the_wire_names_the_speaker_at_the_end() -> None:
    texts = {KINDS["wire"](RECORD, random.Random(seed))["text"] for seed in range(12)}
    assert any("\n\nThe boats are safe, the mayor said." in text for text in texts)
    assert all(re.match(r"[A-Z ]+ \((Reuters|AP|AFP)\) [-–—] The harbour", text) for text in texts)


def test_floating_words_have_no_speaker() -> None:
    for seed in range(12):
        new = KINDS["floating"](RECORD, random.Random(seed))
        if "Ana Ferro" not in new["text"]:
            break
    assert new["quotes"][0]["source"] == [] == new["quotes"][0]["cue"]
    assert labelled(new, "content")[0] == ["“We wait for ‘good’ news.”"]


def test_a_name_becomes_the_same_name_everywhere() -> None:
    ferro = TEXT.index("Ferro said")
    again = RECORD | {"entities": [*RECORD["entities"], (ferro, ferro + 5, "PERSON")]}
    lasts = set()
    for seed in range(12):
        new = KINDS["names"](again, random.Random(seed))
        first, last = labelled(new, "source")[0][0], labelled(new, "source")[3][0]
        assert first.endswith(last)
        lasts.add(last)
    assert len(lasts) > 6


def test_marks_of_another_house_are_paired() -> None:
    texts = {KINDS["marks"](RECORD, random.Random(seed))["text"] for seed in range(12)}
    assert any("«We wait for “good” news,» said" in text for text in texts)
    assert any("\"We wait for 'good' news,\" said" in text for text in texts)


def test_a_label_that_would_be_torn_stops_the_change() -> None:
    start, end = RECORD["quotes"][0]["content"][0]
    with pytest.raises(Unmovable):
        assembled(RECORD, [Part(end - 5, len(TEXT)), Part(0, end - 5)])
    with pytest.raises(Unmovable):
        assembled(RECORD, [Part(0, start), Part(end, len(TEXT))])
    with pytest.raises(Unmovable):
        rewritten(RECORD, [Part(start - 1, start + 5, "…")])


def test_made_text_is_the_same_for_the_same_chance() -> None:
    assert made(RECORD, list(KINDS), random.Random(4)) == made(RECORD, list(KINDS), random.Random(4))
