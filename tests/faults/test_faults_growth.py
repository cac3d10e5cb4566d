"""Documents that need too much time, and small damaged files, end once and do not hold up their neighbours."""

import gzip

import pytest

from tests.faults.newsroom import Newsroom
from tests.unit.growth.shapes import SHAPES
from tests.unit.parse.test_parse_damage import in_lines, mail, record

SECONDS = 6
LONG = 900_000
"""Code points of a text whose reading takes more than `SECONDS` of CPU time."""

SAID = "“We will reopen the harbour,” said Ana Ferro, the harbour master of Lowmark, on {day}."
DAMAGED = {
    "cut.txt": (SAID.format(day="Monday") + " “Not yet”").encode()[:-1],
    "cut.eml": mail(in_lines(SAID.format(day="Tuesday").encode() * 3)[:-5]),
    "sep.csv": f"sep=;\ntitle;text\nHarbour;{SAID.format(day='Wednesday')}\n".encode(),
    "none.html": f"<html><head><meta charset=unicode_escape></head><body><p>{SAID.format(day='Friday')}</p>"
    f"<p>{SAID.format(day='Saturday')}</p></body></html>".encode(),
}
CRAWLS = {
    "bad.warc": record("bad", "90000000") + record("a"),
    "bad.warc.gz": b"".join(map(gzip.compress, (record("bad", "12x"), record("b", name="Bo Ek")))),
}
COMPANIONS = ("cut.txt:Zone.Identifier", "desktop.ini", "Thumbs.db", "autorun.inf", "~$cut.txt")


@pytest.mark.long
@pytest.mark.scenario(58, "texts that take too long to read")
def test_a_text_that_takes_too_long_ends_once(newsroom: Newsroom) -> None:
    newsroom.open("watch")
    worker = newsroom.start("worker", ONRECORD_DOCUMENT_SECONDS=str(SECONDS))
    newsroom.drop(0)
    newsroom.wait(lambda: newsroom.states()["stored"] == 1, "the worker has loaded its model")
    pool = {process.pid for process in worker.pool()}
    for number, shape in enumerate(("pairs of marks", "pronouns"), 1):
        name = f"{number} long.txt"
        newsroom.note(name, None, "quarantined", reason="too_slow")
        newsroom.place(name, SHAPES[shape](LONG).encode())
        newsroom.fault("text that takes too long")
        newsroom.drop(number)
    newsroom.check(120)
    ended = newsroom.rows("SELECT attempt, strikes, message FROM documents WHERE reason = 'too_slow'")
    assert [row[:2] for row in ended] == [(1, 0), (1, 0)]
    assert all("ONRECORD_DOCUMENT_SECONDS" in row[2] for row in ended)
    assert {process.pid for process in worker.pool()} == pool


@pytest.mark.scenario(59, "small damaged files, and files that systems make")
def test_of_damaged_files_the_sound_part_is_stored(newsroom: Newsroom) -> None:
    files = DAMAGED | CRAWLS | dict.fromkeys(COMPANIONS, b"[ZoneTransfer]\r\nZoneId=3\r\n")
    for name, content in files.items():
        state = "ignored" if name in COMPANIONS else "stored"
        newsroom.note(name, None, state)
        newsroom.place(name, content)
        newsroom.fault("damaged file" if name not in COMPANIONS else "companion")
    newsroom.open()
    newsroom.check()
    urls = newsroom.rows("SELECT url FROM articles WHERE url IS NOT NULL ORDER BY url")
    assert urls == [("https://a.example/a",), ("https://a.example/b",)]
    assert newsroom.rows("SELECT count(*) FROM articles") == [(len(DAMAGED) + 2,)]
    assert newsroom.strikes() == []
