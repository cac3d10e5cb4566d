"""The quotation that a person marks in a text: its parts, its kind by the quotation marks, its words, its context.

Nobody asks the network here: the person has said that these words are a quotation.
"""

from collections.abc import Sequence

from worker.extract.building import build
from worker.extract.context import in_context
from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import Region, regions
from worker.extract.marks.sentences import sentences
from worker.extract.quotation import Kind, Mention, Quotation, Span


def parts_within(text: str, span: Span, gaps: Sequence[Span] = ()) -> list[Span]:
    """Return the parts of what a person marked from end to end, without white space at their ends.

    If both ends stand between quotation marks, the parts are what stands between marks: so an attribution that
    interrupts is left out, and outer marks are, too. Otherwise `gaps`, stretches that are known to interrupt the
    quotation, are left out. The list is empty if no letter and no digit is marked.
    """
    start, end = _stripped(text, span)
    all_regions = regions(text, paragraphs(text, 0, len(text)))
    start, end = _without_marks(all_regions, (start, end))
    segments = [segment for region in all_regions if region.parent is None for segment in region.segments]
    if _inside(segments, start) and _inside(segments, end - 1):
        pieces = [(max(start, first), min(end, last)) for first, last in segments if first < end and start < last]
    else:
        pieces = _cut_out((start, end), gaps)
    parts = (_stripped(text, piece) for piece in pieces)
    return [(first, last) for first, last in parts if any(sign.isalnum() for sign in text[first:last])]


def quotation_of(text: str, parts: Sequence[Span], source: Mention | None, cue: Mention | None) -> Quotation | None:
    """Return the quotation with these parts, of which the marker is sure; None if they have no letter or digit.

    It is direct if all of it stands between quotation marks, mixed if some of it does, and else indirect.
    """
    paragraph_spans = paragraphs(text, 0, len(text))
    all_regions = regions(text, paragraph_spans)
    built = build(text, parts, _kind(all_regions, parts), source, cue, 1.0)
    if built is None:
        return None
    row = items(text, (0, len(text)), [region for region in all_regions if region.parent is None])
    spans = [(row.starts[one.first], row.ends[one.last - 1]) for one in sentences(row, paragraph_spans)]
    return in_context(spans, [built])[0]


def _kind(all_regions: Sequence[Region], parts: Sequence[Span]) -> Kind:
    segments = [segment for region in all_regions for segment in region.segments]
    if all(any(first <= start and end <= last for first, last in segments) for start, end in parts):
        return Kind.DIRECT
    touched = any(first < end and start < last for start, end in parts for first, last in segments)
    return Kind.MIXED if touched else Kind.INDIRECT


def _without_marks(all_regions: Sequence[Region], span: Span) -> Span:
    """Leave out the quotation marks with which a stretch begins and ends, if both its ends are in marks or on them."""
    start, end = span
    first = next((region for region in all_regions if region.start <= start < region.end), None)
    last = next((region for region in all_regions if region.start < end <= region.end), None)
    if first is None or last is None:
        return span
    opening = next((region.segments[0][0] for region in all_regions if region.start == start), start)
    closing = next((region.segments[-1][1] for region in all_regions if region.end == end), end)
    return opening, closing


def _inside(segments: Sequence[Span], place: int) -> bool:
    return any(first <= place < last for first, last in segments)


def _cut_out(span: Span, gaps: Sequence[Span]) -> list[Span]:
    pieces = [span]
    for first, last in gaps:
        start, end = pieces[-1]
        if start < first and last < end:
            pieces[-1:] = [(start, first), (last, end)]
    return pieces


def _stripped(text: str, span: Span) -> Span:
    piece = text[slice(*span)]
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, max(start, span[1] - len(piece) + len(piece.rstrip()))
