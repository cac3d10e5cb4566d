"""Many writers, several processes that number their changes, and a program that follows by number."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text

from tests.integration.checks.world import build
from worker.checks.check import check
from worker.store import changes, telling
from worker.store.changes import Change
from worker.store.db import schema
from worker.store.db.engine import make_engine

WRITERS = 4
ROUNDS = 25
TURN = text("""UPDATE quotes SET rejected = NOT rejected WHERE id = :quote""")
RENAME = text("""UPDATE speakers SET name = name || '.' WHERE id = (SELECT min(id) FROM speakers)""")
HIDE = text("""UPDATE articles SET current = NOT current WHERE id = (SELECT min(id) FROM articles)""")


@contextmanager
def own(engine: Engine) -> Iterator[Engine]:
    """Yield an engine with a connection of its own, as another process has."""
    another = make_engine(engine.url.render_as_string(hide_password=False))
    try:
        yield another
    finally:
        another.dispose()


def write(engine: Engine, seed: int, quotes: list[int]) -> None:
    """Change what readers see, in transactions that stay open for a while; some are rolled back."""
    chance = random.Random(seed)
    with own(engine) as another:
        for _ in range(ROUNDS):
            with another.connect() as connection:
                for quote in sorted(chance.sample(quotes, 2)):  # in order, so that no two writers wait for each other
                    connection.execute(TURN, {"quote": quote})
                if chance.random() < 0.2:
                    connection.execute(chance.choice((RENAME, HIDE)))
                time.sleep(chance.random() * 0.01)
                (connection.rollback if chance.random() < 0.2 else connection.commit)()


def tell(engine: Engine, ended: threading.Event) -> None:
    """Number changes, as each pool process does, until the writers have ended."""
    with own(engine) as another:
        while not ended.is_set():
            telling.tell(another)
            time.sleep(0.002)


def follow(engine: Engine, ended: threading.Event) -> list[Change]:
    """Follow by number until the writers have ended; return everything that was read, in its order."""
    read: list[Change] = []
    with own(engine) as another:
        while True:
            is_last = ended.is_set()
            with another.connect() as connection:
                read += changes.after(connection, read[-1].change_id if read else 0, 3)
                if is_last and changes.latest(connection) == (read[-1].change_id if read else 0):
                    return read


def untold(engine: Engine) -> list[str]:
    """Return what is shown otherwise than it was told, without a mark."""
    return [str(wrong) for wrong in check(engine) if wrong.name == "quote-untold"]


@pytest.mark.timeout(120)
def test_a_follower_misses_nothing_and_repeats_nothing_while_many_write(engine: Engine) -> None:
    build(engine)
    with engine.connect() as connection:
        quotes = list(connection.execute(text("SELECT id FROM quotes")).scalars())
    written, told = threading.Event(), threading.Event()
    with ThreadPoolExecutor(WRITERS + 3) as threads:
        follower = threads.submit(follow, engine, told)
        tellers = [threads.submit(tell, engine, written) for _ in range(2)]
        writers = [threads.submit(write, engine, seed, quotes) for seed in range(WRITERS)]
        try:
            for writer in writers:
                writer.result(60)
            written.set()
            for teller in tellers:
                teller.result(60)
            telling.tell(engine)
        finally:
            written.set()
            told.set()
        read = follower.result(60)
    with engine.connect() as connection:
        assert read == changes.after(connection, 0, 100_000), "nothing appeared later below a number that was read"
        shown = set(connection.execute(text("SELECT quote_id FROM report.quotes")).scalars())
        assert connection.execute(text("SELECT count(*) FROM change_marks")).scalar_one() == 0
    assert [change.change_id for change in read] == list(range(1, len(read) + 1))
    assert len(read) > ROUNDS
    copy: set[int | None] = set()
    for change in read:
        assert (change.quote_id in copy) == (change.kind != "added"), change
        (copy.add if change.kind != "removed" else copy.remove)(change.quote_id)
    assert copy == shown
    assert untold(engine) == []


def test_what_was_shown_before_the_upgrade_counts_as_told(engine: Engine) -> None:
    build(engine)
    schema.downgrade(engine, "0021")
    schema.upgrade(engine)
    assert untold(engine) == []
    telling.tell(engine)
    with engine.begin() as connection:
        assert changes.latest(connection) == 0
        connection.execute(HIDE)
    telling.tell(engine)
    with engine.connect() as connection:
        assert {change.kind for change in changes.after(connection, 0, 10)} == {"removed"}
