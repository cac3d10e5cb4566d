"""Forgotten words are nowhere: not in a dump, in the files of the servers, in the logs, or in a view."""

import contextlib
import json
import subprocess
from typing import Any

import pytest

from tests.faults.newsroom import Newsroom
from tests.faults.upped import Upped
from worker.embedded.binaries import postgres_binary
from worker.embedded.postgres import OWNER

WORDS = (
    *("glimworp", "zantrifax", "quillora", "vantrax", "brindlefax", "zorbital", "plinthora", "wexmoor", "drundle"),
    *("krazzock", "ombrevane", "yelfruth", "skandrix", "tollibrand", "veshnarok", "hobblewick", "mistrandel"),
)
"""Words that no article has but those that are forgotten."""

FILLER = (
    "The council met on Monday in the old hall by the river, and the public gallery was full until late. "
    "A vote on the budget is expected next week, after the committee has looked at the figures once more. "
    "Several members asked for more time, since the papers had reached them only on the day before the meeting. "
)
FIRST = (
    "Quillora Vantrax, the glimworp inspector of the town, said: “We brindlefax the zorbital harvest before the winter"
    " comes to the valley.” Later Vantrax added: “Nobody drundles the plinthora without a permit from the office.” "
    "Skandrix Yelfruth, the ombrevane minister, said: “The tollibrand must be paid in full by everybody.” "
    "According to Yelfruth, the veshnarok will open in spring. "
)
SECOND = (
    "Hobblewick Mistrandel, the ombrevane envoy, said: “A zorbital harvest is what we hope for this year.” "
    "Quillora Vantraxx said: “We will not drundle it again, and that is final.” "
)
KEPT = (
    "Maria Fontes, the mayor of the town, told reporters: “We will not open the harbour before every crane was tested.”"
    " “Nobody should lose a day's pay because of it,” Fontes said. "
)


def article(words: str, outlet: str, number: int) -> bytes:
    """Return a JSON article whose head has made-up words, too."""
    head = {
        "title": f"Wexmoor krazzock {number}",
        "author": "Zantrifax Wexmoor",
        "url": f"https://krazzock.example/wexmoor/{number}",
        "publisher": outlet,
        "date": "2024-05-17",
    }
    return json.dumps(head | {"text": f"{FILLER}{words}{FILLER}"}).encode()


def run(newsroom: Newsroom, *arguments: str) -> str:
    """Run a command until it ends; return what it printed."""
    name = f"command {len(newsroom.processes)}"
    command = newsroom.start(name, *arguments)
    newsroom.wait(lambda: not command.running, f"{arguments} has ended")
    assert command.status == 0, command.said()
    return command.said()


@pytest.mark.long
@pytest.mark.scenario(30, "words forgotten after every kind of decision")
@pytest.mark.timeout(400)
def test_no_forgotten_word_is_left_anywhere(upped: Upped) -> None:
    up = upped.up()
    upped.place("first.json", article(FIRST, "Krazzock Gazette", 1))
    upped.place("second.json", article(SECOND, "Krazzock Gazette", 2))
    upped.place("kept.json", json.dumps({"title": "Harbour", "text": f"{FILLER}{KEPT}{FILLER}"}).encode())
    upped.wait(lambda: upped.states() == {"stored": 3}, "all are stored")
    correct(upped)
    decide(upped)
    up.end()
    upped.up(ONRECORD_EXTRACTOR="full")
    run(upped, "reprocess", "--all", "--detach")
    done = "SELECT count(*) FROM reprocess_items WHERE state NOT IN ('waiting', 'working')"
    upped.wait(lambda: upped.rows(done)[0][0] >= 3, "the articles are read again")
    correct(upped)
    assert found_in_views(upped) >= set(WORDS[:6]), "the words are there before"
    assert found_in_files(upped) != {}

    run(upped, "forget", "--file", "first.json", "--reason", "asked for", "--yes")
    run(upped, "forget", "--outlet", "Krazzock Gazette", "--reason", "asked for", "--yes")
    # What arrives afterwards leaves a hash only, in other bytes and under another name.
    upped.place("third.json", article(SECOND, "KRAZZOCK gazette", 3))
    upped.wait(lambda: upped.states() == {"stored": 1, "ignored": 3}, "it is ignored")
    run(upped, "forget", "--file", "third.json", "--reason", "asked for", "--yes")

    assert found_in_views(upped) == set()
    url = upped.servers.postgres.url(OWNER).replace("postgresql+psycopg", "postgresql")
    dump = subprocess.run([postgres_binary("pg_dump"), "--dbname", url], capture_output=True, check=True).stdout
    assert words_in(dump) == set()
    assert found_in_files(upped) == {}
    upped.outcome.files = len(["first.json", "second.json", "kept.json", "third.json"])
    upped.checked = True  # `check` demands that no article ever changes its quotes, and here corrections change them


WHY = ("--reason", "see the byline")


def correct(newsroom: Newsroom) -> None:
    """Make every kind of correction of quotations that have the words."""
    quotes = newsroom.rows("SELECT quote, quote_id FROM report.quotes ORDER BY quote_id")
    first, second, third, *_ = [number for words, number in quotes if words_in(words.encode())]
    run(newsroom, "quotes", "fix", str(first), "--speaker", "Plinthora Skandrix", *WHY)
    run(newsroom, "quotes", "fix", str(second), "--no-speaker", *WHY)
    run(newsroom, "quotes", "fix", str(third), "--reject", *WHY)


def decide(newsroom: Newsroom) -> None:
    """Make every kind of decision about speakers whose names have the words."""
    forms = "SELECT speaker_id, name FROM report.speaker_names WHERE status = 'joined' AND name LIKE 'Quillora %'"
    (speaker, form), *others = newsroom.rows(f"{forms} ORDER BY name")
    if others:
        run(newsroom, "speakers", "split", str(speaker), form, *WHY)
    people = newsroom.rows("SELECT speaker_id, speaker FROM report.speakers ORDER BY speaker_id")
    one, other, *_ = [number for number, name in people if words_in(name.encode())]
    run(newsroom, "speakers", "refuse", str(one), str(other), *WHY)
    run(newsroom, "speakers", "rename", str(one), "Veshnarok the Elder", *WHY)
    run(newsroom, "speakers", "merge", str(one), str(other), *WHY)


def words_in(content: bytes) -> set[str]:
    """Return the words that stand in some bytes, in any case."""
    lower = content.lower()
    return {word for word in WORDS if word.encode() in lower}


def found_in_files(newsroom: Upped) -> dict[str, set[str]]:
    """Return the words in every file of the servers and of HOME, logs included, but the write-ahead log left out."""
    with newsroom.servers.postgres.connect() as connection:
        connection.autocommit = True
        for _ in range(2):  # the files of tables that were written anew are deleted by the next checkpoint
            connection.execute("CHECKPOINT")
    found: dict[str, set[str]] = {}
    for folder in {newsroom.servers.layout.home, newsroom.servers.layout.store}:
        for path in folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and "pg_wal" not in path.parts and (words := words_in(path.read_bytes())):
                    found[str(path)] = words
    return found


def found_in_views(newsroom: Newsroom) -> set[str]:
    """Return the words that a reader can find in any view."""
    views = newsroom.rows("SELECT viewname FROM pg_views WHERE schemaname = 'report'")
    found: set[str] = set()
    for (view,) in views:
        rows: list[tuple[Any, ...]] = newsroom.rows(f"SELECT to_json(v) FROM report.{view} v")
        found |= words_in(str(rows).encode())
    return found
