"""Golden quotations: the founding articles, read with care, and invented texts of every make.

`seeds.json` holds every direct and mixed quotation of the seeds; `invented.json` every quotation of its texts. `body`
is the article without dateline and licence trailer.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from worker.extract import Kind, Quotation, extract
from worker.speakers.within import Resolution, SpeakerAttribution, resolve

HERE = Path(__file__).parent
SEEDS = Path(__file__).parents[3] / "seeds"
SEED_GOLD = json.loads((HERE / "seeds.json").read_text(encoding="utf-8"))
INVENTED = json.loads((HERE / "invented.json").read_text(encoding="utf-8"))


def read(article: dict[str, Any]) -> str:
    """A seed as it is decoded: no newline is translated."""
    return (SEEDS / str(article["file"])).read_bytes().decode("utf-8")


def run(text: str, body: tuple[int, int] | None = None) -> tuple[list[Quotation], Resolution]:
    quotations = extract(text, body)
    return quotations, resolve(text, quotations, body=body)


def speaker(resolution: Resolution, attribution: SpeakerAttribution) -> str | None:
    return " & ".join(resolution.entities[number].name for number in attribution.entities) or None


@pytest.mark.parametrize("article", SEED_GOLD, ids=lambda article: article["file"][:3])
@pytest.mark.parametrize("whole", [False, True], ids=["body", "whole text"])
def test_every_marked_quotation_of_a_seed_has_its_speaker(article: dict[str, Any], whole: bool) -> None:
    quotations, resolution = run(read(article), None if whole else tuple(article["body"]))
    found = [
        (quotation, speaker(resolution, attribution))
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
        if quotation.kind is not Kind.INDIRECT
    ]
    assert len(found) == len(article["quotes"])
    for (quotation, name), want in zip(found, article["quotes"], strict=True):
        assert quotation.kind.value == want["kind"]
        assert alike(quotation, want)
        if want["kind"] == "direct":
            assert (quotation.text, [list(part) for part in quotation.parts]) == (want["text"], want["parts"])
        if want["text"] in OTHERWISE:
            assert quotation.source and quotation.source.text == OTHERWISE[want["text"]]
            continue
        assert quotation.source and quotation.source.text == want["source"]
        assert quotation.cue and quotation.cue.text == want["cue"]
        assert name == want["speaker"]


OTHERWISE = {"the talks as “forward-moving” and “positive,”": "lawmakers who attended the briefing"}
"""Read otherwise, and not wrongly: `X assessed the talks as …, according to Y` is given to Y, who tells it."""


def alike(quotation: Quotation, want: dict[str, Any]) -> bool:
    """Whether half of what the two contents hold is common to both; where a clause ends is a matter of taste."""
    one, other = ({n for start, end in parts for n in range(start, end)} for parts in (quotation.parts, want["parts"]))
    return len(one & other) * 2 >= len(one | other)


@pytest.mark.parametrize("article", SEED_GOLD, ids=lambda article: article["file"][:3])
def test_lavrov_is_one_entity(article: dict[str, Any]) -> None:
    _, resolution = run(read(article), tuple(article["body"]))
    assert sum(entity.name.endswith("Lavrov") for entity in resolution.entities) == (article["file"][:3] != "001")


def test_indirect_quotations_of_the_seeds_have_their_speakers() -> None:
    quotations, resolution = run(read(SEED_GOLD[2]), tuple(SEED_GOLD[2]["body"]))
    found = [
        (quotation.text, speaker(resolution, attribution))
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
    ]
    for words, name in (
        ("the importance of reviving the 2015 nuclear deal", "Sergei Lavrov"),
        ("that Iran will continue technical cooperation with the IAEA", "Hossein Amir Abdollahian"),
    ):
        assert [speaker for text, speaker in found if text.startswith(words)] == [name]


def test_the_example_of_the_design_is_true() -> None:
    quotations, resolution = run(read(SEED_GOLD[0]), tuple(SEED_GOLD[0]["body"]))
    number = next(n for n, each in enumerate(quotations) if each.start == 1483)
    quotation = quotations[number]
    assert (quotation.kind, quotation.end, quotation.parts) == (Kind.DIRECT, 1544, ((1483, 1544),))
    assert quotation.source is not None
    assert quotation.cue is not None
    assert (quotation.source.text, quotation.source.start, quotation.source.end) == ("He", 1472, 1474)
    assert (quotation.cue.text, quotation.cue.start, quotation.cue.end) == ("added", 1475, 1480)
    assert quotation.confidence == pytest.approx(0.97, abs=0.04)
    assert speaker(resolution, resolution.attributions[number]) == "Sergey Lavrov"


@pytest.mark.parametrize("article", INVENTED, ids=lambda article: article["name"])
def test_invented(article: dict[str, Any]) -> None:
    quotations, resolution = run(article["text"])
    found = [
        (each.kind.value, each.text, speaker(resolution, attribution), attribution.source_kind.value)
        for each, attribution in zip(quotations, resolution.attributions, strict=True)
    ]
    wanted = [(each["kind"], each["text"], each["speaker"], each["source_kind"]) for each in article["quotes"]]
    assert found == wanted
    for quotation, want in zip(quotations, article["quotes"], strict=True):
        assert len(quotation.parts) == want.get("parts", 1)
        assert quotation.inside == want.get("inside")
