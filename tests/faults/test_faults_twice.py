"""A process that may run only once is started twice. One process works, and the other says that it cannot."""

import pytest

from tests.faults.command import Command, unhurried
from tests.faults.newsroom import Newsroom
from worker.store.db import schema


def ended(newsroom: Newsroom, *processes: Command) -> None:
    """Wait until these commands have ended."""
    newsroom.wait(lambda: not any(process.running for process in processes), "the commands have ended")


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.scenario(23, "two beats")
def test_of_two_beats_one_rings_and_the_other_takes_over(newsroom: Newsroom) -> None:
    newsroom.open("watch", "worker")
    first = newsroom.start("beat", faults="beat=1")
    newsroom.drop(0)
    looked = "SELECT count(*) FROM articles WHERE reconciled"
    newsroom.wait(lambda: newsroom.rows(looked) == [(1,)], "the first beat rings")
    second = newsroom.start("beat 2", "beat", faults="beat=1")
    newsroom.fault("a second beat")
    newsroom.wait(lambda: "another beat rings on this database" in second.said(), "the second says so")
    assert newsroom.rows("SELECT count(*) FROM processes WHERE kind = 'beat'") == [(1,)]
    newsroom.fault("kill -9 of the first")
    first.kill()
    newsroom.healed()
    newsroom.drop(1)
    newsroom.wait(lambda: newsroom.rows(looked) == [(2,)], "the second has taken over")
    newsroom.check()
    assert second.running
    assert second.said().count("another beat rings") == 1


@pytest.mark.timeout(240)
@pytest.mark.scenario(23, "two watchers on one folder")
@pytest.mark.long
def test_of_two_watchers_one_works_and_the_other_says_so(newsroom: Newsroom) -> None:
    newsroom.open("watch", "worker")
    newsroom.drop(0)
    second = newsroom.start("watch 2", "watch")
    newsroom.fault("a second watcher")
    ended(newsroom, second)
    assert second.status == 1
    assert "Another watcher holds the folder 'news'" in second.said()
    assert "Stop that one first" in second.said()
    assert "Traceback" not in second.said()
    newsroom.fault("kill -9 of the first")
    newsroom.processes["watch"].kill()
    newsroom.drop(1)
    second.start()
    newsroom.healed()
    newsroom.check()
    assert second.running


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(23, "three re-processing commands at once, and a scheduled job")
def test_overlapping_reprocessing_reads_nothing_twice(newsroom: Newsroom) -> None:
    newsroom.open("watch", "worker")
    newsroom.drop_all(range(12))
    newsroom.wait(lambda: newsroom.states() == {"stored": 12}, "all are stored")
    with newsroom.engine.begin() as connection:  # as if an older release had read the articles
        connection.exec_driver_sql("UPDATE extractor_versions SET generation = 0, name = 'older', model_hash = 'older'")
    newsroom.fault("three re-processing commands at once")
    commands = [newsroom.start(f"reprocess {number}", "reprocess", "--detach") for number in range(3)]
    newsroom.start("beat", faults="beat=1")  # the scheduled job of beat is due, too
    ended(newsroom, *commands)
    assert [command.status for command in commands] == [0, 0, 0]
    said = [command.said() for command in commands]
    made = [one for one in said if "12 articles (outdated)" in one]
    scheduled = newsroom.rows("SELECT count(*) FROM reprocess_runs WHERE scheduled AND total = 12")
    assert len(made) + scheduled[0][0] == 1, said
    told = [one for one in said if "is at work: 12 articles wait for it, and not twice" in one]
    assert len(made) + len(told) == 3, said  # no article has been read yet, because no backfill worker runs
    assert newsroom.rows("SELECT count(*), count(DISTINCT article_id) FROM reprocess_items") == [(12, 12)]
    newsroom.start("backfill", "worker", "--queue", "backfill")
    newsroom.healed()
    done = "SELECT count(*) FROM reprocess_items WHERE state = 'done'"
    newsroom.wait(lambda: newsroom.rows(done) == [(12,)], "every article is read again")
    newsroom.check()
    assert newsroom.rows("SELECT count(*) FROM extractions") == [(24,)]
    assert newsroom.rows("SELECT count(*) FROM reprocess_items") == [(12,)]


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.scenario(23, "three `onrecord migrate` at once on an empty database")
def test_migrations_at_once_take_turns(newsroom: Newsroom) -> None:
    schema.downgrade(newsroom.engine, "base")
    newsroom.engine.dispose()
    newsroom.fault("three migrations at once")
    commands = [newsroom.start(f"migrate {number}", "migrate") for number in range(3)]
    ended(newsroom, *commands)
    newest = schema.newest_revision()
    assert [command.status for command in commands] == [0, 0, 0], [command.said() for command in commands]
    said = sorted(unhurried(command.said()).strip() for command in commands)
    assert said == [f"The schema is up to date ({newest})."] * 2 + [f"The schema went from nothing to {newest}."]
    newsroom.healed()
    newsroom.open("watch", "worker")
    newsroom.drop(0)
    newsroom.check()
