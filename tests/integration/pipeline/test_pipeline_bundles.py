"""Bundles of media databases: their articles are members, and the file says how many of them are missing."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.items import FERRY, item
from worker.cli.feed import Feed

GOLDEN = Path(__file__).parents[2] / "golden/parse"
NEXIS = (
    "1 of 1 DOCUMENTS\n\nThe Alvor Courier\n\nMarch 5, 2024 Tuesday\n\nFerry to Brenna stops for the winter\n\n"
    "BYLINE: Una Roe\n\nSECTION: News; Pg. 3\n\nLENGTH: 110 words\n\n{text}\n\nLOAD-DATE: March 6, 2024\n\n"
    "LANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n"
)
PAGE = (
    '<html lang="en"><head><title>No ferry to Brenna</title><meta property="og:site_name" content="The Brenna Post">'
    '<meta property="og:title" content="No ferry to Brenna"></head><body><article><h1>No ferry to Brenna</h1>'
    "<p>{text}</p></article></body></html>"
)
MESSAGES = "SELECT state, message, members, members_stored FROM report.files ORDER BY file"


def test_a_bundle_says_how_many_articles_are_missing(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", (GOLDEN / "nexis_text/harbour.TXT").read_bytes())

    assert pipeline.rows(MESSAGES) == [("stored", "3 of 4 articles were found.", 3, 3)]
    outlets = pipeline.rows("SELECT outlet, count(*) FROM report.articles GROUP BY outlet ORDER BY outlet")
    assert outlets == [("Lowmark Gazette", 1), ("The Alvor Courier", 2)]
    assert pipeline.rows("SELECT count(*) FROM report.quotes WHERE speaker ILIKE '%download%'") == [(0,)]


def test_the_note_stays_when_a_member_is_tried_again_and_when_the_file_repeats(pipeline: Pipeline) -> None:
    bundle = (GOLDEN / "nexis_page/harbour.html").read_bytes()
    pipeline.drop("a.html", bundle)
    (before,) = pipeline.rows(MESSAGES)
    assert before[0] == "stored"
    assert before[1].startswith("2 of 3 articles were found. ")

    pipeline.drop("b.html", bundle)
    assert [row[1] for row in pipeline.rows(MESSAGES)] == [before[1], before[1]]


def lines_of_up(pipeline: Pipeline) -> list[str]:
    """Return the lines that `onrecord up` prints of all files that have ended."""
    console = Console(file=StringIO(), width=1000)
    Feed(pipeline.engine, console, ["inbox"]).look()
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_the_line_of_up_has_the_note(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", (GOLDEN / "nexis_text/harbour.TXT").read_bytes())
    (line,) = lines_of_up(pipeline)
    assert line == "stored  harbour.txt  3 articles, 6 quotations. 3 of 4 articles were found."


def test_the_line_of_up_names_a_refused_member(pipeline: Pipeline) -> None:
    sound = [f'{{"text": "{FERRY} That was on day {day}."}}' for day in range(2)]
    pipeline.drop("feed.jsonl", "\n".join([sound[0], "{broken", sound[1], "{broken too"]))
    (line,) = lines_of_up(pipeline)
    assert "; 2 members quarantined: feed.jsonl:2 (malformed), …" in line


def test_one_article_from_a_database_the_outlets_page_and_a_wire_is_one_story(pipeline: Pipeline) -> None:
    pipeline.drop("nexis.txt", NEXIS.format(text=FERRY))
    pipeline.drop("wire.xml", item(1, f"PORT HALE (AP) — {FERRY}"))
    pipeline.drop("page.html", PAGE.format(text=FERRY.replace("on Fridays", "on Fridays only")))

    sources = pipeline.rows("SELECT file, format, outlet, section, identifier, wire FROM report.sources ORDER BY file")
    assert sources == [
        ("nexis.txt", "Nexis", "The Alvor Courier", "News; Pg. 3", None, None),
        ("page.html", "HTML page", "The Brenna Post", None, None, None),
        ("wire.xml", "NewsML-G2 message", "Coast Wire", None, "urn:newsml:coast.example:20240305:ferry", "AP"),
    ]
    articles = pipeline.rows("SELECT sources, wire, section, identifier FROM report.articles ORDER BY article_id")
    assert articles == [(2, "AP", "News; Pg. 3", "urn:newsml:coast.example:20240305:ferry"), (1, None, None, None)]
    assert pipeline.rows("SELECT count(DISTINCT story_id) FROM report.articles") == [(1,)]
    wires = pipeline.rows("SELECT file, wire FROM report.quotes WHERE kind = 'direct' ORDER BY file")
    assert wires == [("nexis.txt", "AP"), ("page.html", None)]
    assert pipeline.rows("SELECT quotes, outlets FROM report.statements WHERE statement LIKE 'We have%'") == [(2, 3)]
