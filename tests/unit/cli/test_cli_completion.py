"""What Tab proposes at the prompt of `onrecord sql`."""

from worker.cli.completion import candidates

COLUMNS = {"quotes": ["quote_id", "quote", "speaker"], "speakers": ["speaker_id", "speaker"], "files": ["file"]}


def test_views_after_from_and_join() -> None:
    assert candidates(COLUMNS, "SELECT * FROM ", "s") == ["speakers", "search("]
    assert candidates(COLUMNS, "select * from quotes q, ", "f") == ["files"]
    assert candidates(COLUMNS, "SELECT *\nFROM report.", "QUO") == ["quotes"]
    assert candidates(COLUMNS, "SELECT * FROM quotes JOIN ", "spe") == ["speakers"]
    assert candidates(COLUMNS, "\\d ", "q") == ["quotes"]


def test_columns_of_the_views_that_are_named() -> None:
    assert candidates(COLUMNS, "SELECT ", "sp", " FROM quotes") == ["speaker"]
    assert candidates(COLUMNS, "SELECT ", "quo", " FROM speakers") == []
    assert candidates(COLUMNS, "SELECT ", "spe") == ["speaker", "speaker_id"]


def test_columns_of_a_view_or_an_alias() -> None:
    assert candidates(COLUMNS, "SELECT q.", "", " FROM quotes q JOIN speakers s") == COLUMNS["quotes"]
    assert candidates(COLUMNS, "SELECT * FROM quotes q JOIN speakers AS s USING (speaker) WHERE s.", "speaker_") == [
        "speaker_id"
    ]
    assert candidates(COLUMNS, "SELECT files.", "") == ["file"]
    assert candidates(COLUMNS, "SELECT nix.", "") == []


def test_words_of_sql_come_as_they_were_begun() -> None:
    assert candidates(COLUMNS, "select * from files ", "wh") == ["where", "when"]
    assert candidates(COLUMNS, "SELECT * FROM files ", "WH") == ["WHERE", "WHEN"]
