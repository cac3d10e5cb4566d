"""Refreshing statements in bulk after speakers and stories changed: the same as one by one, in any order and batch."""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Connection, Engine, func, select, text, update

from tests.integration.dedupe import one_by_one
from tests.integration.dedupe.newsroom import Said, Story, person, store
from worker.dedupe import statements
from worker.dedupe.lookup import StatementInput
from worker.store.tables.models import Article, Quote, QuoteSpeaker, Speaker, Statement, StatementKey

NAMES = ("Anna Berg", "Bo Carlsen", "Chidi Okoro", "Dora Eng")
WORDS = [
    f"{start}{end}" for start in ("bal", "cor", "dun", "fen", "gri", "hul") for end in ("ta", "so", "mi", "ke", "ru")
]
WORLDS = 8
STEPS = 6

BROKEN = {
    "quotes of a wrong owner": """
        SELECT q.id
        FROM quotes q JOIN articles a ON a.id = q.article_id LEFT JOIN statements st ON st.id = q.statement_id
        WHERE st.owner IS DISTINCT FROM coalesce(
            (SELECT min(coalesce(s.merged_into, s.id)) FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id
              WHERE qs.quote_id = q.id), -a.story_id)
        """,
    "keys without a statement, or of another owner": """
        SELECT k.statement_id
        FROM statement_keys k LEFT JOIN statements s ON s.id = k.statement_id AND s.owner = k.owner
        WHERE s.id IS NULL
        """,
    "statements without a quote": """
        SELECT s.id FROM statements s WHERE NOT EXISTS (SELECT FROM quotes q WHERE q.statement_id = s.id)
        """,
}
"""What must never be: each query returns the ids of the rows that are wrong."""


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def sentence(random: Random) -> str:
    return " ".join([*random.choices(WORDS, k=random.randint(4, 16)), str(random.randint(1, 3))])


def edited(random: Random, words: str) -> str:
    """Return nearly the same words: one word differs, the first are left out, or a figure is another."""
    listed = words.split()
    return random.choice(
        (
            " ".join([*listed[:2], random.choice(WORDS), *listed[3:]]),
            " ".join(listed[random.randint(1, 2) :]),
            " ".join([*listed[:-1], "7", "indeed"]),
            words.upper(),
            words,
        )
    )


def world(connection: Connection, random: Random) -> None:
    """Store articles by a few speakers, alone and together, who say the same and nearly the same things."""
    said = [sentence(random) for _ in range(8)]
    for number in range(14):
        quotations = [
            Said(edited(random, random.choice(said)), [person(name) for name in random.sample(NAMES, speakers)])
            for speakers in random.choices((0, 1, 1, 1, 2), k=random.randint(1, 4))
        ]
        store(connection, Story(f"Report {number}. {sentence(random)}", quotations), alone=True)


def change(connection: Connection, random: Random) -> list[int]:
    """Merge or part speakers, hand quotes from one to another, or put an article into another story.

    Return the quotes that this concerns.
    """
    kind = random.choice(("merge", "part", "form", "quote", "story"))
    if kind in ("merge", "part"):
        roots = list(connection.execute(select(Speaker.id).where(Speaker.merged_into.is_(None))).scalars())
        merged = list(connection.execute(select(Speaker.id).where(Speaker.merged_into.is_not(None))).scalars())
        if kind == "merge" and len(roots) > 1:
            gone, kept = random.sample(roots, 2)
            concerned = or_merged(connection, gone)
            connection.execute(update(Speaker).where(Speaker.id.in_(concerned)).values(merged_into=kept))
        else:
            concerned = merged
            connection.execute(update(Speaker).values(merged_into=None))
        quotes = select(QuoteSpeaker.quote_id).where(QuoteSpeaker.speaker_id.in_(concerned))
    elif kind == "story":
        article, other = random.sample(list(connection.execute(select(Article.id)).scalars()), 2)
        story = select(Article.story_id).where(Article.id == other).scalar_subquery()
        connection.execute(update(Article).where(Article.id == article).values(story_id=story))
        quotes = select(Quote.id).where(Quote.article_id == article)
    else:
        source, target = random.sample(list(connection.execute(select(Speaker.id)).scalars()), 2)
        already = select(QuoteSpeaker.quote_id).where(QuoteSpeaker.speaker_id == target)
        moved = select(QuoteSpeaker.quote_id).where(
            QuoteSpeaker.speaker_id == source, QuoteSpeaker.quote_id.not_in(already)
        )
        listed = sorted(connection.execute(moved).scalars())
        taken = listed if kind == "form" else random.sample(listed, min(2, len(listed)))
        row = (QuoteSpeaker.speaker_id == source) & QuoteSpeaker.quote_id.in_(taken)
        connection.execute(update(QuoteSpeaker).where(row).values(speaker_id=target))
        return taken
    return list(connection.execute(quotes).scalars())


