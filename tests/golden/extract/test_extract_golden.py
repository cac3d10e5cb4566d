"""Golden quotations: quotations that people marked in the three sample articles in `seeds/` and in invented texts.

`seeds.json` has every direct and mixed quotation of the sample articles. `invented.json` has invented texts of many
kinds, with every quotation. `body` is the article without the dateline and without the licence at the end.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sample_articles import FOLDER
from worker.extract import Kind, Quotation, extract
from worker.speakers.within import Resolution, SpeakerAttribution, resolve

HERE = Path(__file__).parent
SEED_GOLD = json.loads((HERE / "seeds.json").read_text(encoding="utf-8"))
INVENTED = json.loads((HERE / "invented.json").read_text(encoding="utf-8"))


def read(article: dict[str, Any]) -> str:
    """Return the text of a sample article with its newlines unchanged."""
    return (FOLDER / str(article["file"])).read_bytes().decode("utf-8")


def run(text: str, body: tuple[int, int] | None = None) -> tuple[list[Quotation], Resolution]:
    quotations = extract(text, body)
    return quotations, resolve(text, quotations, body=body)


def speaker(resolution: Resolution, attribution: SpeakerAttribution) -> str | None:
    return " & ".join(resolution.entities[number].name for number in attribution.entities) or None


@pytest.mark.parametrize("article", SEED_GOLD, ids=lambda article: article["file"][:3])
@pytest.mark.parametrize("whole", [False, True], ids=["body", "whole text"])
def test_every_marked_quotation_of_a_seed_has_its_speaker(article: dict[str, Any], whole: bool) -> None:
    quotations, resolution = run(read(article), None if whole else tuple(article["body"]))
    marked = [
        (quotation, speaker(resolution, attribution))
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
        if quotation.kind is not Kind.INDIRECT
    ]
    assert len(marked) == len(article["quotes"])
    for (quotation, name), expected in zip(marked, article["quotes"], strict=True):
        assert quotation.kind.value == expected["kind"]
        assert alike(quotation, expected)
        if expected["kind"] == "direct":
            assert (quotation.text, [list(part) for part in quotation.parts]) == (expected["text"], expected["parts"])
        if expected["text"] in OTHERWISE:
            assert quotation.source and quotation.source.text == OTHERWISE[expected["text"]]
            continue
        assert quotation.source and quotation.source.text == expected["source"]
        assert quotation.cue and quotation.cue.text == expected["cue"]
        assert name == expected["speaker"]


OTHERWISE = {"the talks as “forward-moving” and “positive,”": "lawmakers who attended the briefing"}
"""Quotations for which the network finds another source than `seeds.json`. That source is not wrong: `X assessed the
talks as …, according to Y` can also be called a statement of Y."""


def alike(quotation: Quotation, expected: dict[str, Any]) -> bool:
    """True if the overlap of two contents is at least half of their union. People disagree on where a clause ends."""
    ours, theirs = ({n for start, end in p for n in range(start, end)} for p in (quotation.parts, expected["parts"]))
    return len(ours & theirs) * 2 >= len(ours | theirs)


@pytest.mark.parametrize("article", SEED_GOLD, ids=lambda article: article["file"][:3])
def test_lavrov_is_one_entity(article: dict[str, Any]) -> None:
    _, resolution = run(read(article), tuple(article["body"]))
    assert sum(entity.name.endswith("Lavrov") for entity in resolution.entities) == (article["file"][:3] != "001")


def test_indirect_quotations_of_the_seeds_have_their_speakers() -> None:
    quotations, resolution = run(read(SEED_GOLD[2]), tuple(SEED_GOLD[2]["body"]))
    texts_and_speakers = [
        (quotation.text, speaker(resolution, attribution))
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
    ]
    for words, name in (
        ("the importance of reviving the 2015 nuclear deal", "Sergei Lavrov"),
        ("that Iran will continue technical cooperation with the IAEA", "Hossein Amir Abdollahian"),
    ):
        assert [speaker for text, speaker in texts_and_speakers if text.startswith(words)] == [name]


def test_the_example_of_the_design_is_true() -> None:
    quotations, resolution = run(read(SEED_GOLD[0]), tuple(SEED_GOLD[0]["body"]))
    number = next(n for n, quotation in enumerate(quotations) if quotation.start == 1483)
    quotation = quotations[number]
    assert (quotation.kind, quotation.end, quotation.parts) == (Kind.DIRECT, 1544, ((1483, 1544),))
    assert quotation.source is not None
    assert quotation.cue is not None
    assert (quotation.source.text, quotation.source.start, quotation.source.end) == ("He", 1472, 1474)
    assert (quotation.cue.text, quotation.cue.start, quotation.cue.end) == ("added", 1475, 1480)
    assert quotation.confidence == pytest.approx(0.89, abs=0.04)
    assert speaker(resolution, resolution.attributions[number]) == "Sergey Lavrov"


@pytest.mark.parametrize("article", INVENTED, ids=lambda article: article["name"])
def test_invented(article: dict[str, Any]) -> None:
    quotations, resolution = run(article["text"])
    rows = [
        (quotation.kind.value, quotation.text, speaker(resolution, attribution), attribution.source_kind.value)
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
    ]
    quotes = article["quotes"]
    assert rows == [(quote["kind"], quote["text"], quote["speaker"], quote["source_kind"]) for quote in quotes]
    for quotation, quote in zip(quotations, quotes, strict=True):
        assert len(quotation.parts) == quote.get("parts", 1)
        assert quotation.inside == quote.get("inside")
