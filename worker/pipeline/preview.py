"""What a re-processing would change, seen on a sample and without storing anything."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from worker.pipeline.reading import read_article
from worker.pipeline.reprocess import as_parsed
from worker.store import quotes as quote_rows
from worker.store.pairing import pair
from worker.store.tables.models import Article


@dataclass
class Changes:
    """Counts over a sample of articles."""

    articles: int = 0
    kept: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0


def look(engine: Engine, article_id: int, changes: Changes) -> None:
    """Read one stored article with the running extractor and add what would change to `changes`."""
    with engine.connect() as connection:
        row = connection.execute(select(Article.__table__).where(Article.id == article_id)).one()
        old = quote_rows.current(connection, article_id)
    reading = read_article(as_parsed(row))
    spans = [list(zip(one.parts[::2], one.parts[1::2], strict=True)) for one in old.rows]
    pairs = pair(spans, [quotation.parts for quotation in reading.quotations])
    changes.articles += 1
    changes.added += len(reading.quotations) - len(pairs)
    changes.removed += len(old.rows) - len(pairs)
    for new, before in pairs.items():
        quotation, given = reading.quotations[new], reading.resolution.attributions[new]
        names = [reading.resolution.entities[index].name for index in given.entities]
        stored = old.rows[before]
        same = (
            stored.text == quotation.text
            and stored.kind == quotation.kind
            and names == [one.name for one in old.speakers.get(stored.id, [])]
        )
        changes.kept += same
        changes.changed += not same
