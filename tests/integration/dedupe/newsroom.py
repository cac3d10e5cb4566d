"""A small newsroom: stores invented articles the way the pipeline does, without parsing and extracting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import count

from sqlalchemy import Connection, func, insert, select

from worker.dedupe import statements, stories
from worker.dedupe.canonical import canonical_hash
from worker.dedupe.lookup import StatementInput
from worker.dedupe.sketch import sketch
from worker.extract.quotation import Kind, Quotation
from worker.speakers import across
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import quotes as quote_rows
from worker.store.quotes import QuoteInput, SpeakerInput
from worker.store.tables.models import Article, ArticleSource, Document, ExtractorVersion, Outlet, Speaker

_NUMBERS = count(1)


def person(name: str, *roles: str) -> Entity:
    return Entity(name, EntityKind.PERSON, (name,), roles)


def body(name: str, *acronyms: str) -> Entity:
    """Return a body, with acronyms that its article gives in brackets."""
    return Entity(name, EntityKind.BODY, (name, *acronyms))


@dataclass(frozen=True)
class Said:
    """A quotation: its words and its speakers. If there are no speakers, the source has no name."""

    words: str
    by: Sequence[Entity] = ()


@dataclass(frozen=True)
class Story:
    """An invented article; its quotations come after the text."""

    text: str
    said: Sequence[Said] = field(default_factory=tuple)
    outlet: str | None = None

    @property
    def full(self) -> str:
        return " ".join([self.text, *(f'"{quotation.words}"' for quotation in self.said)])


def version(connection: Connection, generation: int = 1) -> int:
    query = select(ExtractorVersion.id).where(ExtractorVersion.generation == generation)
    row = insert(ExtractorVersion).values(name=f"test-{generation}", mode="test", generation=generation)
    known = connection.execute(query).scalar()
    return known or connection.execute(row.returning(ExtractorVersion.id)).scalar_one()


def read(
    connection: Connection, text: str, said: Sequence[Said], story_id: int, day: date | None = None
) -> list[QuoteInput]:
    """Return the quotations that an extractor would find in a text, with their speakers and statements."""
    entities = list(dict.fromkeys(entity for quotation in said for entity in quotation.by))
    speakers = dict(zip(entities, across.join(connection, entities, day), strict=True))
    rows = connection.execute(select(Speaker.id, Speaker.merged_into).where(Speaker.id.in_(speakers.values())))
    roots = {row.id: row.merged_into or row.id for row in rows}
    owners = [min((roots[speakers[entity]] for entity in quotation.by), default=-story_id) for quotation in said]
    inputs = [StatementInput(owner, quotation.words) for owner, quotation in zip(owners, said, strict=True)]
    quotes = []
    for invented, statement in zip(said, statements.assign(connection, inputs), strict=True):
        start = text.index(invented.words)
        parts = ((start, start + len(invented.words)),)
        quotation = Quotation(Kind.DIRECT, invented.words, parts, None, None, 0.9)
        spoken = tuple(SpeakerInput(speakers[entity], entity.name, "full name", 0.9) for entity in invented.by)
        source_kind = invented.by[0].kind.value if invented.by else "unnamed"
        quotes.append(QuoteInput(quotation, source_kind, spoken, statement))
    return quotes


def used(items: Sequence[QuoteInput]) -> set[tuple[int, str]]:
    return {(speaker.speaker_id, speaker.name) for item in items for speaker in item.speakers}


def store(connection: Connection, story: Story, *, alone: bool = False, day: date | None = None) -> int:
    """Store an article, published on this day; return its id.

    If `alone` is true, the article is stored as if its transaction could not see any other story.
    """
    text = story.full
    taken = sketch(text)
    if alone:
        from worker.store import stories as rows

        story_id = rows.add(connection)
        rows.add_fingerprints(connection, story_id, taken)
    else:
        story_id = stories.place(connection, taken, text)
    outlet = _outlet(connection, story.outlet)
    values = {
        "text": text,
        "body_start": 0,
        "body_end": len(text),
        "canonical_hash": canonical_hash(text, title=str(next(_NUMBERS)), outlet=None, url=None),
        "sketch": taken,
        "story_id": story_id,
        "outlet_id": outlet,
    }
    article_id = connection.execute(insert(Article).values(**values).returning(Article.id)).scalar_one()
    items = read(connection, text, story.said, story_id, day)
    quote_rows.swap(connection, article_id, len(text), None, version(connection), items, 1.0)
    across.settle(connection, set(), used(items))
    document = insert(Document).values(
        sha256=sha256(text.encode() + b"%d" % next(_NUMBERS)).digest(),
        media_type="text/plain",
        raw=text.encode(),
        state="stored",
        article_id=article_id,
        finished_at=func.now(),
    )
    document_id = connection.execute(document.returning(Document.id)).scalar_one()
    source = {"article_id": article_id, "document_id": document_id, "outlet_id": outlet}
    connection.execute(insert(ArticleSource).values(**source))
    return article_id


def _outlet(connection: Connection, name: str | None) -> int | None:
    if name is None:
        return None
    known = connection.execute(select(Outlet.id).where(Outlet.key == name.casefold())).scalar()
    row = insert(Outlet).values(name=name, key=name.casefold()).returning(Outlet.id)
    return known or connection.execute(row).scalar_one()


def extract_again(connection: Connection, article_id: int, said: Sequence[Said], generation: int = 2) -> list[int]:
    """Swap an article's quotes as re-processing does, but do not apply people's decisions; return the ids."""
    article = connection.execute(select(Article.text, Article.story_id).where(Article.id == article_id)).one()
    old = quote_rows.current(connection, article_id)
    items = read(connection, article.text, said, article.story_id)
    version_id = version(connection, generation)
    ids = quote_rows.swap(connection, article_id, len(article.text), None, version_id, items, 1.0, old)
    statements.reword(connection, old.statements())
    across.settle(connection, old.names(), used(items))
    return ids
