"""A list of speakers is read as people's programs write it, and each bad row gets one sentence."""

from datetime import date

import pytest

from worker.decisions.list_file import ListedRow, read
from worker.store.decisions import Undecidable

LULA = ListedRow(2, "Luiz Inácio Lula da Silva", ("Lula", "President Lula"), "president", "Q37181")


@pytest.mark.parametrize(
    "raw",
    [
        "name,aliases,role,qid\nLuiz Inácio Lula da Silva,Lula|President Lula,president,Q37181\n".encode(),
        "\ufeffName;Aliases;Role;QID\r\nLuiz Inácio Lula da Silva;Lula|President Lula;president;q37181\r\n".encode(),
        'name;aliases;role;qid\nLuiz Inácio Lula da Silva;"Lula;President Lula";president;Q37181'.encode(),
        "qid\trole\taliases\tname\nQ37181\tpresident\tLula; President Lula\tLuiz Inácio Lula da Silva\n".encode(),
        "name,aliases,role,qid\nLuiz Inácio Lula da Silva,Lula|President Lula,president,Q37181\n".encode("utf-16"),
        b"name,aliases,role,qid\nLuiz In\xe1cio Lula da Silva,Lula|President Lula,president,Q37181\n",
        (
            '"name","aliases","role","qid"\n"Luiz Inácio Lula da Silva","Lula|Lula|President Lula|",'
            '"president","http://www.wikidata.org/entity/Q37181"\n\n,,,\n'
        ).encode(),
    ],
)
def test_any_usual_table_is_read(raw: bytes) -> None:
    found = read(raw)
    assert (found.rows, found.bad) == ([LULA], [])


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("1994,", (date(1994, 1, 1), None)),
        (",1994-02", (None, date(1994, 2, 28))),
        ("1994-02,1996-02", (date(1994, 2, 1), date(1996, 2, 29))),
        ("1994-01-20,1994", (date(1994, 1, 20), date(1994, 12, 31))),
        ("1994-01-20T00:00:00Z,+1995-00-00T00:00:00Z", (date(1994, 1, 20), date(1995, 12, 31))),
    ],
)
def test_a_year_or_a_month_is_whole(given: str, days: tuple[date | None, date | None]) -> None:
    [row] = read(f"name,from,to\nAda Lo,{given}\n".encode()).rows
    assert (row.first_day, row.last_day) == days


BAD = """name,aliases,role,qid,from,to
Ada Lo,,,,,
,Lo,mayor,,,
Bo Li,,,Z12,,
Bo Li,,,,May 1994,
Bo Li,,,,1994-13,
Bo Li,,,,1995,1994
Bo Li,,,,,,1994,,x
"Bo

Li",,,,,
Bo Li,12,,,,
Cy Mo,,,,,
"""


def test_each_bad_row_gets_a_sentence_with_its_line() -> None:
    found = read(BAD.encode())
    assert [row.name for row in found.rows] == ["Ada Lo", "Cy Mo"]
    assert [row.line for row in found.rows] == [2, 13]
    assert found.bad == [
        "Line 3: it has no name; give one.",
        "Line 4: its qid is 'Z12'; give a number of Wikidata such as Q42, or nothing.",
        "Line 5: its from is 'May 1994'; give a year, a month or a day: 1994, 1994-01 or 1994-01-20.",
        "Line 6: its from is '1994-13'; give a year, a month or a day: 1994, 1994-01 or 1994-01-20.",
        "Line 7: it ends (1994-12-31) before it begins (1995-01-01); exchange from and to.",
        "Line 8: it has 9 cells, and the first row has 6; put a cell with a separator in quotation marks.",
        "Line 9: The name contains U+000A (a control character), which cannot be seen; leave it out.",
        "Line 12: Digits alone would be read as the number of a speaker; add a letter.",
    ]


def test_a_quotation_mark_without_end_is_one_sentence() -> None:
    found = read(b'name,role\nAda Lo,mayor\n"Bo Li,minister\nCy Mo,judge\n')
    assert [row.name for row in found.rows] == ["Ada Lo"]
    assert found.bad == ["Line 3: the table breaks off here (unexpected end of data); look at its quotation marks."]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no column called name"),
        (b"speaker,role\nAda Lo,mayor\n", "no column called name"),
        (b"name,role,name\nAda Lo,mayor,x\n", "Several columns of the list are called name"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(Undecidable, match=words):
        read(raw)


def test_columns_that_are_not_used_are_named() -> None:
    found = read(b"name,party,role\nAda Lo,Greens,mayor\n")
    assert found.remarks == ["These columns of the list are not used: party."]
    assert found.rows == [ListedRow(2, "Ada Lo", role="mayor")]


def test_aliases_are_counted_before_they_are_looked_at() -> None:
    found = read(b"name,aliases\nAda Lo," + b"1|" * 499_000 + b"\n")
    assert found.bad == ["Line 2: it has 499000 aliases; give at most 100."]


def test_a_name_of_ligatures_that_no_index_takes_is_refused() -> None:
    found = read(("name\n" + "\ufdfa" * 200 + "\n" + "가" * 200).encode())
    assert [len(row.name) for row in found.rows] == [200]
    assert len(found.bad) == 1


@pytest.mark.parametrize("letter", ["\x07", "\u202e"])
def test_a_role_is_text_that_can_be_seen(letter: str) -> None:
    found = read(f"name,role\nAda Lo,may{letter}or\n".encode() + b"Bo Li,judge of the high court\n" * 9)
    assert found.bad == ["Line 2: its role contains a character that cannot be seen; leave it out."]
