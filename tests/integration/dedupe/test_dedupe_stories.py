"""Stories in the tables: near texts share a story; the cost does not grow with the number of stored articles."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event, func, select

from tests.integration.dedupe.newsroom import Story, store
from worker.store.tables.models import Article, Fingerprint


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def prose(number: int, words: int = 300) -> str:
    chance = random.Random(number)
    return " ".join(
        f"{chance.choice('bdfglmnprst')}{chance.choice('aeiou')}{chance.randrange(300)}k" for _ in range(words)
    )


def story_of(connection: Connection, article_id: int) -> int:
    return int(connection.execute(select(Article.story_id).where(Article.id == article_id)).scalar_one())


def put(connection: Connection, text: str) -> int:
    return story_of(connection, store(connection, Story(text)))


def test_copies_share_a_story_and_other_texts_do_not(connection: Connection) -> None:
    text = prose(1)
    first = put(connection, text)
    assert put(connection, prose(2)) != first
    assert put(connection, "Agency copy. " + text) == first
    assert put(connection, " ".join(text.split()[:180])) == first


def test_the_best_member_decides(connection: Connection) -> None:
    first, second = prose(1), prose(2)
    first_story = put(connection, first)
    second_story = put(connection, second)
    tail = " ".join(second.split()[:120])
    assert put(connection, first + " " + tail) == first_story
    assert put(connection, tail + " " + prose(3, 30)) in (first_story, second_story)


def test_a_bridging_text_joins_one_story_and_merges_none(connection: Connection) -> None:
    first_story, second_story = put(connection, prose(1)), put(connection, prose(2))
    assert put(connection, prose(1) + " " + prose(2)) in (first_story, second_story)
    assert put(connection, prose(1) + " again") == first_story
    assert put(connection, prose(2) + " again") == second_story


def test_the_same_report_of_another_day_is_a_new_story(connection: Connection) -> None:
    report = "On {} shares rose {} percent. " + prose(1)
    monday = put(connection, report.format("Monday", 3))
    tuesday = put(connection, report.format("Tuesday", 4))
    assert monday != tuesday
    assert put(connection, "Copy: " + report.format("Tuesday", 4)) == tuesday


def test_boilerplate_of_many_stories_makes_none_of_them_near(connection: Connection) -> None:
    boilerplate = prose(50, 150)
    stories = {put(connection, f"{prose(60 + number, 200)} {boilerplate}") for number in range(10)}
    last = put(connection, f"{prose(90, 60)} {boilerplate}")
    assert last not in stories
    most = select(func.count(Fingerprint.story_id)).group_by(Fingerprint.hash)
    assert max(connection.execute(most).scalars()) <= 9


def test_a_story_of_many_copies_costs_what_one_of_few_does(connection: Connection) -> None:
    text = prose(1, 120)
    for number in range(40):
        put(connection, f"{prose(100 + number, 4)} {text}")
    members = select(func.count(Article.id)).group_by(Article.story_id)
    assert connection.execute(members).scalars().all() == [40]
    kept = connection.execute(select(func.count()).select_from(Fingerprint)).scalar_one()
    assert kept < 40 * 24 / 2

    rows = 0

    def count(*arguments: object) -> None:
        nonlocal rows
        rows += max(0, arguments[1].rowcount)  # type: ignore[attr-defined]

    event.listen(connection.engine, "after_cursor_execute", lambda c, cursor, *rest: count(c, cursor))
    put(connection, f"{prose(999, 4)} {text}")
    assert rows < 24 * 9 + 16 + 24 + 20


def test_empty_texts_are_stories_of_their_own(connection: Connection) -> None:
    assert put(connection, "…") != put(connection, "!")
