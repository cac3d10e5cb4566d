"""Decisions at the same time as each other, and as articles: the result is as if one had come after the other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.decisions.at_once import meanwhile
from tests.integration.dedupe.newsroom import Said, Story, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.pipeline.reconcile import reconcile
from worker.store.db import decision_lock
from worker.store.decisions import Undecidable

SAID = "We expect the agreement to be achieved before the end of this year"
OTHER = "There are countries with interests outside their borders"
WHO: dict[str, Any] = {"who": "ada", "reason": "I know them"}


def speaker(connection: Connection, name: str) -> int:
    query = "SELECT speaker_id FROM speaker_names WHERE name = :name AND status = 'joined'"
    return int(connection.execute(text(query), {"name": name}).scalar_one())


def print_one(connection: Connection, number: int, name: str, words: str = SAID) -> int:
    return store(connection, Story(prose(number, 60), [Said(words, [person(name)])]))


@pytest.fixture
def people(engine: Engine) -> dict[str, int]:
    """The ids of three speakers, by name; each said one thing in one article."""
    with engine.begin() as connection:
        for number, name in enumerate(("Ann One", "Bea Two", "Cat Three")):
            print_one(connection, number, name)
        reconcile(connection)
        return {name: speaker(connection, name) for name in ("Ann One", "Bea Two", "Cat Three")}


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def wrong_owners(engine: Engine) -> list[tuple[Any, ...]]:
    """Return the quotes whose statement does not belong to the quote's speaker (its root)."""
    return rows(
        engine,
        "SELECT q.id FROM quotes q JOIN statements st ON st.id = q.statement_id WHERE q.current AND st.owner <>"
        " (SELECT min(coalesce(s.merged_into, s.id)) FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id"
        "  WHERE qs.quote_id = q.id)",
    )


def wrong_counts(engine: Engine) -> list[tuple[Any, ...]]:
    """Return the forms whose count of articles is wrong."""
    return rows(
        engine,
        "SELECT n.name FROM speaker_names n WHERE n.status = 'joined' AND n.articles <> (SELECT count(DISTINCT"
        " q.article_id) FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id AND q.current"
        " WHERE s.speaker_id = n.speaker_id AND s.name = n.name)",
    )


def merging(*pair: int) -> Callable[[Connection], object]:
    return lambda connection: speaker_decisions.merge(connection, [pair[1]], pair[0], **WHO)


def test_a_split_takes_the_quotes_of_an_article_in_flight_along(engine: Engine, people: dict[str, int]) -> None:
    decide(engine, merging(people["Ann One"], people["Bea Two"]))

    def split() -> object:
        return decide(engine, lambda c: speaker_decisions.split(c, people["Ann One"], "Bea Two", **WHO))

    def article(connection: Connection) -> int:
        return print_one(connection, 10, "Bea Two", OTHER)

    with meanwhile(engine, decision_lock.sharing, article, split) as (_, [done]):
        assert isinstance(done, speaker_decisions.Split)
    assert rows(engine, "SELECT DISTINCT speaker_id FROM quote_speakers WHERE name = 'Bea Two'") == [(done.speaker,)]
    assert rows(engine, "SELECT speaker_id, articles FROM speaker_names WHERE name = 'Bea Two'") == [(done.speaker, 2)]
    assert (wrong_owners(engine), wrong_counts(engine)) == ([], [])


def test_an_article_that_waits_for_a_split_follows_it(engine: Engine, people: dict[str, int]) -> None:
    decide(engine, merging(people["Ann One"], people["Bea Two"]))

    def split(connection: Connection) -> speaker_decisions.Split:
        return speaker_decisions.split(connection, people["Ann One"], "Bea Two", **WHO)

    def article(number: int) -> Callable[[], object]:
        return lambda: decision_lock.sharing(engine, lambda c: print_one(c, number, "Bea Two", OTHER))

    with meanwhile(engine, decide, split, article(10), article(11)) as (done, _):
        new = done.speaker
    assert rows(engine, "SELECT DISTINCT speaker_id FROM quote_speakers WHERE name = 'Bea Two'") == [(new,)]
    assert (wrong_owners(engine), wrong_counts(engine)) == ([], [])


