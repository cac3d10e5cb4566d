"""`up` shows how a large drop gets on, and how many members of a large file have ended."""

import io

from rich.console import Console
from sqlalchemy import Engine, text

from worker.cli.backlog import Backlog, Counts
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
    assert printed.getvalue() == "reading  0 done, 488 waiting; export.docx  12 of 500\n"
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


def test_the_rate_and_the_time_left_are_those_of_the_last_minute(engine: Engine) -> None:
    backlog = Backlog()
    backlog.note(Counts(articles=0, files=19, newest=70), 0.0)
    assert backlog.sentence == ""  # a small drop
    backlog.note(Counts(articles=0, files=1000, newest=70), 1.0)
    backlog.note(Counts(articles=90, files=900, newest=170), 2.0)
    assert backlog.sentence == "10 done, 990 waiting"
    backlog.note(Counts(articles=100, files=0, newest=170), 11.0)  # nothing has ended, and two files were empty
    backlog.note(Counts(articles=300, files=500, newest=600), 21.0)
    assert backlog.sentence == "230 done, 800 waiting, 11.5 a second, about 70 seconds left"
    backlog.note(Counts(articles=300, files=100, newest=1000), 81.0)
    assert backlog.sentence == "630 done, 400 waiting, 6.7 a second, about 60 seconds left"
    backlog.note(Counts(articles=0, files=0, newest=1100), 90.0)
    assert backlog.sentence == ""


def test_what_waits_is_counted_in_every_state(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(MAKE))
        connection.execute(text("UPDATE documents SET rung_at = now() WHERE id % 3 = 0"))
        backlog = Backlog()
        backlog.look(connection)
        assert backlog.sentence == "0 done, 488 waiting"
        connection.execute(
            text("UPDATE documents SET state = 'ignored', reason = 'no_text', finished_at = now() WHERE id % 2 = 0")
        )
        backlog.look(connection)
        assert backlog.sentence == "244 done, 244 waiting"


def test_a_file_that_is_being_split_says_what_was_found() -> None:
    assert progress(FileUnderway("a.zip", "reading", 1500, 0)) == "a.zip  1,500 found so far"
    assert progress(FileUnderway("a.zip", "reading", 0, 0)) == "a.zip"
