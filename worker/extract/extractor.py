"""Text in, quotations out: the room's one entry, `extract`."""

from collections.abc import Sequence

from worker.extract.building import build
from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import Region, regions
from worker.extract.marks.sentences import sentences
from worker.extract.model.reader import quotations
from worker.extract.nesting import nested
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.rules.confidence import MARKS_ONLY
from worker.extract.rules.passage import passage, within
from worker.extract.union import union
from worker.extract.version import Mode

SHORTEST_FOREIGN = 3
"""Words; in a language whose cues are not known, shorter marks are taken for names and scare quotes."""


def extract(
    text: str, body: Span | None = None, language: str | None = "en", mode: Mode = Mode.FULL
) -> list[Quotation]:
    """The quotations of `text`, by start.

    `body` is the stretch to look in, `[start, end)` in code points; all of `text` where it is None. Offsets count in
    `text` itself. Cues are known in English only: text in another language gets what stands in quotation marks, without
    source or cue (`language` is an ISO 639-1 code; None counts as English). Never raises, whatever the text holds.
    """
    span = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    blocks = paragraphs(text, *span)
    found = regions(text, blocks)
    if language is not None and not language.lower().startswith("en"):
        return nested(marked(text, found))
    outermost = [region for region in found if region.parent is None]
    row = items(text, span, outermost)
    lines = sentences(row, blocks)
    spans = [(row.starts[line.first], row.ends[line.last - 1]) for line in lines]
    read = quotations(text, blocks, spans, outermost, quoted_only=mode is Mode.QUOTED)
    ruled = passage(text, row, lines, blocks)
    for outer in outermost:
        if outer.children:
            ruled += within(text, outer, [found[number] for number in outer.children])
    together = union(read, ruled)
    if mode is Mode.QUOTED:
        together = [each for each in together if each.kind is not Kind.INDIRECT]
    return nested(together)


def marked(text: str, found: Sequence[Region]) -> list[Quotation]:
    """Everything in quotation marks that is long enough to be said by somebody."""
    made = (
        build(text, region.segments, Kind.DIRECT, None, None, MARKS_ONLY)
        for region in found
        if sum(len(text[start:end].split()) for start, end in region.segments) >= SHORTEST_FOREIGN
    )
    return [each for each in made if each is not None]
