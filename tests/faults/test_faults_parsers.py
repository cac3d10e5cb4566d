"""A document kills the process that parses it, fills its memory or never ends; other documents are not harmed."""

import pytest

from tests.faults import sick_child
from tests.faults.command import Command
from tests.faults.newsroom import Newsroom

PAGE = "<!DOCTYPE html><html><head><title>Quay {0}</title></head><body><article>{1}</article></body></html>"
WORDS = "<p>The quay {0} was opened on Tuesday in heavy rain, and nobody stayed to see the {0}th of it.</p>"
SICK = {
    "segfault.html": (sick_child.SEGFAULT, "crashed", "a parser that segfaults"),
    "memory.html": (sick_child.MEMORY, "memory", "a parser that eats memory"),
    "endless.html": (sick_child.ENDLESS, "timeout", "a parser that never ends"),
}


def page(number: int, words: str = "") -> bytes:
    """Return a page of a format that only the parsing child reads. Each number gives other words."""
    return PAGE.format(number, WORDS.format(f"{number * 7919:x}") * 3 + f"<p>{words}</p>").encode()


def opened(newsroom: Newsroom, seconds: str) -> Command:
    """Start a watcher, and a worker of two processes whose parsing child is `sick_child`; return the idle worker."""
    newsroom.open("watch")
    worker = newsroom.start("worker", faults="child=tests.faults.sick_child", ONRECORD_PARSE_SECONDS=seconds)
    newsroom.wait(lambda: "worker" in newsroom.alive(), "the worker is up")
    for number in range(4):
        newsroom.place(f"first-{number}.html", page(number))
        newsroom.note(f"first-{number}.html", None, "stored")
    newsroom.wait(newsroom.at_rest, "the first pages are stored")
    return worker


def fall_ill(newsroom: Newsroom, *names: str) -> None:
    """Drop documents over which the child fails. Each must end with the right reason."""
    for number, name in enumerate(names):
        marker, reason, what = SICK[name]
        newsroom.place(name, page(100 + number, marker.decode()))
        newsroom.note(name, None, "quarantined", reason=reason)
        newsroom.fault(what)


def beside(newsroom: Newsroom, count: int) -> None:
    """Drop good pages and texts."""
    for number in range(count):
        newsroom.drop(number)
        newsroom.place(f"beside-{number}.html", page(200 + number))
        newsroom.note(f"beside-{number}.html", None, "stored")


@pytest.mark.scenario(21, "a file that segfaults the parser, one that eats memory")
def test_what_kills_the_parser_is_quarantined_alone(newsroom: Newsroom) -> None:
    worker = opened(newsroom, "20")
    pool = {process.pid for process in worker.pool()}
    fall_ill(newsroom, "segfault.html", "memory.html")
    beside(newsroom, 4)
    newsroom.check()
    assert newsroom.strikes() == []
    assert {process.pid for process in worker.pool()} == pool
    messages = dict(newsroom.rows("SELECT file, message FROM report.files WHERE state = 'quarantined'"))
    assert "SIGSEGV" in messages["segfault.html"] and "retry it" in messages["segfault.html"]
    assert "memory" in messages["memory.html"]


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(21, "a file that the parser never ends with")
def test_neighbours_do_not_wait_for_what_never_ends(newsroom: Newsroom) -> None:
    """One of two pool processes is busy for 30 s. Before that ends, the other one reads all other files."""
    opened(newsroom, "30")
    fall_ill(newsroom, "endless.html")
    newsroom.wait(lambda: newsroom.rows("SELECT 1 FROM documents WHERE state = 'working'"), "it is being parsed")
    beside(newsroom, 6)
    newsroom.check(180)
    assert newsroom.strikes() == []
    ended = dict(newsroom.rows("SELECT file, finished_at - first_seen FROM report.files"))
    held = ended.pop("endless.html").total_seconds()
    first = max(taken.total_seconds() for file, taken in ended.items() if file.startswith("first"))
    late = max(taken.total_seconds() for file, taken in ended.items() if not file.startswith("first"))
    assert 29 < held < 90, "the cap is neither early nor much late, on a machine that may be busy"
    assert late < 10 + 3 * first, f"neighbours took {late:.1f} s, four on an idle newsroom {first:.1f} s"
    assert late < held - 5, f"neighbours took {late:.1f} s; what never ends held its process for {held:.1f} s"
