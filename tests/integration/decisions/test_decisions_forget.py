"""Forgotten articles are removed from the tables, and do not come in again when they are dropped again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text, update

from tests.integration.dedupe.newsroom import Said, Story, extract_again, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.decisions import forgetting, removing
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.decisions.forgetting import (
    FileVersion,
    Removal,
    apply_marks,
    forget_article,
    forget_file,
    forget_outlet,
    remove,
)
from worker.store import marks, stories
from worker.store.decisions import Undecidable
from worker.store.marks import Mark, any_stands, of_article
from worker.store.tables.models import (
    Article,
    ArticleSource,
    Document,
    Extraction,
    File,
    FileDocument,
    Fingerprint,
    Inbox,
    Outlet,
    Quote,
    QuoteHistory,
    Speaker,
    SpeakerKey,
    SpeakerName,
    Statement,
    StatementKey,
)
from worker.store.tables.models import Story as StoryRow

SAID = "We expect the agreement to be achieved before the end of this year"
LAVROV = person("Sergey Lavrov")
WHO: dict[str, Any] = {"who": "ada", "reason": "the subject asked for it"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def size(connection: Connection, table: type) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def hashes(connection: Connection, article: int) -> tuple[bytes, bytes]:
    query = select(Article.canonical_hash, Document.sha256).join(Document, Document.article_id == Article.id)
    row = connection.execute(query.where(Article.id == article)).one()
    return row.canonical_hash, row.sha256


def forget(engine: Engine, mark: Callable[..., int], *what: Any) -> tuple[int, Removal]:
    """Decide to forget something, and remove it; return the decision, and what was removed."""
    decision = decide(engine, lambda connection: mark(connection, *what, **WHO))
    return decision, remove(engine)


def undo(engine: Engine, decision: int) -> None:
    decide(engine, lambda connection: speaker_decisions.undo(connection, decision, **WHO))


def marked(engine: Engine, decision: int | None = None) -> set[Mark]:
    with engine.begin() as connection:
        return {Mark(mark.kind, mark.hash) for mark in marks.every(connection, decision)}


def test_nothing_is_left_of_an_article_but_hashes(engine: Engine, connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV]), Said("A secret word", [LAVROV])], "Mehr"))
    quote = connection.execute(select(Quote.id).where(Quote.text == "A secret word")).scalar_one()
    quote_decisions.reject(connection, quote, **WHO)
    expected = connection.execute(select(Quote.id).where(Quote.text == SAID)).scalar_one()
    cut = quote_decisions.recut(connection, expected, SAID.removeprefix("We expect "), **WHO)
    added, _ = quote_decisions.add(connection, article, " ".join(prose(1, 60).split()[2:9]), **WHO)
    canonical, sha256 = hashes(connection, article)
    _, removal = forget(engine, forget_article, article)
    assert (removal.articles, removal.documents) == ([article], 1)
    for table in (
        *(Article, ArticleSource, Quote, Extraction, Statement, StatementKey, Fingerprint, StoryRow),
        *(Speaker, SpeakerName, SpeakerKey, Outlet),
    ):
        assert size(connection, table) == 0, table
    document = connection.execute(select(*Document.__table__.c)).one()
    assert (document.state, document.reason, document.raw) == ("ignored", "forgotten", None)
    kept = str(connection.execute(text("SELECT array_agg(value) FROM decisions")).scalar_one())
    assert not [word for word in ("secret", "agreement", *prose(1, 60).split()) if word in kept]
    for decision in (cut, added):
        undo(engine, decision)
    assert any_stands(connection, of_article(document_sha256=sha256))
    assert any_stands(connection, of_article(canonical_hash=canonical))
    assert not any_stands(connection, of_article(canonical_hash=b"x" * 32, document_sha256=b"y" * 32))
    assert not any_stands(connection, of_article())


def test_undone_it_may_come_in_again(engine: Engine, connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60)))
    canonical, sha256 = hashes(connection, article)
    decision, _ = forget(engine, forget_article, article)
    undo(engine, decision)
    assert not any_stands(connection, of_article(document_sha256=sha256, canonical_hash=canonical, outlet="Mehr"))


def test_undone_before_the_removal_nothing_is_removed(engine: Engine, connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60)))
    decision = decide(engine, lambda connection: forget_article(connection, article, **WHO))
    undo(engine, decision)
    assert remove(engine).articles == []
    assert size(connection, Article) == 1


def test_the_same_command_goes_on_with_an_unfinished_removal(engine: Engine, connection: Connection) -> None:
    articles = [store(connection, Story(prose(n, 60))) for n in range(30)]
    outlet = connection.execute(insert(Outlet).values(name="Mehr", key="mehr").returning(Outlet.id)).scalar_one()
    connection.execute(update(ArticleSource).values(outlet_id=outlet))
    decision = decide(engine, lambda connection: forget_outlet(connection, "Mehr", **WHO))
    steps = iter((True, True, True, True, False))
    first = remove(engine, going_on=lambda: next(steps, False))
    assert 0 < len(first.articles) < len(articles), "it was stopped before the end"
    assert decide(engine, lambda connection: forget_outlet(connection, " MEHR", **WHO)) == decision
    second = remove(engine)
    assert sorted([*first.articles, *second.articles]) == articles
    assert marks.unfinished(connection) == []
    assert size(connection, Article) == 0


def test_a_step_that_takes_the_database_too_long_is_made_smaller(
    engine: Engine, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [store(connection, Story(prose(n, 60))) for n in range(6)]
    apply_marks(engine, [Mark("document", hashes(connection, article)[1]) for article in articles], **WHO)
    remove_some = removing.remove_some

    def slow(connection: Connection, decision: int, most: int) -> removing.Removed:
        step = remove_some(connection, decision, most)
        if step.marks > 1:
            connection.execute(text("SET LOCAL statement_timeout = 1"))
            connection.execute(text("SELECT pg_sleep(1)"))
        return step

    monkeypatch.setattr(forgetting, "remove_some", slow)
    assert sorted(remove(engine).articles) == articles
    assert size(connection, Article) == 0


def test_others_keep_what_they_share(engine: Engine, connection: Connection) -> None:
    first = store(connection, Story(prose(1, 200), [Said(SAID, [LAVROV])]))
    second = store(connection, Story(prose(1, 200) + " copy", [Said(SAID + " indeed", [LAVROV])]))
    assert size(connection, Statement) == 1
    kept = connection.execute(select(Article.sketch).where(Article.id == second)).scalar_one()
    forget(engine, forget_article, first)
    assert connection.execute(select(Statement.text)).scalar_one() == SAID + " indeed"
    assert set(connection.execute(select(Fingerprint.hash)).scalars()) == set(kept)
    assert connection.execute(select(SpeakerName.name, SpeakerName.articles)).one() == ("Sergey Lavrov", 1)
    again = store(connection, Story(prose(9, 60), [Said(SAID + " indeed", [LAVROV])]))
    assert again and size(connection, Statement) == 1


def test_a_story_of_many_copies_keeps_the_hashes_of_those_that_stay(engine: Engine, connection: Connection) -> None:
    copies = [store(connection, Story(f"{prose(1, 200)} {prose(100 + n, 8)}")) for n in range(stories.LARGE + 3)]
    assert size(connection, StoryRow) == 1
    forget(engine, forget_article, copies[5])
    used = connection.execute(text("SELECT DISTINCT unnest(sketch) FROM articles")).scalars()
    assert set(connection.execute(select(Fingerprint.hash)).scalars()) == set(used)


def test_a_hash_that_an_arriving_article_uses_meanwhile_stays(
    engine: Engine, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"{prose(1, 200)} {prose(100 + n, 8)}" for n in range(stories.LARGE + 3)]
    copies = [store(connection, Story(copy)) for copy in words]
    find = stories.unused_fingerprints

    def then_one_arrives(asking: Connection, large: set[int]) -> list[stories.StoryHash]:
        found = find(asking, large)
        assert found
        store(connection, Story(words[5] + " "))
        return found

    monkeypatch.setattr(stories, "unused_fingerprints", then_one_arrives)
    forget(engine, forget_article, copies[5])
    used = connection.execute(text("SELECT DISTINCT unnest(sketch) FROM articles")).scalars()
    assert set(connection.execute(select(Fingerprint.hash)).scalars()) == set(used)


def test_a_role_that_only_the_forgotten_article_gave_goes(engine: Engine, connection: Connection) -> None:
    roles = ("foreign minister", "glimworp inspector")
    first = store(connection, Story(f"{prose(1, 60)} the glimworp inspector", [Said(SAID, [person("Ada Lo", *roles)])]))
    store(connection, Story(f"{prose(2, 60)} the foreign minister", [Said(SAID, [person("Ada Lo")])]))
    forget(engine, forget_article, first)
    assert connection.execute(select(SpeakerName.roles)).scalar_one() == ["foreign minister"]


def test_such_a_role_goes_also_if_the_quotation_was_corrected(engine: Engine, connection: Connection) -> None:
    ada = person("Ada Lo", "foreign minister", "glimworp inspector")
    first = store(connection, Story(f"{prose(1, 60)} the glimworp inspector", [Said(SAID, [ada])]))
    store(connection, Story(f"{prose(2, 60)} the foreign minister", [Said("We will see", [person("Ada Lo")])]))
    quote = connection.execute(select(Quote.id).where(Quote.article_id == first)).scalar_one()
    quote_decisions.no_speaker(connection, quote, **WHO)
    forget(engine, forget_article, first)
    assert connection.execute(select(SpeakerName.roles)).scalar_one() == ["foreign minister"]


def test_names_from_before_a_re_reading_and_from_corrections_go(engine: Engine, connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV]), Said("We will see", [LAVROV])]))
    store(connection, Story(prose(2, 60), [Said("Somebody else spoke here", [person("Ada Lo")])]))
    extract_again(connection, article, [Said(SAID, [person("Zed Quillon")]), Said("We will see", [LAVROV])])
    quotes = connection.execute(select(Quote.id).where(Quote.article_id == article, Quote.current)).scalars().all()
    quote_decisions.set_speaker(connection, quotes[0], "Wim Borromir", who="ada", reason="see the byline")
    quote_decisions.set_speaker(connection, quotes[0], "Ada Lo", who="ada", reason="see the byline")
    lavrov = connection.execute(select(SpeakerName.speaker_id).where(SpeakerName.name == "Sergey Lavrov")).scalar_one()
    speaker_decisions.rename(connection, lavrov, "Sergei Viktorovich", **WHO)
    forget(engine, forget_article, article)
    assert connection.execute(select(SpeakerName.name)).scalars().all() == ["Ada Lo"]
    assert connection.execute(select(Speaker.name)).scalars().all() == ["Ada Lo"]
    words = str(connection.execute(text("SELECT array_agg(value) FROM decisions")).scalar_one())
    for name in ("Lavrov", "Quillon", "Borromir", "Viktorovich", "agreement"):
        assert name not in words
    assert size(connection, QuoteHistory) == 0


def test_the_words_of_a_split_go_with_the_last_article_that_has_them(engine: Engine, connection: Connection) -> None:
    first = store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV])]))
    second = store(connection, Story(prose(2, 60), [Said("Other words were said", [person("Sergei Lavrov")])]))
    speaker = connection.execute(select(Speaker.id)).scalar_one()
    speaker_decisions.split(connection, speaker, "Sergei Lavrov", **WHO)
    forget(engine, forget_article, first)
    value = connection.execute(text("SELECT value FROM decisions WHERE kind = 'split'")).scalar_one()
    assert (value["names"], value["others"]) == (["Sergei Lavrov"], [])
    forget(engine, forget_article, second)
    value = connection.execute(text("SELECT value FROM decisions WHERE kind = 'split'")).scalar_one()
    assert (value["names"], value["others"]) == ([], [])
    assert size(connection, Speaker) == 0


@pytest.mark.parametrize("gone", ["the split speaker", "the other", "both"])
def test_a_split_is_undone_also_when_a_speaker_is_gone(engine: Engine, connection: Connection, gone: str) -> None:
    first = store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV])]))
    second = store(connection, Story(prose(2, 60), [Said("Other words were said", [person("Sergei Lavrov")])]))
    old = connection.execute(select(Speaker.id)).scalar_one()
    speaker_decisions.split(connection, old, "Sergei Lavrov", **WHO)
    decision = connection.execute(text("SELECT id FROM decisions WHERE kind = 'split'")).scalar_one()
    new = connection.execute(select(func.max(Speaker.id))).scalar_one()
    forgotten = {"the split speaker": [second], "the other": [first], "both": [first, second]}[gone]
    for article in forgotten:
        forget(engine, forget_article, article)
    speaker_decisions.undo(connection, decision, **WHO)
    left = {"the split speaker": [old], "the other": [new], "both": []}[gone]
    assert list(connection.execute(select(Speaker.id)).scalars()) == left
    with pytest.raises(Undecidable, match="undone already"):
        speaker_decisions.undo(connection, decision, **WHO)


def test_a_merged_speaker_goes_and_the_other_keeps_what_it_said(engine: Engine, connection: Connection) -> None:
    first = store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV])]))
    second = store(connection, Story(prose(2, 60), [Said("Other words were said", [person("Ada Lo")])]))
    lavrov, ada = connection.execute(select(Speaker.id).order_by(Speaker.id)).scalars()
    speaker_decisions.merge(connection, [ada], lavrov, **WHO)
    forget(engine, forget_article, first)
    names = {row.id: row.name for row in connection.execute(select(Speaker.id, Speaker.name))}
    assert names == {lavrov: "Ada Lo", ada: "Ada Lo"}, "the root stays without a form of its own"
    forget(engine, forget_article, second)
    assert size(connection, Speaker) == 0


def test_an_outlet_and_all_it_published(engine: Engine, connection: Connection) -> None:
    mehr = [store(connection, Story(prose(n, 60), outlet="Mehr News")) for n in range(2)]
    other = store(connection, Story(prose(5, 60), outlet="Other"))
    shared = store(connection, Story(prose(6, 60), outlet="Other"))
    outlet = select(ArticleSource.outlet_id).where(ArticleSource.article_id == mehr[0]).scalar_subquery()
    carried = insert(Document).values(
        sha256=b"x" * 32,
        media_type="text/plain",
        raw=b"x",
        state="duplicate",
        article_id=shared,
        finished_at=func.now(),
    )
    document = connection.execute(carried.returning(Document.id)).scalar_one()
    connection.execute(insert(ArticleSource).values(article_id=shared, document_id=document, outlet_id=outlet))
    decision, removal = forget(engine, forget_outlet, " MEHR  news")
    assert (sorted(removal.articles), removal.documents) == (mehr, 3)
    assert set(connection.execute(select(Article.id)).scalars()) == {other, shared}
    assert connection.execute(select(Outlet.name)).scalars().all() == ["Other"]
    assert "mehr" not in str(connection.execute(text("SELECT array_agg(value) FROM decisions")).scalar_one()).lower()
    assert any_stands(connection, of_article(outlet="Mehr News"))
    assert not any_stands(connection, of_article(outlet="Other"))
    undo(engine, decision)
    assert not any_stands(connection, of_article(outlet="Mehr News", document_sha256=b"x" * 32))


def test_a_copy_becomes_the_stored_one(engine: Engine, connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60), outlet="Mehr"))
    first = connection.execute(select(Document.id)).scalar_one()
    copy = insert(Document).values(
        sha256=b"c" * 32,
        media_type="text/plain",
        raw=b"c",
        state="duplicate",
        article_id=article,
        finished_at=func.now(),
    )
    second = connection.execute(copy.returning(Document.id)).scalar_one()
    source = {"article_id": article, "document_id": second, "title": "Of the copy", "authors": ["Ada Lo"]}
    connection.execute(insert(ArticleSource).values(**source))
    decision = decide(
        engine,
        lambda connection: forget_file(connection, "a.txt", [FileVersion(_file(connection, first), b"z" * 32)], **WHO),
    )
    remove(engine)
    assert connection.execute(select(Document.state).order_by(Document.id)).scalars().all() == ["ignored", "stored"]
    row = connection.execute(select(Article.title, Article.authors, Article.outlet_id)).one()
    assert row == ("Of the copy", ["Ada Lo"], None)
    assert size(connection, Outlet) == 0
    assert {kind for kind, _ in marked(engine, decision)} == {"document", "file"}, "the text may come again"


def test_a_file(engine: Engine, connection: Connection) -> None:
    articles = [store(connection, Story(prose(n, 60))) for n in range(3)]
    documents = connection.execute(select(Document.id).order_by(Document.id)).scalars().all()
    file = _file(connection, *documents[:2])
    _, removal = forget(engine, forget_file, "a.zip", [FileVersion(file, b"z" * 32)])
    assert sorted(removal.articles) == articles[:2]
    assert connection.execute(select(Article.id)).scalars().all() == articles[2:]
    assert connection.execute(select(File.state)).scalar_one() == "ignored"


def _file(connection: Connection, *documents: int) -> int:
    inbox = connection.execute(insert(Inbox).values(name="seeds", path=b"/seeds").returning(Inbox.id)).scalar_one()
    values = {"inbox_id": inbox, "path": b"a.zip", "shown": "a.zip", "state": "split", "sha256": b"z" * 32}
    file = connection.execute(insert(File).values(**values).returning(File.id)).scalar_one()
    for position, document in enumerate(documents):
        connection.execute(insert(FileDocument).values(file_id=file, position=position, document_id=document))
    return int(file)


def test_marks_are_applied_elsewhere(engine: Engine, connection: Connection) -> None:
    articles = [store(connection, Story(prose(n, 60))) for n in range(3)]
    canonical, sha256 = hashes(connection, articles[0])
    other_canonical, _ = hashes(connection, articles[1])
    again = [Mark("document", sha256), Mark("text", canonical), Mark("text", other_canonical), Mark("file", b"f" * 32)]
    decision = apply_marks(engine, again, **WHO)
    assert decision is not None
    assert sorted(remove(engine).articles) == articles[:2]
    assert marked(engine) == set(again)
    assert apply_marks(engine, again, **WHO) is None, "they are in force already"
    undo(engine, decision)
    assert marked(engine) == set()


def test_names_that_earlier_releases_left_go_with_the_next_removal(engine: Engine, connection: Connection) -> None:
    store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV])]))
    other = store(connection, Story(prose(2, 60)))
    ghost = insert(Speaker).values(name="Zed Quillon", kind="person").returning(Speaker.id)
    speaker = connection.execute(ghost).scalar_one()
    form = {"speaker_id": speaker, "name": "Zed Quillon", "evidence": "first seen", "confidence": 1}
    connection.execute(insert(SpeakerName).values(**form))
    forget(engine, forget_article, other)
    assert connection.execute(select(SpeakerName.name)).scalars().all() == ["Sergey Lavrov"]
    assert connection.execute(select(Speaker.name)).scalars().all() == ["Sergey Lavrov"]


def test_what_the_machine_had_found_elsewhere_stays_for_the_undoing(engine: Engine, connection: Connection) -> None:
    store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV])]))
    same_name = store(connection, Story(prose(2, 60), [Said("Other words were said", [LAVROV])]))
    unrelated = store(connection, Story(prose(3, 60), [Said("Somebody spoke", [person("Ada Lo")])]))
    rows = connection.execute(text("SELECT quote_id, speaker_id FROM quote_speakers ORDER BY quote_id")).all()
    (quote, lavrov), ada = rows[0], rows[-1].speaker_id
    chosen = quote_decisions.set_speaker(connection, quote, ada, who="ada", reason="see the byline")
    covering = quote_decisions.no_speaker(connection, quote, **WHO)
    forget(engine, forget_article, same_name)
    forget(engine, forget_article, unrelated)
    assert set(connection.execute(select(SpeakerName.speaker_id)).scalars()) == {lavrov, ada}
    undo(engine, covering)
    undo(engine, chosen)
    assert connection.execute(text("SELECT speaker_id FROM quote_speakers")).scalars().all() == [lavrov]


def test_looking_up_reads_an_index(connection: Connection) -> None:
    connection.execute(text("SET enable_seqscan = off"))
    sought = {"hashes": [b"x" * 32], "kinds": ["document", "text"]}
    steps = connection.execute(text(f"EXPLAIN {marks.AMONG.text}"), sought).scalars().all()
    assert any("pk_forgotten" in step for step in steps), steps
    connection.execute(text("RESET enable_seqscan"))


def test_what_is_not_there_cannot_be_forgotten(connection: Connection) -> None:
    with pytest.raises(Undecidable, match="no article 99"):
        forget_article(connection, 99, **WHO)
    with pytest.raises(Undecidable, match="no file nix"):
        forget_file(connection, "nix", [], **WHO)
    with pytest.raises(Undecidable, match="outlet's name"):
        forget_outlet(connection, " ", **WHO)
