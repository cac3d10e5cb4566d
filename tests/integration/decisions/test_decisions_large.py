"""A speaker with many quotes: a decision is made at once, and its quotes follow in batches."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.decisions.test_decisions_at_once import SAID, print_one, rows, wrong_counts, wrong_owners
from tests.integration.dedupe.newsroom import Said, Story, extract_again, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.checks.check import check
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.dedupe.wording import keys
from worker.speakers.across import moving
from worker.store import moves
from worker.store.db import decision_lock
from worker.tasks import housekeeping
from worker.tasks.housekeeping import reconcile_all

WHO: dict[str, Any] = {"who": "ada", "reason": "I know them"}
ARTICLES = 12
ONE, TWO = "Sergey Lavrov", "Sergei Lavrov"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three quotes be many, so that a dozen articles show what a hundred thousand would."""
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    monkeypatch.setattr(moving, "LEAST", 3)
    monkeypatch.setattr(moving, "MOST", 3)


@pytest.fixture
def press(engine: Engine) -> dict[str, int]:
    """Store articles that quote two forms of one speaker's name, some by both together, and another speaker."""
    with engine.begin() as connection:
        for number in range(ARTICLES):
            words = f"{SAID} in the round of talks with the number {number // 2}"
            by = [person(TWO)] if number % 2 else [person(ONE)]
            store(connection, Story(prose(number, 60), [Said(words, by)]))
            print_one(connection, 100 + number, "Ebrahim Raisi", words)
    reconcile_all(engine)
    return dict(rows(engine, "SELECT name, id FROM speakers"))


def form(engine: Engine, name: str) -> tuple[int, int]:
    """Return the speaker that has a form, and the count of its articles."""
    query = f"SELECT speaker_id, articles FROM speaker_names WHERE name = '{name}' AND status = 'joined'"
    ((speaker, articles),) = rows(engine, query)
    return speaker, articles


def left(engine: Engine) -> int:
    with engine.connect() as connection:
        return moves.quotes_left(connection)


def speakers_of(engine: Engine, name: str) -> list[int]:
    return [row[0] for row in rows(engine, f"SELECT DISTINCT speaker_id FROM quote_speakers WHERE name = '{name}'")]


def finish(engine: Engine) -> list[tuple[int, int]]:
    """Finish the moves; return what the progress showed."""
    shown: list[tuple[int, int]] = []
    moving.finish(engine, lambda done, total: shown.append((done, total)))
    assert left(engine) == 0
    return shown


def wrong(engine: Engine) -> list[str]:
    """Return what `onrecord check` finds; this newsroom has no files, and invented hashes of documents."""
    return [str(found) for found in check(engine) if found.rows != "documents"]


def right(engine: Engine) -> bool:
    return (wrong_owners(engine), wrong_counts(engine), wrong(engine)) == ([], [], [])


