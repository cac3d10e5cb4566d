"""The training corpus: articles as word pieces with tags, entities and links.

A gold line was annotated by people. It is {"doc", "text", "quotes": [{"content", "source", "cue"}]}. Content (the
reported words), source and cue are lists of `[start, end)` in code points. A line of `onrecord export gold` also has
"unjudged": quotations that nobody looked at. They count as the machine read them, since they are no gaps. A silver line
comes from a tagger, and adds the entities of one article: {"doc", "entities": [[start, end, kind]]}.
Any corpus of this form can be used.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import Region, regions
from worker.extract.marks.sentences import sentences
from worker.extract.model.pieces import Numbers, Pieces, piece_range, pieces
from worker.extract.quotation import Span

OUT, SOURCE, CUE, CONTENT = 0, 1, 3, 5
"""Tags: the first piece of a span gets this number, and its other pieces get this number plus 1."""
TAGS = 7
ENTITIES = {"PERSON": 1, "ORGANIZATION": 3, "LOCATION": 5, "MISC": 7}
ENTITY_TAGS = 9
NOTHING = -100
"""Ignore positions with this label in the loss: they are edges, breaks, padding and articles without labels."""


@dataclass(slots=True)
class Article:
    """The pieces of one article with their labels. Spans are `[first, last)` in pieces; a link of -1 is no link."""

    doc: str
    pieces: Pieces
    tags: Numbers
    entities: Numbers
    sources: list[Span]
    cues: list[Span]
    contents: list[Span]
    content_cue: list[int]
    cue_source: list[int]
    labelled: bool = True
    """False: nobody labelled this article, so its tags are `NOTHING` and it has no spans."""


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Iterate over the records of a JSONL file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    for line in text.split("\n"):
        if line:
            yield json.loads(line)


def read_pieces(text: str) -> Pieces:
    """Return the pieces of a text, made in the same way as in the worker."""
    return pieces(text, *divided(text))


def divided(text: str) -> tuple[list[Span], list[Span], list[Region]]:
    """Return the paragraphs, the sentences and the outermost quoted regions of a text."""
    blocks = paragraphs(text, 0, len(text))
    outermost = [region for region in regions(text, blocks) if region.parent is None]
    row = items(text, (0, len(text)), outermost)
    spans = [(row.starts[sentence.first], row.ends[sentence.last - 1]) for sentence in sentences(row, blocks)]
    return blocks, spans, outermost


def article(record: dict[str, Any], silver: Sequence[tuple[int, int, str]]) -> Article:
    """Return one gold record as an article, with the silver entities of the same text."""
    text_pieces = read_pieces(record["text"])
    labelled = Article(
        record["doc"],
        text_pieces,
        np.zeros(len(text_pieces), np.int32),
        np.zeros(len(text_pieces), np.int32),
        [],
        [],
        [],
        [],
        [],
    )
    for quote in [*record["quotes"], *record.get("unjudged", [])]:
        cue = add(labelled, labelled.cues, CUE, quote["cue"])
        source = add(labelled, labelled.sources, SOURCE, quote["source"])
        while len(labelled.cue_source) < len(labelled.cues):
            labelled.cue_source.append(-1)
        if cue is not None and source is not None:
            labelled.cue_source[cue] = source
        for part in quote["content"]:
            content = add(labelled, labelled.contents, CONTENT, [part])
            if content is not None and content == len(labelled.content_cue):
                labelled.content_cue.append(-1 if cue is None else cue)
    for spans, tag in ((labelled.sources, SOURCE), (labelled.cues, CUE), (labelled.contents, CONTENT)):
        for first, last in spans:
            labelled.tags[first:last] = tag + 1
            labelled.tags[first] = tag
    for start, end, kind in silver:
        first, last = piece_range(text_pieces, (start, end))
        if first < last and kind in ENTITIES:
            labelled.entities[first:last] = ENTITIES[kind] + 1
            labelled.entities[first] = ENTITIES[kind]
    return labelled


def add(article: Article, spans: list[Span], tag: int, gold: list[list[int]]) -> int | None:
    """Return the index in `spans` of the longest gold span; add the span if it is new. None without a gold span."""
    if not gold:
        return None
    start, end = max(gold, key=lambda span: span[1] - span[0])
    first, last = piece_range(article.pieces, (start, end))
    if first >= last:
        return None
    if (first, last) not in spans:
        spans.append((first, last))
    return spans.index((first, last))


def corpus(gold: Path, silver: Path | None, flat: bool = False) -> list[Article]:
    """Return every article of a gold file. With `flat`, every line break becomes a space."""
    entities = {} if silver is None else {record["doc"]: record["entities"] for record in records(silver)}
    return [
        article(
            record | {"text": record["text"].replace("\n", " ")} if flat else record, entities.get(record["doc"], [])
        )
        for record in records(gold)
    ]


def unlabelled(path: Path, without: Path | None, flat: bool = False, limit: int | None = None) -> list[Article]:
    """Return the articles of a file of texts {"doc", "text"}, but those whose `doc` is in the file `without`."""
    left_out = set() if without is None else {record["doc"] for record in records(without)}
    kept = [record for record in records(path) if record["doc"] not in left_out][:limit]
    articles = []
    for record in kept:
        text = record["text"].replace("\n", " ") if flat else record["text"]
        plain = article({"doc": record["doc"], "text": text, "quotes": []}, [])
        plain.tags[:] = NOTHING
        plain.labelled = False
        articles.append(plain)
    return articles
