"""Text in, quotations out: the rooms' one entry, `extract`."""

from worker.extract.attributions import attributions
from worker.extract.continuation import continued
from worker.extract.items import items
from worker.extract.paragraphs import paragraphs
from worker.extract.quotation import Quotation, Span
from worker.extract.quotations import quotation
from worker.extract.regions import Region, regions
from worker.extract.sentences import sentences


def extract(text: str, body: Span | None = None, language: str | None = "en") -> list[Quotation]:
    """The quotations of `text`, by start.

    `body` is the stretch to look in, `[start, end)` in code points; all of `text` where it is None. Offsets count in
    `text` itself. Cues are known in English only: text in another language gets what stands in quotation marks, without
    source or cue (`language` is an ISO 639-1 code; None counts as English). Never raises, whatever the text holds.
    """
    start, end = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    blocks = paragraphs(text, start, end)
    found = regions(text, blocks)
    return passage(text, (start, end), [region for region in found if region.parent is None], blocks)


def passage(text: str, span: Span, outermost: list[Region], blocks: list[Span]) -> list[Quotation]:
    """The quotations of one passage whose outermost quoted regions are known."""
    row = items(text, span, outermost)
    lines = sentences(row, blocks)
    framed = [attributions(row, line) for line in lines]
    continued(row, lines, framed)
    made = (quotation(row, frame) for frames in framed for frame in frames)
    return sorted((each for each in made if each is not None), key=lambda each: (each.start, each.end))
