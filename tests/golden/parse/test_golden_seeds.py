"""The three sample articles in `seeds/` are parsed correctly.

Dateline and licence are outside the body, and the outlet is the agency.
"""

from pathlib import Path

import pytest

from tests.sample_articles import ARTICLES
from worker.parse import Limits, parse, split

LICENCE = "All Content by Mehr News Agency is licensed under a Creative Commons Attribution 4.0 International License."
BODIES = {  # the first and the last words of each body
    "000_5fecdb64b3222853.txt": ("Russian Foreign Minister", "President Raisi said on Twitter."),
    "001_84ab17fe87df7723.txt": ("On Tuesday evening", "a fair and balanced agreement."),
    "002_4a51cc29514ceefc.txt": ("On Saturday", "expanding regional cooperation."),
}


def test_there_are_three() -> None:
    assert [seed.name for seed in ARTICLES] == list(BODIES)


@pytest.mark.parametrize("seed", ARTICLES, ids=lambda seed: seed.name)
def test_seed(seed: Path) -> None:
    with seed.open("rb") as stream:
        (member,) = split(stream, seed.name, Limits())
    article = parse(member.raw, member.media_type, Limits())

    assert article.text == seed.read_bytes().decode("utf-8")
    assert article.title is None
    assert article.dateline == "TEHRAN"
    assert article.licence == LICENCE
    assert article.outlet == "Mehr News Agency"
    assert article.language == "en"
    assert article.published_at is None
    assert article.warnings == ()
    first, last = BODIES[seed.name]
    assert article.body.startswith(first)
    assert article.body.endswith(last)
    assert article.text[: article.body_start] in ("TEHRAN - ", "TEHRAN — ")
    assert article.text[article.body_end :].strip() == LICENCE
