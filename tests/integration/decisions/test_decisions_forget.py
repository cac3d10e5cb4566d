"""Forgotten articles are removed from the tables, and do not come in again when they are dropped again."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text

from tests.integration.dedupe.newsroom import Said, Story, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.forgetting import forget_article, forget_file, forget_outlet
from worker.store.decisions import FORGOTTEN, Undecidable, is_forgotten
from worker.store.tables.models import (
    Article,
    ArticleSource,
    Document,
    Extraction,
    File,
    FileDocument,
    Fingerprint,
    Inbox,
    Quote,
    SpeakerName,
    Statement,
    StatementKey,
)

SAID = "We expect the agreement to be achieved before the end of this year"
LAVROV = person("Sergey Lavrov")
WHO = {"who": "ada", "reason": "the subject asked for it"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def size(connection: Connection, table: type) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def hashes(connection: Connection, article: int) -> tuple[bytes, bytes]:
    query = select(Article.canonical_hash, Document.sha256).join(Document, Document.article_id == Article.id)
    row = connection.execute(query.where(Article.id == article)).one()
    return row.canonical_hash, row.sha256


def test_nothing_is_left_of_an_article_but_hashes(connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60), [Said(SAID, [LAVROV]), Said("A secret word", [LAVROV])]))
    quote = connection.execute(select(Quote.id).where(Quote.text == "A secret word")).scalar_one()
    quote_decisions.reject(connection, quote, **WHO)
    canonical, sha256 = hashes(connection, article)
    forgotten = forget_article(connection, article, **WHO)
    assert forgotten.articles == (article,)
    for table in (Article, ArticleSource, Quote, Extraction, Statement, StatementKey, Fingerprint):
        assert size(connection, table) == 0, table
    assert connection.execute(select(SpeakerName.articles)).scalars().all() == [0]
    document = connection.execute(select(*Document.__table__.c)).one()
    assert (document.state, document.reason, document.raw, document.id) == (
        "ignored",
        "forgotten",
        None,
        *forgotten.documents,
    )
    assert "secret" not in str(connection.execute(text("SELECT array_agg(value) FROM decisions")).scalar_one())
    assert is_forgotten(connection, document_sha256=sha256)
    assert is_forgotten(connection, canonical_hash=canonical)
    assert not is_forgotten(connection, canonical_hash=sha256, document_sha256=canonical)
    assert not is_forgotten(connection)


def test_undone_it_may_come_in_again(connection: Connection) -> None:
    article = store(connection, Story(prose(1, 60)))
    canonical, sha256 = hashes(connection, article)
    forgotten = forget_article(connection, article, **WHO)
    speaker_decisions.undo(connection, forgotten.decision, **WHO)
    assert not is_forgotten(connection, document_sha256=sha256, canonical_hash=canonical, outlet="Mehr")


def test_others_keep_what_they_share(connection: Connection) -> None:
    first = store(connection, Story(prose(1, 200), [Said(SAID, [LAVROV])]))
    second = store(connection, Story(prose(1, 200) + " copy", [Said(SAID + " indeed", [LAVROV])]))
    assert size(connection, Statement) == 1
    kept = connection.execute(select(Article.sketch).where(Article.id == second)).scalar_one()
    forget_article(connection, first, **WHO)
    assert connection.execute(select(Statement.text)).scalar_one() == SAID + " indeed"
    assert set(connection.execute(select(Fingerprint.hash)).scalars()) == set(kept)
    again = store(connection, Story(prose(9, 60), [Said(SAID + " indeed", [LAVROV])]))
    assert again and size(connection, Statement) == 1


def test_an_outlet_and_all_it_published(connection: Connection) -> None:
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
    forgotten = forget_outlet(connection, " MEHR  news", **WHO)
    assert forgotten.articles == tuple(mehr)
    assert len(forgotten.documents) == 3
    assert set(connection.execute(select(Article.id)).scalars()) == {other, shared}
    assert is_forgotten(connection, outlet="Mehr News")
    assert not is_forgotten(connection, outlet="Other")
    speaker_decisions.undo(connection, forgotten.decision, **WHO)
    assert not is_forgotten(connection, outlet="Mehr News", document_sha256=b"x" * 32)


def test_a_file(connection: Connection) -> None:
    articles = [store(connection, Story(prose(n, 60))) for n in range(3)]
    inbox = connection.execute(insert(Inbox).values(name="seeds", path=b"/seeds").returning(Inbox.id)).scalar_one()
    values = {"inbox_id": inbox, "path": b"a.zip", "shown": "a.zip", "state": "split", "sha256": b"z" * 32}
    file = connection.execute(insert(File).values(**values).returning(File.id)).scalar_one()
    for position, article in enumerate(articles[:2]):
        document = select(Document.id).where(Document.article_id == article).scalar_subquery()
        connection.execute(insert(FileDocument).values(file_id=file, position=position, document_id=document))
    forgotten = forget_file(connection, file, **WHO)
    assert forgotten.articles == tuple(articles[:2])
    assert connection.execute(select(Article.id)).scalars().all() == articles[2:]


def test_looking_up_reads_an_index(connection: Connection) -> None:
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    sought = {"document": '{"documents": ["00"]}', "article": None, "outlet": '{"outlet": "x"}'}
    steps = connection.execute(text(f"EXPLAIN {FORGOTTEN.text}"), sought).scalars().all()
    assert any("Index Scan on ix_decisions_forgotten" in step for step in steps), steps
    assert not any("Seq Scan on decisions d" in step for step in steps), steps


def test_what_is_not_there_cannot_be_forgotten(connection: Connection) -> None:
    for forget in (forget_article, forget_file):
        with pytest.raises(Undecidable, match=r"no (article|file) 99"):
            forget(connection, 99, **WHO)
    with pytest.raises(Undecidable, match="outlet's name"):
        forget_outlet(connection, " ", **WHO)
