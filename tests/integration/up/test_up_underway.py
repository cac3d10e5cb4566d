"""`up` shows how many members of a large file have ended."""

import io

from rich.console import Console
from sqlalchemy import Engine, text

from worker.cli.underway import FileUnderway, Underway, progress

MAKE = """
WITH i AS (INSERT INTO inboxes (name, path) VALUES ('a', '/a'::bytea) RETURNING id),
     f AS (INSERT INTO files (inbox_id, path, shown, state, size, members)
           SELECT id, 'export.docx'::bytea, 'export.docx', 'split', 1, 500 FROM i RETURNING id),
     d AS (INSERT INTO documents (sha256, media_type, raw, state)
           SELECT sha256(n::text::bytea), 'text/plain', '', 'waiting' FROM generate_series(13, 500) n RETURNING id)
INSERT INTO file_documents (file_id, position, document_id) SELECT f.id, d.id, d.id FROM f, d
"""


def test_a_large_file_is_seen_progressing_in_a_pipe(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(MAKE))
    printed = io.StringIO()
    underway = Underway(engine, Console(file=printed))
    underway.look()
    assert printed.getvalue() == ""  # it is not yet time
    underway.look(at_once=True)
    assert printed.getvalue() == "reading  export.docx  12 of 500\n"
    underway.look()
    assert printed.getvalue().count("\n") == 1


def test_a_terminal_has_one_line_that_goes_away(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(MAKE))
    printed = io.StringIO()
    underway = Underway(engine, Console(file=printed, force_terminal=True, width=80))
    underway.look(at_once=True)
    underway.stop()
    assert "export.docx  12 of 500" in printed.getvalue()
    assert printed.getvalue().rstrip().endswith("\x1b[2K")  # the line is erased


def test_a_file_that_is_being_split_says_what_was_found() -> None:
    assert progress(FileUnderway("a.zip", "reading", 1500, 0)) == "a.zip  1,500 found so far"
    assert progress(FileUnderway("a.zip", "reading", 0, 0)) == "a.zip"
