"""The article's own object is found in the JSON-LD of a page, also where the JSON is broken."""

import json

import pytest

from worker.parse.pages.json_ld import Described, described
from worker.parse.pages.json_mending import values
from worker.parse.pages.markup import tree

TITLE = "Ferry returns after storm"
OWN = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-05-17", "author": "Ana Ferro"}


def read(*scripts: object, titles: tuple[str, ...] = (TITLE,), addresses: tuple[str, ...] = ()) -> Described:
    """Return what these scripts say about the article of a page."""
    texts = (script if isinstance(script, str) else json.dumps(script) for script in scripts)
    page = "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)
    return described(tree(f"<html><head>{page}</head><body><p>Words.</p></body></html>"), titles, addresses)


@pytest.mark.parametrize(
    "script",
    [
        OWN,
        [{"@type": "WebSite", "name": "Courier"}, [OWN]],
        {"@graph": [{"@type": "WebPage", "mainEntity": OWN}]},
        {**OWN, "@type": ["Thing", "http://schema.org/OpinionNewsArticle"]},
        {"@type": "JobPosting", "title": TITLE, "x": OWN},
        [{"@type": "ItemList", "itemListElement": [{"item": {**OWN, "headline": "Circus comes to town"}}]}, OWN],
        [{**OWN, "headline": "Circus comes to town", "author": "Otto Brill"}, OWN],
    ],
)
def test_own_object(script: object) -> None:
    assert read(script).node["headline"] == TITLE


@pytest.mark.parametrize(
    "script",
    [
        {"@type": "JobPosting", "title": TITLE, "datePosted": "2024-01-01"},
        {"@type": "VideoObject", "name": TITLE},
        {"@type": "ItemList", "itemListElement": [{"item": {**OWN, "headline": "Circus comes to town"}}]},
        {**OWN, "headline": "Circus comes to town", "url": "https://x.example/circus", "author": None},
        "",
        "no JSON",
        "[1, 2",
    ],
)
def test_no_own_object(script: object) -> None:
    assert read(script, addresses=("https://x.example/ferry",)).node == {}


def test_the_address_tells_the_article_from_others() -> None:
    other = {**OWN, "url": "https://x.example/circus", "author": "Otto Brill"}
    own = {**OWN, "mainEntityOfPage": {"@id": "https://www.x.example/ferry/?a=1"}}
    found = read([other, own], titles=(), addresses=("http://x.example/ferry",))
    assert found.authors() == ["Ana Ferro"]


def test_references_are_followed() -> None:
    graph = [
        {"@type": "Article", "headline": TITLE, "author": [{"@id": "#a"}, "#b"], "isPartOf": {"@id": "#page"}},
        {"@type": "WebPage", "@id": "#page", "isPartOf": {"@id": "#site"}},
        {"@type": "WebSite", "@id": "#site", "name": "Skerry &amp; Coast", "isPartOf": {"@id": "#page"}},
        {"@type": "Person", "@id": "#a", "name": "Ana Ferro", "worksFor": {"@id": "#a"}},
        {"@type": "Person", "@id": "#b", "name": "Tomas Rell"},
    ]
    found = read({"@graph": graph})
    assert found.authors() == ["Ana Ferro", "Tomas Rell"]
    assert (found.publishers(), found.site()) == ([], "Skerry & Coast")


def test_a_body_is_the_author_only_if_no_person_is() -> None:
    body = {"@type": "Organization", "name": "Reuters"}
    assert read({**OWN, "author": [body, {"@type": "Person", "name": "Ana Ferro"}]}).authors() == ["Ana Ferro"]
    assert read({**OWN, "author": body}).authors() == ["Reuters"]


@pytest.mark.parametrize(
    "script",
    [
        '{"a": "b",}',
        '/* made by hand */ {"a": "b"}',
        '{"a": "b"}; ',
        '<!-- {"a": "b"} -->',
        '//<![CDATA[\n{"a": "b"}\n//]]>',
        "{&quot;a&quot;: &quot;b&quot;}",
        '{\n// a comment\n"a": "b",\n}',
    ],
)
def test_mended(script: str) -> None:
    assert values(script) == [{"a": "b"}]


def test_escapes_that_are_none_are_left_out() -> None:
    assert values(r'{"a": "it\'s", "b": "c:\\d"}') == [{"a": "it's", "b": r"c:\d"}]


def test_several_objects_in_one_script() -> None:
    assert values('{"a": 1}\n{"b": 2}') == [{"a": 1}, {"b": 2}]


def test_fields_are_read_from_an_object_that_breaks_off() -> None:
    script = '{"@type": "NewsArticle", "headline": "He said "no" twice", "author": {"@type": "Person", "name": "Ana Fe'
    assert values(script.replace("Ana Fe", 'Ana Ferro"}, "articleBody": "The fer')) == [
        {"@type": "NewsArticle", "headline": 'He said "no" twice', "author": "Ana Ferro"}
    ]
