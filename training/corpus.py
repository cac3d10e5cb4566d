"""A corpus as the network learns it: word pieces with tags, entities and links.

A gold line is {"doc", "text", "quotes": [{"content", "source", "cue"}]}, each a list of `[start, end)` in code points;
a silver line adds {"doc", "entities": [[start, end, kind]]}. Any corpus in this form will do.
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
from worker.extract.marks.regions import regions
from worker.extract.marks.sentences import sentences
from worker.extract.model.pieces import Numbers, Pieces, piece_range, pieces
from worker.extract.quotation import Span

OUT, SOURCE, CUE, CONTENT = 0, 1, 3, 5
"""Tags: the first piece of a span has this number, the others one more."""
TAGS = 7
ENTITIES = {"PERSON": 1, "ORGANIZATION": 3, "LOCATION": 5, "MISC": 7}
ENTITY_TAGS = 9


@dataclass(slots=True)
class Article:
    """Pieces with what is to be learnt. Spans are `[first, last)` in pieces; -1 stands for none."""

    doc: str
    pieces: Pieces
    tags: Numbers
    entities: Numbers
    sources: list[Span]
    cues: list[Span]
    contents: list[Span]
    content_cue: list[int]
    cue_source: list[int]


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSONL file, gzipped or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    for line in text.split("\n"):
        if line:
            yield json.loads(line)


def read_pieces(text: str) -> Pieces:
    """The pieces of a text, cut and marked as the worker does it."""
    blocks = paragraphs(text, 0, len(text))
    outermost = [region for region in regions(text, blocks) if region.parent is None]
    row = items(text, (0, len(text)), outermost)
    spans = [(row.starts[each.first], row.ends[each.last - 1]) for each in sentences(row, blocks)]
    return pieces(text, blocks, spans, outermost)


def article(record: dict[str, Any], silver: Sequence[tuple[int, int, str]]) -> Article:
    """One gold record with the silver entities of the same text."""
    found = read_pieces(record["text"])
    made = Article(
        record["doc"], found, np.zeros(len(found), np.int32), np.zeros(len(found), np.int32), [], [], [], [], []
    )
    for quote in record["quotes"]:
        cue = add(made, made.cues, CUE, quote["cue"])
        source = add(made, made.sources, SOURCE, quote["source"])
        while len(made.cue_source) < len(made.cues):
            made.cue_source.append(-1)
        if cue is not None and source is not None:
            made.cue_source[cue] = source
        for part in quote["content"]:
            content = add(made, made.contents, CONTENT, [part])
            if content is not None and content == len(made.content_cue):
                made.content_cue.append(-1 if cue is None else cue)
    for spans, tag in ((made.sources, SOURCE), (made.cues, CUE), (made.contents, CONTENT)):
        for first, last in spans:
            made.tags[first:last] = tag + 1
            made.tags[first] = tag
    for start, end, kind in silver:
        first, last = piece_range(found, (start, end))
        if first < last and kind in ENTITIES:
            made.entities[first:last] = ENTITIES[kind] + 1
            made.entities[first] = ENTITIES[kind]
    return made


def add(made: Article, spans: list[Span], tag: int, gold: list[list[int]]) -> int | None:
    """The number of the longest of the gold's spans in `spans`, put there if it is new."""
    if not gold:
        return None
    start, end = max(gold, key=lambda span: span[1] - span[0])
    first, last = piece_range(made.pieces, (start, end))
    if first >= last:
        return None
    if (first, last) not in spans:
        spans.append((first, last))
    return spans.index((first, last))


def corpus(gold: Path, silver: Path | None, flat: bool = False) -> list[Article]:
    """Every article of a gold file; `flat`: with every line break turned into a space."""
    entities = {} if silver is None else {each["doc"]: each["entities"] for each in records(silver)}
    return [
        article(
            record | {"text": record["text"].replace("\n", " ")} if flat else record, entities.get(record["doc"], [])
        )
        for record in records(gold)
    ]
