"""Reconciling: articles that were stored at the same time are looked at again.

Afterwards the tables are the same as if the transactions had seen each other.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, select

from tests.integration.dedupe.newsroom import Said, Story, body, person, store, version
from tests.integration.dedupe.test_dedupe_stories import prose, story_of
from worker.pipeline.reconcile import reconcile
from worker.speakers import across
from worker.store.tables.models import Article, Quote, SpeakerName, Statement

SAID = "We expect the agreement to be achieved before the end of this year"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def stories(connection: Connection) -> list[int]:
    return list(connection.execute(select(Article.story_id).order_by(Article.id)).scalars())


def test_it_looks_at_each_article_once(connection: Connection) -> None:
    for number in range(3):
        store(connection, Story(prose(number)))
    assert [reconcile(connection, limit=2), reconcile(connection, limit=2), reconcile(connection)] == [2, 1, 0]


def test_four_copies_stored_at_once_become_one_story(connection: Connection) -> None:
    text = prose(1)
    for number in range(4):
        store(connection, Story(f"{prose(10 + number, 5)} {text}"), alone=True)
    assert len(set(stories(connection))) == 4
    lowest = min(stories(connection))
    reconcile(connection)
    assert set(stories(connection)) == {lowest}


def test_two_stories_that_grew_apart_become_one(connection: Connection) -> None:
    text = prose(1)
    for alone in (True, True, False, False):
        store(connection, Story(f"{prose(len(stories(connection)) + 10, 5)} {text}"), alone=alone)
    reconcile(connection)
    assert len(set(stories(connection))) == 1


def test_a_bridging_text_merges_nothing(connection: Connection) -> None:
    first = store(connection, Story(prose(1)))
    second = store(connection, Story(prose(2)))
    store(connection, Story(prose(1) + " " + prose(2)))
    reconcile(connection)
    assert story_of(connection, first) != story_of(connection, second)


def test_reports_of_two_days_stay_two(connection: Connection) -> None:
    for day in ("Monday", "Tuesday"):
        store(connection, Story(f"On {day} it rained. {prose(1)}"), alone=True)
    reconcile(connection)
    assert len(set(stories(connection))) == 2


def test_unnamed_sources_join_with_their_stories(connection: Connection) -> None:
    for number in range(2):
        store(connection, Story(f"{prose(10 + number, 5)} {prose(1)}", [Said(SAID)]), alone=True)
    reconcile(connection)
    owners = list(connection.execute(select(Statement.owner)).scalars())
    assert owners == [-min(stories(connection))]
    assert len(set(connection.execute(select(Quote.statement_id)).scalars())) == 1


def test_transactions_that_ran_at_once(engine: Engine) -> None:
    """Two transactions store two spellings of a name, with the same quotation.

    The spellings share no surname key, so neither transaction sees the other before it commits.
    """
    spellings = ("Hossein Amirabdollahian", "Hossein Amir Abdollahian")
    with engine.begin() as connection:
        version(connection)
    opened = [engine.connect() for _ in spellings]
    for number, (connection, name) in enumerate(zip(opened, spellings, strict=True)):
        store(connection, Story(prose(number), [Said(SAID, [person(name)])]))
    for connection in opened:
        connection.commit()
        connection.close()
    with engine.begin() as connection:
        assert len(set(connection.execute(select(Quote.statement_id)).scalars())) == 2
        reconcile(connection)
        assert len(set(connection.execute(select(SpeakerName.speaker_id)).scalars())) == 1
        assert set(connection.execute(select(Quote.statement_id)).scalars()) == {1}


def test_it_changes_nothing_where_nothing_was_missed(connection: Connection) -> None:
    lavrov, ministry = person("Sergey Lavrov"), body("Foreign Ministry")
    for number, name in enumerate([lavrov, person("Sergei Lavrov"), person("Lavrov"), ministry]):
        store(connection, Story(prose(number), [Said(SAID, [name])]))
    rows = select(SpeakerName.id, SpeakerName.speaker_id, SpeakerName.name, SpeakerName.status).order_by(SpeakerName.id)
    before = connection.execute(rows).all(), connection.execute(select(Quote.statement_id)).all()
    reconcile(connection)
    assert (connection.execute(rows).all(), connection.execute(select(Quote.statement_id)).all()) == before
    assert across.join(connection, [lavrov]) == [before[0][0].speaker_id]