@pytest.mark.parametrize("undo", [False, True])
def test_an_article_in_flight_follows_a_merge_and_its_undoing(
    engine: Engine, people: dict[str, int], undo: bool
) -> None:
    first, second = people["Ann One"], people["Bea Two"]
    if undo:
        decide(engine, merging(first, second))
        ((merge,),) = rows(engine, "SELECT id FROM decisions")
        decision: Callable[[Connection], object] = lambda c: speaker_decisions.undo(c, merge, **WHO)  # noqa: E731
    else:
        decision = merging(first, second)
    with meanwhile(
        engine, decision_lock.sharing, lambda c: print_one(c, 10, "Bea Two"), lambda: decide(engine, decision)
    ):
        pass
    owners = [(first, 1), (second, 2)] if undo else [(first, 3)]
    query = "SELECT st.owner, count(*) FROM statements st JOIN quotes q ON q.statement_id = st.id"
    assert rows(engine, f"{query} WHERE owner IN ({first}, {second}) GROUP BY st.id ORDER BY 1") == owners
    assert (wrong_owners(engine), wrong_counts(engine)) == ([], [])


def test_a_chosen_name_outlasts_an_article_in_flight(engine: Engine, people: dict[str, int]) -> None:
    first = people["Ann One"]
    rename = lambda c: speaker_decisions.rename(c, first, "The Chair", **WHO)  # noqa: E731
    article = lambda c: print_one(c, 10, "Ann One")  # noqa: E731
    with meanwhile(engine, decision_lock.sharing, article, lambda: decide(engine, rename)):
        pass
    assert rows(engine, f"SELECT name FROM speakers WHERE id = {first}") == [("The Chair",)]


def test_two_merges_the_opposite_way_make_no_circle(engine: Engine, people: dict[str, int]) -> None:
    first, second = people["Ann One"], people["Bea Two"]

    def opposite() -> str:
        with pytest.raises(Undecidable) as refused:
            decide(engine, merging(second, first))
        return str(refused.value)

    with meanwhile(engine, decide, merging(first, second), opposite) as (_, [sentence]):
        assert sentence == "These are one speaker already; `onrecord speakers list` shows who is whom."
    assert rows(engine, "SELECT id, merged_into FROM speakers WHERE merged_into IS NOT NULL") == [(second, first)]


def test_merges_that_follow_each_other_make_no_chain(engine: Engine, people: dict[str, int]) -> None:
    first, second, third = people.values()
    with meanwhile(engine, decide, merging(first, second), lambda: decide(engine, merging(second, third))):
        pass
    merged = "SELECT id, merged_into FROM speakers WHERE merged_into IS NOT NULL ORDER BY id"
    assert rows(engine, merged) == [(second, first), (third, first)]
    assert wrong_owners(engine) == []


def test_of_two_hands_on_one_quote_the_later_one_counts(engine: Engine, people: dict[str, int]) -> None:
    ((quote,),) = rows(engine, f"SELECT quote_id FROM quote_speakers WHERE speaker_id = {people['Cat Three']}")

    def by(name: str) -> Callable[[Connection], int]:
        return lambda connection: quote_decisions.set_speaker(connection, quote, people[name], **WHO)

    with meanwhile(engine, decide, by("Ann One"), lambda: decide(engine, by("Bea Two"))) as (first, [second]):
        assert first != second, "each person is told the number of the own decision"
    stored = rows(engine, f"SELECT speaker_id, by_hand FROM quote_speakers WHERE quote_id = {quote}")
    assert stored == [(people["Bea Two"], True)]
    assert (wrong_owners(engine), wrong_counts(engine)) == ([], [])


def test_a_deadlock_is_tried_again_and_at_last_told_in_a_sentence(engine: Engine) -> None:
    tries = []

    def deadlocked(connection: Connection) -> int:
        tries.append(1)
        if len(tries) < 3:
            connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01', MESSAGE = 'no'; END $$"))
        return len(tries)

    assert decide(engine, deadlocked) == 3

    def always(connection: Connection) -> None:
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'no'; END $$"))

    with pytest.raises(Undecidable, match="nothing was decided; give the command again"):
        decide(engine, always)
