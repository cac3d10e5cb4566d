"""Which articles are versions of one item, and which are no versions at all."""

from dataclasses import replace

import pytest

from worker.dedupe.identity import version_of
from worker.parse.article import Article

TEXT = "The harbour will be closed."
DOCUMENT = b"\1" * 32
PLAIN = Article(TEXT, 0, len(TEXT), outlet="Coast Wire")


def item_of(identifier: str | None, outlet: str | None = "Coast Wire", **more: object) -> bytes | None:
    """Return the item of an article with this id, which has a revision."""
    fields = {"revision": "0000000001", **more}
    version = version_of(replace(PLAIN, identifier=identifier, outlet=outlet, **fields), DOCUMENT)  # type: ignore[arg-type]
    return version.item if version else None


def test_an_article_without_revision_is_no_version() -> None:
    assert version_of(PLAIN, DOCUMENT) is None
    assert version_of(replace(PLAIN, identifier="2934001122"), DOCUMENT) is None


@pytest.mark.parametrize(
    "identifier",
    [
        "urn:newsml:coast.example:20240305:ferry",
        "tag:coast.example,2024:ferry",
        "https://coast.example/items/17",
        "CoastWire:cw-55120",
        "Coast Wire:55120",
        "3cf6a1b2c3d4e5f60718293a4b5c6d7e",
        "3cf6a1b2-c3d4-e5f6-0718-293a4b5c6d7e",
    ],
)
def test_an_id_that_is_unique_in_the_world_is_the_same_at_every_outlet(identifier: str) -> None:
    assert item_of(identifier) == item_of(identifier, "Valley Press") == item_of(identifier, None)


@pytest.mark.parametrize("identifier", ["17", "cw-55120", "2024:17"])
def test_any_other_id_is_that_of_its_outlet(identifier: str) -> None:
    assert item_of(identifier) == item_of(identifier, "COAST  wire")
    assert item_of(identifier) != item_of(identifier, "Valley Press")
    assert item_of(identifier, None) is None
    assert item_of(identifier, "AP") == item_of(identifier, "The Associated Press")


def test_the_revision_in_a_newsml_urn_is_not_part_of_the_id() -> None:
    urn = "urn:newsml:coast.example:20240305T101500Z:ferry"
    assert item_of(urn) == item_of(f"{urn}:2N") == item_of(f"{urn}:13") != item_of(f"{urn}:other")
    version = version_of(replace(PLAIN, identifier=f"{urn}:2N", revision=None, is_withdrawn=True), DOCUMENT)
    assert version is not None
    assert version.revision == "0000000002"


def test_a_withdrawn_article_without_id_is_an_item_of_its_own() -> None:
    alone = replace(PLAIN, is_withdrawn=True)
    first, again, other = (version_of(alone, digest) for digest in (DOCUMENT, DOCUMENT, b"\2" * 32))
    assert first == again != other
    assert first is not None
    assert first.is_withdrawn
