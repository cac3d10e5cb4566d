"""Text in, quotations out: the room's one entry, `extract`."""

from collections.abc import Sequence
from dataclasses import replace

from worker.extract.attributions import attributions
from worker.extract.confidence import MARKS_ONLY
from worker.extract.continuation import continued
from worker.extract.items import items
from worker.extract.nesting import nested
from worker.extract.paragraphs import paragraphs
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.quotations import build, quotation
from worker.extract.regions import Region, regions
from worker.extract.sentences import sentences
from worker.extract.turns import labels, turns

SHORTEST_FOREIGN = 3
"""Words; in a language whose cues are not known, shorter marks are taken for names and scare quotes."""


def extract(text: str, body: Span | None = None, language: str | None = "en") -> list[Quotation]:
    """The quotations of `text`, by start.

    `body` is the stretch to look in, `[start, end)` in code points; all of `text` where it is None. Offsets count in
    `text` itself. Cues are known in English only: text in another language gets what stands in quotation marks, without
    source or cue (`language` is an ISO 639-1 code; None counts as English). Never raises, whatever the text holds.
    """
    start, end = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    blocks = paragraphs(text, start, end)
    found = regions(text, blocks)
    if language is not None and not language.lower().startswith("en"):
        return nested(marked(text, found))
    quotations = passage(text, (start, end), [region for region in found if region.parent is None], blocks)
    for outer in found:
        if outer.children:
            inner = [found[number] for number in outer.children]
            quotations += within(text, outer, inner, blocks)
    return nested(quotations)


def passage(text: str, span: Span, outermost: Sequence[Region], blocks: Sequence[Span]) -> list[Quotation]:
    """The quotations of one passage whose outermost quoted regions are known."""
    row = items(text, span, outermost)
    lines = sentences(row, blocks)
    framed = [attributions(row, line) for line in lines]
    continued(row, lines, framed)
    turns(row, lines, framed, labels(text, blocks))
    made = (quotation(row, frame) for frames in framed for frame in frames)
    return [each for each in made if each is not None]


def within(text: str, outer: Region, inner: Sequence[Region], blocks: Sequence[Span]) -> list[Quotation]:
    """What is quoted inside a quotation: only what stands in marks of its own there and has a source there."""
    found: list[Quotation] = []
    number = 0
    for start, end in outer.segments:
        here = []
        while number < len(inner) and inner[number].start < end:
            if start <= inner[number].start and inner[number].end <= end:
                here.append(inner[number])
            number += 1
        if here:
            row = items(text, (start, end), here)
            frames = [frame for line in sentences(row, [(start, end)]) for frame in attributions(row, line)]
            made = (quotation(row, replace(frame, rule="inside")) for frame in frames)
            found += [each for each in made if each is not None and each.kind is not Kind.INDIRECT]
    return found


def marked(text: str, found: Sequence[Region]) -> list[Quotation]:
    """Everything in quotation marks that is long enough to be said by somebody."""
    made = (
        build(text, region.segments, Kind.DIRECT, None, None, MARKS_ONLY)
        for region in found
        if sum(len(text[start:end].split()) for start, end in region.segments) >= SHORTEST_FOREIGN
    )
    return [each for each in made if each is not None]
