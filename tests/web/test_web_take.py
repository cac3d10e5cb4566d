"""Files and feeds: all rows of exactly the filter, in every format."""

import csv
import io
import json
from itertools import zip_longest
from xml.etree import ElementTree as Xml

import openpyxl
import pytest

from tests.web.served import Served
from tests.web.world import HOSTILE, World
from worker.report.ready import REPORTS
from worker.web.pages.reports import CHARTS

ATOM = "{http://www.w3.org/2005/Atom}"


def in_every_format(site: Served, address: str) -> list[list[dict[str, object]]]:
    """Return the rows of a list in each format: CSV, JSON, JSON Lines, Excel."""
    path, _, query = address.partition("?")

    def taken(ending: str) -> bytes:
        answer = site.ask(f"{path}.{ending}?{query}")
        assert answer.status == 200
        assert "attachment" in answer.headers["content-disposition"]
        return answer.body

    book = openpyxl.load_workbook(io.BytesIO(taken("xlsx")), read_only=True)
    rows = list(book.worksheets[0].values)
    book.close()
    return [
        list(csv.DictReader(io.StringIO(taken("csv").decode()))),
        json.loads(taken("json")),
        [json.loads(line) for line in taken("jsonl").splitlines()],
        [dict(zip_longest(map(str, rows[0]), row)) for row in rows[1:]],  # a row ends with its last value
    ]


@pytest.mark.parametrize(
    ("address", "column", "expected"),
    [
        ("/quotes?q=wall", "quote", {"The harbour wall goes up."}),
        ("/quotes?speaker=1", "quote", {"We strongly opposed this.", "Together we stand."}),
        ("/quotes?q=nothing+of+the+kind", "quote", set()),
        ("/speakers?name=linden", "speaker", {"Ruta Linden", "R. Linden"}),
        ("/outlets", "outlet", {"Mehr News", "IRNA", "The Courier"}),
        ("/files?state=quarantined", "file", {"empty.txt", "bad.zip", "dump.jsonl"}),
        (
            "/reports/speakers",
            "speaker",
            {"Sergey Lavrov", "Ali Bagheri", "Ruta Linden", "R. Linden", "Dmitry Orlov", HOSTILE},
        ),
    ],
)
def test_a_list_is_the_same_in_every_format(site: Served, address: str, column: str, expected: set[str]) -> None:
    for rows in in_every_format(site, address):
        assert {row[column] for row in rows} == expected
        assert len(rows) == len(expected)


def test_a_formula_is_a_text(site: Served) -> None:
    in_csv, in_json, _, in_excel = in_every_format(site, "/quotes?outlet=IRNA&nobody=1")
    assert in_csv[0]["quote"] == "'=1+1 is not =2"
    assert in_json[0]["quote"] == in_excel[0]["quote"] == "=1+1 is not =2"


def test_the_feeds_hold_the_search(site: Served, world: World) -> None:
    feed = Xml.fromstring(site.ask("/feed.atom?q=wall").body)
    assert [entry.findtext(f"{ATOM}content") for entry in feed.iter(f"{ATOM}entry")] == ["The harbour wall goes up."]
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ruta Linden"
    assert entry.findtext(f"{ATOM}id") == f"{site.url}/quotes/{world.wall}"
    of_json = json.loads(site.ask("/feed.json?q=wall").body)
    assert [item["content_text"] for item in of_json["items"]] == ["The harbour wall goes up."]
    assert of_json["items"][0]["url"] == f"{site.url}/articles/{world.harbour}#q{world.wall}"


def test_a_citation_is_right_in_every_form(site: Served, world: World) -> None:
    shown = site.ask(f"/quotes/{world.wall}").text
    assert (
        "Ruta Linden: “The harbour wall goes up.” In: Harbour &lt;b&gt;wall&lt;/b&gt;. The Courier, 2024-06-03."
        in shown
    )
    assert "@article{onrecord" in shown
    assert "&#34;@type&#34;: &#34;Quotation&#34;" in shown
    assert "&#34;date-parts&#34;" in shown


def test_every_report_has_a_chart() -> None:
    assert set(CHARTS) == set(REPORTS)