def or_merged(connection: Connection, root: int) -> list[int]:
    return list(
        connection.execute(select(Speaker.id).where((Speaker.id == root) | (Speaker.merged_into == root))).scalars()
    )


def printed(connection: Connection) -> dict[frozenset[int], tuple[int, str]]:
    """Return, for the quotes of each statement, its owner and words. New statements may have any number."""
    query = (
        select(func.array_agg(Quote.id), Statement.owner, Statement.text)
        .join(Statement, Statement.id == Quote.statement_id)
        .group_by(Statement.id)
    )
    return {frozenset(quotes): (owner, words) for quotes, owner, words in connection.execute(query)}


def broken(connection: Connection) -> dict[str, list[int]]:
    found = {name: list(connection.execute(text(query)).scalars()) for name, query in BROKEN.items()}
    return {name: ids for name, ids in found.items() if ids}


@pytest.mark.parametrize("seed", range(WORLDS))
def test_in_bulk_it_is_the_same_as_one_by_one(connection: Connection, seed: int) -> None:
    random = Random(seed)
    world(connection, random)
    joined = 0
    for _ in range(STEPS):
        quotes = change(connection, random)
        before = len(printed(connection))
        with connection.begin_nested() as undone:
            one_by_one.refresh(connection, quotes)
            expected = printed(connection)
            undone.rollback()
        statements.refresh(connection, quotes)
        assert printed(connection) == expected
        assert broken(connection) == {}
        joined += len(expected) != before
    assert joined, "no step joined or parted a statement, so this compared nothing"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_batches_end_as_well(connection: Connection, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Whatever a batch holds, nothing is broken at the end, and the same words of one owner are one statement."""
    random = Random(1000 + seed)
    monkeypatch.setattr(statements, "BATCH", random.randint(1, 5))
    world(connection, random)
    for _ in range(STEPS):
        quotes = change(connection, random)
        random.shuffle(quotes)
        statements.refresh(connection, quotes)
        assert broken(connection) == {}
        said = [(owner, words.casefold()) for owner, words in printed(connection).values()]
        assert len(said) == len(set(said))


def test_two_speakers_who_change_places(connection: Connection) -> None:
    """Both speakers say the same words; neither statement may take the other's quotes along."""
    words = "we will open the new bridge before the end of the year"
    for number, name in enumerate(NAMES[:2]):
        store(connection, Story(f"Report {number}. {words}", [Said(words, [person(name)])], None), alone=True)
    one, other = connection.execute(select(Speaker.id).order_by(Speaker.id)).scalars()
    swapped = {one: other, other: one}
    rows = connection.execute(select(QuoteSpeaker.quote_id, QuoteSpeaker.speaker_id)).all()
    for quote, speaker in rows:
        connection.execute(
            update(QuoteSpeaker).where(QuoteSpeaker.quote_id == quote).values(speaker_id=swapped[speaker])
        )
    statements.refresh(connection, [quote for quote, _ in rows])
    assert broken(connection) == {}
    assert len(printed(connection)) == 2


def test_a_handed_over_statement_is_found_again(connection: Connection) -> None:
    words = "we will open the new bridge before the end of the year"
    store(connection, Story(f"Report. {words}", [Said(words, [person(NAMES[0])])]))
    store(connection, Story("Another report of the day.", [Said("no", [person(NAMES[1])])]))
    gone, kept = connection.execute(select(Speaker.id).order_by(Speaker.id)).scalars()
    statement = connection.execute(select(Statement.id).where(Statement.owner == gone)).scalar_one()
    connection.execute(update(Speaker).where(Speaker.id == gone).values(merged_into=kept))
    statements.refresh(connection, connection.execute(select(Quote.id)).scalars().all())
    edits = [words, words + " at last", words.upper(), words.replace("the end of the", "this")]
    found = statements.assign(connection, [StatementInput(kept, edit) for edit in edits])
    assert set(found[:3]) == {statement}
    assert found[3] not in (None, statement)


def test_a_wrong_key_does_no_harm(connection: Connection) -> None:
    """A key that another release left behind, under an owner that no longer has the statement, finds nothing."""
    words = "we will open the new bridge before the end of the year"
    store(connection, Story(f"Report. {words}", [Said(words, [person(NAMES[0])])]))
    row = connection.execute(select(StatementKey.hash, StatementKey.statement_id)).first()
    assert row is not None
    for value in connection.execute(select(StatementKey.hash)).scalars().all():
        values = {"owner": 99, "hash": value, "statement_id": row.statement_id}
        connection.execute(StatementKey.__table__.insert().values(values))  # type: ignore[attr-defined]
    assert statements.assign(connection, [StatementInput(99, words)]) != [row.statement_id]
