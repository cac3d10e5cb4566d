"""An outlet is a name and never an address."""

import pytest

from worker.parse.compose import compose
from worker.parse.facts.outlets import outlet, outlet_of_credit, outlet_of_dateline
from worker.parse.format import Hint

TEXT = "The ferry sailed again on Tuesday, said Una Roe, who had waited for it."


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Lowmark Courier", "Lowmark Courier"),
        (" Lowmark &amp; Coast | ", "Lowmark & Coast"),
        ({"id": None, "name": "Lowmark Courier"}, "Lowmark Courier"),
        ({"title": {"name": "Lowmark Courier"}}, "Lowmark Courier"),
        ([{"url": "https://x.example"}, "Lowmark Courier"], "Lowmark Courier"),
        ("Gazeta.example", "Gazeta.example"),
        ("https://lowmark.example/harbour", None),
        ("//lowmark.example", None),
        ("www.lowmark.example", None),
        ("lowmark.example/harbour", None),
        ("news@lowmark.example", None),
        ("None", None),
        (5, None),
    ],
)
def test_outlet(value: object, name: str | None) -> None:
    assert outlet(value) == name


def test_an_address_for_an_outlet_becomes_the_address_of_the_article() -> None:
    article = compose(TEXT, Hint(), outlet="https://lowmark.example/a", domain="lowmark.example")
    assert (article.outlet, article.url) == ("lowmark.example", "https://lowmark.example/a")


def test_agencies_in_datelines_and_at_the_end() -> None:
    assert outlet_of_dateline("LISBON, March 5 (Costa Wire)") == "Costa Wire"
    assert outlet_of_dateline("LISBON") is None
    assert outlet_of_credit("It rained. (Reuters)") == "Reuters"
    assert outlet_of_credit("It rained.\n\n— AP\n") == "AP"
    assert outlet_of_credit("“It rained.” — Ana Ferro") is None
    assert outlet_of_credit("It rained in Lowmark (again)") is None


def test_the_declared_outlet_comes_before_that_of_the_text() -> None:
    text = "LISBON (Costa Wire) - " + TEXT
    assert compose(text, Hint()).outlet == "Costa Wire"
    assert compose(text, Hint(), outlet={"name": "Lowmark Courier"}).outlet == "Lowmark Courier"
