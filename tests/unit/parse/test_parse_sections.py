"""The section of the paper: what a page, a record or the front matter of a text calls it."""

import json

import pytest

from worker.parse import Limits, parse

TEXT = "The ferry returned to Lowmark on Tuesday after nine days. “We waited long enough,” said Ana Ferro, the mayor."
LINKED = '<script type="application/ld+json">{}</script>'


def page(head: str) -> bytes:
    """Return a page with an article, and this in its head."""
    head = f"<head><title>Ferry returns to the island</title>{head}</head>"
    return f"<!doctype html><html>{head}<body><article><p>{TEXT}</p></article></body></html>".encode()


@pytest.mark.parametrize(
    ("head", "section"),
    [
        ('<meta property="article:section" content="Islands &amp; Ports">', "Islands & Ports"),
        (LINKED.format('{"@type": "NewsArticle", "articleSection": ["Islands", "Ports"]}'), "Islands"),
        ('<meta property="article:section" content="https://courier.example/islands">', None),
        ("", None),
    ],
)
def test_a_page_declares_its_section(head: str, section: str | None) -> None:
    assert parse(page(head), "text/html", Limits()).section == section


@pytest.mark.parametrize(
    ("field", "section"),
    [
        ({"section_name": "Islands"}, "Islands"),
        ({"category": {"id": 7, "name": "Islands"}}, "Islands"),
        ({"category": ["Islands", "Ports"]}, "Islands"),
        ({"category": "7"}, None),
        ({}, None),
    ],
)
def test_a_record_has_a_field_for_its_section(field: dict[str, object], section: str | None) -> None:
    raw = json.dumps({"title": "Ferry returns", "text": TEXT, **field}).encode()
    assert parse(raw, "application/json", Limits()).section == section


def test_front_matter_names_the_section() -> None:
    raw = f"---\ntitle: Ferry returns\nsection: Islands\n---\n\n{TEXT}\n".encode()
    assert parse(raw, "text/markdown", Limits()).section == "Islands"
