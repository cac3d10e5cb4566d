"""The fields at the top of Markdown files, as many programs write them."""

import pytest

from worker.parse import Limits, parse
from worker.parse.facts.front_matter import front_matter

CASES: dict[str, dict[str, object]] = {
    "---\ntitle: A: b\ntags: [x, 'y, z']\n---\n": {"title": "A: b", "tags": ["x", "y, z"]},
    '---\ntitle: "A \\"b\\" \\u00e9"\n---\n': {"title": 'A "b" é'},
    "---\ntitle: 'It''s' # no\n---\n": {"title": "It's"},
    "---\nauthors:\n- Ana\n- Bo\n---\n": {"authors": ["Ana", "Bo"]},
    "---\nauthors:\n  - name: Ana\n    url: x\n  - name: Bo\n---\n": {"authors": ["Ana", "Bo"]},
    "---\nauthor: {name: Ana, url: x}\n---\n": {"author": "Ana"},
    "---\nauthor:\n  name: Ana\n---\n": {"author": ["Ana"]},
    "---\ntitle: >-\n  A\n  b\nx: y\n---\n": {"title": "A b", "x": "y"},
    "---\nPublish Date: 2024-05-17\n...\n": {"publish_date": "2024-05-17"},
    '+++\nauthors = [\n  "Ana",\n  "Bo",\n]\n[other]\ntitle = "no"\n+++\n': {"authors": ["Ana", "Bo"]},
    '+++\ntitle = "A"\n[params]\nauthor = "Bo"\n+++\n': {"title": "A", "author": "Bo"},
    "---\n\nwords\n\n---\n": {},
    "no fields": {},
}


@pytest.mark.parametrize(("text", "fields"), CASES.items())
def test_fields(text: str, fields: dict[str, object]) -> None:
    assert front_matter(text).fields == fields


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    article = parse(b"---\n\nThe ferry sailed, said Una Roe.\n\n---\n\nIt rained.", "text/markdown", Limits())
    assert "The ferry sailed" in article.text


def test_where_a_clipping_comes_from() -> None:
    fields = 'title: A wall\nsource: "https://x.example/a"\nauthor:\n  - "[[Ana Ferro]]"\npublished: 17/05/2024'
    raw = f"---\n{fields}\n---\nIt rained."
    article = parse(raw.encode(), "text/markdown", Limits())
    assert (article.url, article.outlet, article.authors) == ("https://x.example/a", None, ("Ana Ferro",))
    assert article.published_at == "2024-05-17T00:00:00+00:00"