def test_a_split_leaves_its_quotes_to_be_moved_and_its_form_is_moved_at_once(
    engine: Engine, press: dict[str, int]
) -> None:
    old = form(engine, TWO)[0]
    _, new = decide(engine, lambda c: speaker_decisions.split(c, old, TWO, **WHO))
    assert (form(engine, TWO), left(engine)) == ((new, ARTICLES // 2), ARTICLES // 2)
    shown = finish(engine)
    assert len({done for done, _ in shown}) > 2
    assert shown == sorted(shown)
    assert shown[-1] == (ARTICLES // 2, ARTICLES // 2)
    assert (speakers_of(engine, TWO), form(engine, TWO)) == ([new], (new, ARTICLES // 2))
    assert right(engine)


def test_a_merge_and_its_undoing_settle_the_statements_in_batches(engine: Engine, press: dict[str, int]) -> None:
    first, second = form(engine, ONE)[0], press["Ebrahim Raisi"]
    decide(engine, lambda c: speaker_decisions.merge(c, [second], first, **WHO))
    assert left(engine) == ARTICLES
    assert wrong(engine) == [], "what is left to be settled is not wrong"
    finish(engine)
    assert right(engine)
    assert len(rows(engine, "SELECT 1 FROM statements")) == ARTICLES // 2, "both said the same words"
    ((merge,),) = rows(engine, "SELECT id FROM decisions")
    decide(engine, lambda c: speaker_decisions.undo(c, merge, **WHO))
    finish(engine)
    assert right(engine)
    assert len(rows(engine, "SELECT 1 FROM statements")) == ARTICLES


def test_a_statement_that_comes_with_a_merge_joins_the_most_similar_one(engine: Engine, press: dict[str, int]) -> None:
    words = "We have never told anybody about the bridge of seven stones in that valley or about its keeper"
    near, nearer, own = f"Well, {words} of old", f"{words} of old", f"{words} of old, we say"
    with engine.begin() as connection:
        print_one(connection, 800, "Ebrahim Raisi", near)
        for number, again in enumerate([nearer, "We are ready to talk about it", "They are not"]):
            print_one(connection, 801 + number, "Chidi Okoro", again)
        print_one(connection, 810, "Ebrahim Raisi", "It has rained for ever and ever in that valley")
    reconcile_all(engine)
    ((speaker,),) = rows(engine, "SELECT id FROM speakers WHERE name = 'Chidi Okoro'")
    decide(engine, lambda c: speaker_decisions.merge(c, [speaker], press["Ebrahim Raisi"], **WHO))
    with engine.begin() as connection:
        print_one(connection, 820, "Chidi Okoro", own)  # its keys are there before those of the statement it is like
    finish(engine)
    of_words = "SELECT count(DISTINCT statement_id), count(*) FROM quotes WHERE text LIKE '%bridge of seven stones%'"
    assert rows(engine, of_words) == [(1, 3)]
    assert right(engine)


def test_the_next_decision_first_finishes_the_one_before(engine: Engine, press: dict[str, int]) -> None:
    old = form(engine, TWO)[0]
    split, new = decide(engine, lambda c: speaker_decisions.split(c, old, TWO, **WHO))
    decide(engine, lambda c: speaker_decisions.undo(c, split, **WHO))
    assert not rows(engine, f"SELECT 1 FROM form_moves WHERE target = {new}")
    finish(engine)
    assert (speakers_of(engine, TWO), form(engine, TWO)) == ([old], (old, ARTICLES // 2))
    assert right(engine)


def test_housekeeping_finishes_what_a_dead_command_left(engine: Engine, press: dict[str, int]) -> None:
    old = form(engine, TWO)[0]
    _, new = decide(engine, lambda c: speaker_decisions.split(c, old, TWO, **WHO))
    reconcile_all(engine)
    assert (left(engine), speakers_of(engine, TWO)) == (0, [new])
    assert right(engine)


def one_batch(engine: Engine) -> None:
    """Do one batch of the moves, and die."""

    def die(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moving.finish(engine, die)


def article_of(connection: Connection, name: str, *, moved: bool, target: int) -> int:
    """Return an article whose quote of a form is moved already, or one whose quote is still to be moved."""
    query = "SELECT q.article_id FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id WHERE s.name = :name"
    condition = "=" if moved else "<>"
    row = connection.execute(text(f"{query} AND s.speaker_id {condition} :target"), {"name": name, "target": target})
    return int(row.scalars().first() or 0)


def read_again(connection: Connection, article: int) -> None:
    words = connection.execute(text("SELECT text FROM quotes WHERE article_id = :a"), {"a": article}).scalar_one()
    extract_again(connection, article, [Said(words, [person(TWO)])])


def correct(connection: Connection, article: int) -> None:
    quote = connection.execute(text("SELECT id FROM quotes WHERE article_id = :a"), {"a": article}).scalar_one()
    quote_decisions.set_speaker(connection, quote, "Ebrahim Raisi", **WHO)


def print_more(connection: Connection, article: int) -> None:
    print_one(connection, 500 + article, TWO)


@pytest.mark.parametrize("work", [read_again, correct, print_more])
@pytest.mark.parametrize("moved", [False, True])
def test_what_happens_to_an_article_in_the_midst_of_a_move_counts_once(
    engine: Engine, press: dict[str, int], work: Callable[[Connection, int], None], moved: bool
) -> None:
    old = form(engine, TWO)[0]
    _, new = decide(engine, lambda c: speaker_decisions.split(c, old, TWO, **WHO))
    one_batch(engine)
    assert 0 < left(engine) < ARTICLES // 2
    assert wrong(engine) == [], "what is left to be moved is not wrong"
    with engine.begin() as connection:
        article = article_of(connection, TWO, moved=moved, target=new)
        work(connection, article)
    finish(engine)
    assert speakers_of(engine, TWO) == [new]
    assert right(engine)


@pytest.fixture
def lagging(engine: Engine, press: dict[str, int]) -> str:
    """Merge a speaker, and do one batch; return the words of a statement that has gone while its keys have not."""
    said = [f"Nobody has ever told me about a bridge of {number} stones in that valley" for number in range(4)]
    with engine.begin() as connection:
        for number, words in enumerate(said):
            print_one(connection, 800 + number, "Chidi Okoro", words)
    reconcile_all(engine)
    [(speaker,)] = rows(engine, "SELECT id FROM speakers WHERE name = 'Chidi Okoro'")
    decide(engine, lambda c: speaker_decisions.merge(c, [speaker], press["Ebrahim Raisi"], **WHO))
    one_batch(engine)
    behind = "SELECT DISTINCT s.text FROM statement_keys k JOIN statements s ON s.id = k.statement_id"
    assert {row[0] for row in rows(engine, f"{behind} WHERE s.owner <> k.owner")} == set(said[:3])
    assert wrong(engine) == [], "a key that has not followed yet is not wrong"
    return said[0]


def test_words_that_are_printed_again_before_the_keys_have_followed_join_their_statement(
    engine: Engine, lagging: str
) -> None:
    with engine.begin() as connection:
        print_one(connection, 900, "Chidi Okoro", lagging)
    of_words = f"SELECT id FROM statements WHERE text = '{lagging}'"
    assert len(rows(engine, of_words)) == 2, "until the keys have followed, the statement is not found"
    finish(engine)
    assert len(rows(engine, of_words)) == 1
    assert right(engine)


def test_a_statement_that_goes_on_before_its_keys_have_followed_takes_them_along(engine: Engine, lagging: str) -> None:
    [(quote, statement)] = rows(engine, f"SELECT id, statement_id FROM quotes WHERE text = '{lagging}'")
    with engine.begin() as connection:
        quote_decisions.set_speaker(connection, quote, ONE, **WHO)
    stands = f"SELECT hash FROM statement_keys WHERE statement_id = {statement} AND owner = "
    [(owner,)] = rows(engine, f"SELECT owner FROM statements WHERE id = {statement}")
    assert {row[0] for row in rows(engine, f"{stands} {owner}")} == set(keys(lagging))
    assert len(rows(engine, f"{stands} owner")) == len(keys(lagging))
    finish(engine)
    assert right(engine)


def test_articles_are_looked_at_again_only_when_the_keys_have_followed(engine: Engine, lagging: str) -> None:
    left_over = "SELECT count(*) FROM articles WHERE NOT reconciled"
    with engine.begin() as connection:
        connection.execute(text("UPDATE articles SET reconciled = false"))
    assert decision_lock.sharing(engine, housekeeping._reconcile_some) == 1
    assert rows(engine, left_over) == rows(engine, "SELECT count(*) FROM articles")
    reconcile_all(engine)
    assert (left(engine), rows(engine, left_over)) == (0, [(0,)])


def test_a_statement_that_goes_before_its_keys_have_followed_leaves_none(engine: Engine, lagging: str) -> None:
    [(article,)] = rows(engine, f"SELECT article_id FROM quotes WHERE text = '{lagging}'")
    with engine.begin() as connection:
        extract_again(connection, article, [])
    finish(engine)
    assert right(engine)


def test_a_form_that_moves_on_before_its_quotes_have_come_takes_them_along(
    engine: Engine, press: dict[str, int]
) -> None:
    old, third = form(engine, TWO)[0], press["Ebrahim Raisi"]
    _, new = decide(engine, lambda c: speaker_decisions.split(c, old, TWO, **WHO))
    one_batch(engine)
    with engine.begin() as connection:
        moving.move(connection, TWO, new, third)
    finish(engine)
    assert (speakers_of(engine, TWO), form(engine, TWO)) == ([third], (third, ARTICLES // 2))
    assert right(engine)


def test_a_form_that_comes_back_finds_the_quotes_that_never_left(engine: Engine, press: dict[str, int]) -> None:
    old = form(engine, TWO)[0]
    _, new = decide(engine, lambda c: speaker_decisions.split(c, old, TWO, **WHO))
    one_batch(engine)
    with engine.begin() as connection:
        moving.move(connection, TWO, new, old)
    finish(engine)
    assert (speakers_of(engine, TWO), form(engine, TWO)) == ([old], (old, ARTICLES // 2))
    assert right(engine)


def test_of_two_names_in_one_source_the_first_place_is_kept(engine: Engine) -> None:
    with engine.begin() as connection:
        for number in range(4):
            by = [person("Ann One"), person("Bea Two")] if number % 2 else [person("Bea Two"), person("Ann One")]
            store(connection, Story(prose(number, 60), [Said(SAID, by)]))
        ids = {row.name: row.id for row in connection.execute(text("SELECT name, id FROM speakers"))}
        moving.move(connection, "Bea Two", ids["Bea Two"], ids["Ann One"])
    finish(engine)
    assert rows(engine, "SELECT DISTINCT position, speaker_id FROM quote_speakers") == [(0, ids["Ann One"])]
    assert right(engine)
