"""How it was said, and where: the columns of `report.quotes` beside the words."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine, text

from tests.integration.report.conftest import Command, Press
from worker.report.reading import reading
from worker.report.search import Search
from worker.report.search_line import read_line

LONG = "no one could have known in the spring that the bridge, which was new, would fall"
WORDS = f"It rained. Lindqvist denied that {LONG}. Nobody was hurt."


@pytest.fixture
def quote(engine: Engine) -> int:
    """A denied quotation in an article with an address, authors and a language."""
    with engine.begin() as connection:
        put = Press(connection)
        article = put.article(WORDS, "Bridge", day=datetime(2024, 5, 16, tzinfo=UTC))
        put.carry(article, put.file("bridge.txt"), None)
        number = put.quote(article, WORDS, LONG)
        connection.execute(
            text(
                "UPDATE quotes SET kind = 'indirect', cue = 'denied', cue_start = 21, cue_end = 27, denied = true,"
                " context_start = 0, context_end = article_length"
            )
        )
        connection.execute(
            text("UPDATE articles SET url = 'https://example.org/a?b=1', authors = '{Ida Berg}', language = 'en'")
        )
        return number


def column(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT {name} FROM report.quotes").scalar_one()


def test_a_search_computes_only_the_columns_that_are_asked_for(engine: Engine, quote: int) -> None:
    with engine.connect() as connection:
        plan = "\n".join(connection.exec_driver_sql("EXPLAIN SELECT quote_id FROM report.search('bridge')").scalars())
        assert "SubPlan" not in plan, plan
        assert connection.exec_driver_sql("SELECT quote_id FROM report.search('bridge')").scalars().all() == [quote]


def test_context_language_and_authors(engine: Engine, quote: int) -> None:
    before, after = column(engine, "context_before"), column(engine, "context_after")
    assert f"{before}{LONG}{after}" == WORDS
    assert (column(engine, "language"), column(engine, "authors")) == ("en", ["Ida Berg"])
    assert column(engine, "denied") is True


def test_the_context_is_cut_to_300_code_points(engine: Engine, quote: int) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE articles SET text = repeat('ä', 1000) || text || repeat('ö', 1000), body_end = 1000;"
                "UPDATE quotes SET start_char = start_char + 1000, end_char = end_char + 1000, context_end = 2000,"
                " cue = NULL, cue_start = NULL, cue_end = NULL, parts = ARRAY[start_char + 1000, end_char + 1000]"
            )
        )
    before, after = str(column(engine, "context_before")), str(column(engine, "context_after"))
    assert len(before) == len(after) == 300
    assert before.endswith("Lindqvist denied that ")
    assert after.startswith(". Nobody was hurt.ö")


def test_an_article_read_by_an_older_release_has_no_context(engine: Engine, quote: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET context_start = NULL, context_end = NULL"))
    assert column(engine, "context_before") is None
    assert column(engine, "context_after") is None


def test_the_link_goes_to_the_first_and_the_last_words(engine: Engine, quote: int) -> None:
    link = str(column(engine, "link"))
    assert link.startswith("https://example.org/a?b=1#:~:text=no%20one%20could%20have%20known,")
    first, last = link.partition(":~:text=")[2].split(",")
    assert (unquote(first), unquote(last)) == ("no one could have known", "which was new, would fall")


def test_a_short_quotation_is_linked_whole_and_a_fragment_is_kept(engine: Engine, quote: int) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE articles SET url = 'https://example.org/a#top';"
                "UPDATE quotes SET parts = ARRAY[start_char, start_char + 6, end_char - 4, end_char]"
            )
        )
    assert column(engine, "link") == "https://example.org/a#top:~:text=no%20one"
    with engine.begin() as connection:
        connection.execute(text("UPDATE articles SET url = NULL"))
    assert column(engine, "link") is None


def test_signs_that_mean_something_in_an_address_are_encoded(engine: Engine) -> None:
    said = "a-b & c, “ä  漢”!"
    with engine.begin() as connection:
        put = Press(connection)
        article = put.article(said, "Signs")
        put.carry(article, put.file("signs.txt"), None)
        put.quote(article, said, said)
        connection.execute(text("UPDATE articles SET url = 'https://example.org/'"))
    encoded = str(column(engine, "link")).partition("#:~:text=")[2]
    assert not set(encoded) & set("-&,“”ä漢! \n")
    assert unquote(encoded) == "a-b & c, “ä 漢”!"


def test_words_on_several_lines_are_linked_by_those_of_the_first_and_the_last(engine: Engine) -> None:
    said = "We go.\n\nWe will, I promise, come back\nsoon."
    with engine.begin() as connection:
        put = Press(connection)
        article = put.article(said, "Lines")
        put.carry(article, put.file("lines.txt"), None)
        put.quote(article, said, said)
        connection.exec_driver_sql("UPDATE articles SET url = 'https://example.org/#:~:text=old'")
    assert column(engine, "link") == "https://example.org/#:~:text=We%20go.,soon."


def test_the_section_is_that_of_the_first_source_that_names_one(engine: Engine, quote: int) -> None:
    assert column(engine, "section") is None
    with engine.begin() as connection:
        connection.execute(text("UPDATE article_sources SET section = 'Politics'"))
    assert column(engine, "section") == "Politics"


def test_the_cue_stands_beside_the_words(onrecord: Command, quote: int) -> None:
    table = onrecord("quotes").out
    assert "denied" in table
    assert "undated" not in table
    assert "denied" in onrecord("export", "quotes", "--format", "csv").out
    assert "denied" in onrecord("report", "unattributed").out


def test_for_whom_an_unnamed_source_speaks_is_in_every_list(onrecord: Command, engine: Engine, quote: int) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE quotes SET source_kind = 'unnamed', source_text = 'Lindqvist', source_start = 10,"
                " source_end = 19, speaks_for = 'Greymoor Plc'"
            )
        )
    assert column(engine, "speaks_for") == "Greymoor Plc"
    for arguments in (
        ("show", "quote", str(quote)),
        ("quotes", "--format", "csv"),
        ("export", "quotes", "--format", "csv"),
        ("report", "unattributed"),
    ):
        assert "Greymoor Plc" in onrecord(*arguments).out, arguments
    for command in ("quotes", "export"):
        for name, is_found in (("greymoor", True), ("Lindqvist", False), ("%", False)):
            assert ("Greymoor Plc" in onrecord(command, "--for", name, "--format", "csv").out) is is_found, command
    for line, numbers in (("for:greymoor", [quote]), ("for:Lindqvist", []), ("-for:greymoor", []), ("-for:x", [quote])):
        with reading(engine) as asked:
            statement, values = Search(read_line(line)).numbers()
            assert [row["quote_id"] for row in asked.rows(statement, **values)] == numbers, line
    with engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET confidence = 0.4"))
    assert "Greymoor Plc" in onrecord("export", "candidates", "--format", "jsonl").out
    with engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET source_kind = 'person'"))
        assert connection.exec_driver_sql("SELECT speaks_for FROM report.all_quotes").scalar_one() is None


def test_the_undated_say_so_and_come_last(onrecord: Command, engine: Engine, quote: int) -> None:
    with engine.begin() as connection:
        put = Press(connection, "other", "/other")
        article = put.article("“It was late.”", "Late")
        put.carry(article, put.file("late.txt"), None)
        put.quote(article, "“It was late.”", "It was late.")
    lines = [line for line in onrecord("quotes").out.splitlines() if "late.txt" in line or "bridge.txt" in line]
    assert "bridge.txt" in lines[0]
    assert "undated" in lines[-1]
    assert "undated" in onrecord("quotes", "--since", "today").out, "they count on the day they were stored"


def test_candidates_are_listed_accepted_and_exported(onrecord: Command, engine: Engine, quote: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET confidence = 0.4"))
    assert "No quote" in onrecord("quotes").err
    assert "denied" in onrecord("quotes", "--candidates", "--search", "bridges").out
    assert "No candidate" in onrecord("quotes", "--candidates", "--search", "river").err
    assert "No candidate" in onrecord("quotes", "--candidates", "--speaker", "Lindqvist").err
    assert "denied" in onrecord("export", "candidates", "--format", "jsonl").out
    ran = onrecord("quotes", "accept", str(quote), "--reason", "he did")
    assert ran.code == 0, ran.err
    assert "onrecord decisions undo" in ran.out
    assert "denied" in onrecord("quotes").out
    assert "No candidate" in onrecord("quotes", "--candidates").err


def test_migrate_stores_the_floor(
    onrecord: Command, engine: Engine, quote: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_LEAST_CONFIDENCE", "0.95")
    assert onrecord("migrate").code == 0
    assert "No quote" in onrecord("quotes").err
