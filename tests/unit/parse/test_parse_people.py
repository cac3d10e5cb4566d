"""By-lines of all formats become the names of people."""

import pytest

from worker.parse.facts.people import is_person, people

NAMES: dict[str, tuple[str, ...]] = {
    "By Ana Ferro and Tomas Rell": ("Ana Ferro", "Tomas Rell"),
    "Von Ana Ferro und Tomas Rell": ("Ana Ferro", "Tomas Rell"),
    "Par Ana Ferro et Tomas Rell": ("Ana Ferro", "Tomas Rell"),
    "Por Ana Ferro y Tomas Rell": ("Ana Ferro", "Tomas Rell"),
    "Ana Ferro en Tomas Rell": ("Ana Ferro", "Tomas Rell"),
    "Ana Ferro & Tomas Rell": ("Ana Ferro", "Tomas Rell"),
    "Ana Ferro, Tomas Rell and Jo Harlan": ("Ana Ferro", "Tomas Rell", "Jo Harlan"),
    "José Ortega y Gasset": ("José Ortega y Gasset",),
    "Ana Maria da Silva": ("Ana Maria da Silva",),
    "Ana Ferro, Political Editor": ("Ana Ferro",),
    "Political editor Ana Ferro": ("Ana Ferro",),
    "Ana Ferro Staff Writer": ("Ana Ferro",),
    "By ANA FERRO AP Medical Writer": ("Ana Ferro",),
    "ANA FERRO Aerospace Writer": ("Ana Ferro",),
    "AP Sports Writer Ana Ferro": ("Ana Ferro",),
    "AP Aerospace Writer Ana Ferro": ("Ana Ferro",),
    "Associated Press Writer Ana Ferro": ("Ana Ferro",),
    "Ana Ferro The Associated Press": ("Ana Ferro",),
    "By ANA FERRO and TOMAS RELL Associated Press Writers": ("Ana Ferro", "Tomas Rell"),
    "By Ana Ferro and Tomas Rell | Staff Writers": ("Ana Ferro", "Tomas Rell"),
    "Ana Ferro, M.D., and Tomas Rell, Ph.D.": ("Ana Ferro", "Tomas Rell"),
    "Ana Ferro (dpa)": ("Ana Ferro",),
    "Ana Ferro in Lowmark": ("Ana Ferro",),
    "Ana Ferro, New York": ("Ana Ferro",),
    "Ana Ferro - Apr 16, 2015 8:02 pm UTC": ("Ana Ferro",),
    "By ANA FERRO and JOOST DE WIT, Associated Press": ("Ana Ferro", "Joost de Wit"),
    "RONAN O'HARA-MCDONALD": ("Ronan O'Hara-McDonald",),
    "Ferro, Ana": ("Ana Ferro",),
    "Ferro, Ana; de Wit, Joost": ("Ana Ferro", "Joost de Wit"),
    "Ana Ferro, Jr.": ("Ana Ferro Jr.",),
    "Ana Ferro, PhD": ("Ana Ferro",),
    "Text: Ana Ferro, Fotos: Tomas Rell": ("Ana Ferro",),
    "By Ana Ferro Photographs by Tomas Rell": ("Ana Ferro",),
    "Ana Ferro and agencies": ("Ana Ferro",),
    "Ana Ferro <ana@x.example>": ("Ana Ferro",),
    "ana@x.example (Ana Ferro)": ("Ana Ferro",),
    "[[Ana Ferro]]": ("Ana Ferro",),
    "['Ana Ferro', \"Tomas O'Rell\"]": ("Ana Ferro", "Tomas O'Rell"),
    "佐藤花子": ("佐藤花子",),
    "Автор: Анна Ферро": ("Анна Ферро",),
    "Madonna": ("Madonna",),
    "Reuters": ("Reuters",),
    "Lowmark Arts and Sports Association": ("Lowmark Arts and Sports Association",),
}
NOBODY: list[object] = [
    *("https://facebook.com/ana", "www.lowmark.example/ana", "ana@x.example", "@anaferro", "Staff", "admin"),
    *("Die Redaktion", "Reuters Staff", "By", "", "None", "2 min read", None, 5, True, {}, [], {"name": None}),
    *("The Lowmark Courier", "Lowmark Courier Staff", "lowmarkcourier.com"),
]


@pytest.mark.parametrize(("by_line", "names"), NAMES.items())
def test_names(by_line: str, names: tuple[str, ...]) -> None:
    assert people(by_line) == names


@pytest.mark.parametrize(
    ("by_line", "outlet"),
    [
        ("By Ana Ferro of The Gazette", "The Gazette"),
        ("Ana Ferro Special to The Seabrook Times", "Seabrook Times"),
        ("Ana Ferro for the Boscombe Globe", "Boscombe Globe"),
        ("Par Ana Ferro pour Lowmark Courier", "Lowmark Courier"),
        ("Von Ana Ferro für die Lowmark Zeitung", "Lowmark Zeitung"),
        ("By Ana Ferro For Mailonline", "Mail Online"),
        ("BY ANA FERRO FOR MAILONLINE", "Mail Online"),
        ("Ana Ferro, LowmarkCourier.com", "Lowmark Courier"),
        ("By Ana Ferro For Mailonline", None),
        ("BY ANA FERRO FOR THE LOWMARK COURIER", None),
        ("Ana Ferro Special to the Courier", None),
    ],
)
def test_names_beside_the_outlet(by_line: str, outlet: str | None) -> None:
    assert people(by_line, outlet) == ("Ana Ferro",)


def test_names_on_both_sides_of_the_outlet() -> None:
    by_line = "By Ana Ferro For Mailonline and Tomas Rell For The Lowmark Mail"
    assert people(by_line, "Mail Online") == ("Ana Ferro", "Tomas Rell")


@pytest.mark.parametrize("value", NOBODY)
def test_nobody(value: object) -> None:
    assert people(value, "Lowmark Courier") == ()


def test_names_in_objects_and_lists() -> None:
    values = [
        {"name": "Ana Ferro"},
        {"givenName": "Tomas", "familyName": "Rell"},
        ["By ANA FERRO"],
        {"name": ["Bo Ek"]},
    ]
    assert people(values) == ("Ana Ferro", "Tomas Rell", "Bo Ek")


def test_a_body_is_kept_only_if_nobody_else_is_named() -> None:
    assert people(["Ana Ferro", "Reuters"]) == ("Ana Ferro",)
    assert people(["Reuters"]) == ("Reuters",)


@pytest.mark.parametrize("names", NAMES.values())
def test_names_are_names_again(names: tuple[str, ...]) -> None:
    assert people(names) == names


def test_what_looks_like_a_person() -> None:
    assert all(map(is_person, ("Ana Ferro", "Joost de Wit", "J.K. Adair", "Anna-Lena O'Hara")))
    others = ("Ana", "New York", "Lowmark Courier", "ana ferro", "Harbour stays closed", "Associated Press", "Ana 3")
    assert not any(map(is_person, others))
