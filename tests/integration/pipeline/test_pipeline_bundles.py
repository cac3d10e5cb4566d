"""Bundles of media databases: their articles are members, and the file says how many of them are missing."""

from pathlib import Path

from tests.integration.pipeline.conftest import Pipeline
from worker.cli.feed import EndedFile, line

GOLDEN = Path(__file__).parents[2] / "golden/parse"
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


def test_the_line_of_up_has_the_note(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", (GOLDEN / "nexis_text/harbour.TXT").read_bytes())
    query = (
        """SELECT id, shown, state, reason, message, note, members, members_stored, finished_at, NULL, 2 FROM files"""
    )
    (row,) = pipeline.rows(query)

    assert str(line(EndedFile(*row))) == "stored  harbour.txt  3 articles, 2 quotations. 3 of 4 articles were found."
