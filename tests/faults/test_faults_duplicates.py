"""The same text is read twice at the same moment, and the same three texts come in every order."""

import itertools
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.invented import invented
from tests.faults.newsroom import Newsroom
from tests.integration.pipeline.test_pipeline_order import PICTURE
from tests.sample_articles import ARTICLES
from worker.store.tables.models import Base
from worker.tasks.housekeeping import reconcile_all

# Running processes keep the ids of the first four; the rows of the last one never change.
REMEMBERED = {"inboxes", "processes", "extractor_versions", "outlets", "surname_locks", "locks"}
HELD = "article: after reading"


def two_workers(newsroom: Newsroom, faults: str) -> None:
    """Start a watcher and two workers of one process each. A row that waits behind a hanging task is rung again."""
    newsroom.settings["ONRECORD_RING_AGAIN_SECONDS"] = "5"
    newsroom.open("watch")
    for name in ("worker 1", "worker 2"):
        newsroom.start(name, "worker", faults=faults, ONRECORD_CONCURRENCY="1")
    both = "SELECT 1 FROM processes WHERE kind = 'worker' AND stopped_at IS NULL"
    newsroom.wait(lambda: len(newsroom.rows(both)) == 2, "both workers are up")


def dropped_at_once(newsroom: Newsroom, contents: dict[str, bytes]) -> None:
    """Drop files that must end as one article and its duplicates."""
    newsroom.fault("the same text at the same moment", len(contents) - 1)
    for name, content in contents.items():
        newsroom.place(name, content)
        newsroom.note(name, None, "stored", "duplicate")


def check_one_article(newsroom: Newsroom) -> None:
    """Check that one file is stored and all others are its duplicates, and that article and quotes exist once."""
    newsroom.check()
    article = invented(0)
    stored = [row[0] for row in newsroom.rows("SELECT file FROM report.files WHERE state = 'stored'")]
    assert len(stored) == 1
    others = newsroom.rows("SELECT state, duplicate_of FROM report.files WHERE state <> 'stored'")
    assert others and set(others) == {("duplicate", stored[0])}
    assert newsroom.rows("SELECT count(*), max(sources) FROM report.articles") in ([(1, 1)], [(1, len(others) + 1)])
    rows = newsroom.rows("SELECT quote FROM report.quotes ORDER BY start_char")
    quotes = [row[0].replace("\xa0", " ") for row in rows]  # any copy may have been first
    assert quotes == list(article.quotes)
    assert newsroom.rows("SELECT count(*) FROM statements") == [(len(article.quotes),)]
    assert newsroom.strikes() == []


@pytest.mark.scenario(17, "the same text in other bytes, both in the final transaction")
@pytest.mark.long
def test_two_final_transactions_of_one_text_give_one_article(newsroom: Newsroom) -> None:
    two_workers(newsroom, f"{HELD}=hang*2")
    content = invented(0).content
    dropped_at_once(newsroom, {"one.txt": content, "other.txt": content.replace(b" ", b"\xc2\xa0") + b"\n"})
    newsroom.wait(lambda: len(set(newsroom.met(HELD))) == 2, "both workers have read it")
    newsroom.let_go()
    newsroom.healed()
    check_one_article(newsroom)
    assert newsroom.rows("SELECT count(*) FROM documents") == [(2,)]


@pytest.mark.long
@pytest.mark.scenario(17, "the same bytes, both being split")
def test_two_files_of_the_same_bytes_share_one_document(newsroom: Newsroom) -> None:
    held = "intake: after reading"
    two_workers(newsroom, f"{held}=hang*2")
    dropped_at_once(newsroom, dict.fromkeys(("one.txt", "other.txt"), invented(0).content))
    newsroom.wait(lambda: len(set(newsroom.met(held))) == 2, "both workers have read the bytes")
    newsroom.let_go()
    newsroom.healed()
    check_one_article(newsroom)
    assert newsroom.rows("SELECT count(*) FROM documents") == [(1,)]


@pytest.mark.long
@pytest.mark.scenario(17, "the same text nine times, one of two workers killed in its final transaction")
def test_a_worker_killed_with_the_article_leaves_it_to_another(newsroom: Newsroom) -> None:
    two_workers(newsroom, "article: before the commit=stop")
    content = invented(0).content
    dropped_at_once(newsroom, {f"{number}.txt": content + b"\n" * number for number in range(9)})
    newsroom.wait(lambda: newsroom.met("article: before the commit"), "one has written and not committed")
    newsroom.fault("kill -9 before the commit")
    os.kill(newsroom.met("article: before the commit")[0], signal.SIGKILL)
    newsroom.healed()
    newsroom.check()
    assert newsroom.rows("SELECT count(*) FROM report.articles") == [(1,)]
    assert newsroom.states() == {"stored": 1, "duplicate": 8}
    assert newsroom.strikes() in ([], [1])


def emptied(newsroom: Newsroom) -> None:
    """Empty all tables but those in REMEMBERED. Ids go on, because the witness remembers the old ids."""
    for path in newsroom.inbox.iterdir():
        path.unlink()
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables if table.name not in REMEMBERED)
    with newsroom.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables}"))


def has_stored(newsroom: Newsroom, count: int) -> bool:
    """True if this many files are stored and there are no others."""
    return newsroom.states() == {"stored": count}


def dropped(newsroom: Newsroom, order: tuple[Path, ...], *, one_by_one: bool) -> list[object]:
    """Drop the sample articles (`seeds/`) in this order; return what the reports then say, without ids of rows."""
    for count, seed in enumerate(order, 1):
        newsroom.place(seed.name, seed.read_bytes())
        if one_by_one or count == len(order):
            newsroom.wait(partial(has_stored, newsroom, count), "the seeds are stored", 120)
    reconcile_all(newsroom.engine)
    return [newsroom.rows(query) for query in PICTURE]


def pictures(newsroom: Newsroom, *, one_by_one: bool) -> Iterator[list[object]]:
    """Iterate over what the reports say after each of the six orders. The rows of the last order stay."""
    for turn, order in enumerate(itertools.permutations(ARTICLES)):
        if turn:
            emptied(newsroom)
        newsroom.fault("another order")
        yield dropped(newsroom, order, one_by_one=one_by_one)
    for seed in ARTICLES:
        newsroom.note(seed.name, None, "stored")


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.scenario(17, "the seeds in all six orders, one worker and four")
def test_the_order_of_arrival_does_not_matter(newsroom: Newsroom) -> None:
    newsroom.start("watch")
    newsroom.start("worker", ONRECORD_CONCURRENCY="1", ONRECORD_EXTRACTOR="full")
    newsroom.wait(lambda: newsroom.alive() == {"watch", "worker"}, "watcher and worker are up")
    first, *others = pictures(newsroom, one_by_one=True)
    assert len(first[0]) > 5  # type: ignore[arg-type]
    assert [other == first for other in others] == [True] * 5
    newsroom.processes["worker"].end()
    newsroom.drops.clear()
    emptied(newsroom)
    newsroom.start("worker", ONRECORD_CONCURRENCY="4", ONRECORD_EXTRACTOR="full")
    pool = "SELECT 1 FROM processes WHERE kind = 'worker' AND stopped_at IS NULL"
    newsroom.wait(lambda: len(newsroom.rows(pool)) == 4, "four processes are up", 120)
    newsroom.witness.start()
    assert [each == first for each in pictures(newsroom, one_by_one=False)] == [True] * 6
    newsroom.check()
