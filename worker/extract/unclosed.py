"""Quotations whose closing mark was lost: they end before their attribution.

`“We will mend the pier before June comes, Ana Ferro told reporters.`: without the closing mark, the quoted region would
reach to the end of the sentence or of the paragraph, and nobody would be left to speak.
"""

from collections.abc import Sequence
from dataclasses import replace

from worker.extract.marks.items import items
from worker.extract.marks.regions import Region
from worker.extract.marks.sentences import sentences
from worker.extract.quotation import Span
from worker.extract.rules.frames import Side, attributions


def ended(text: str, regions: Sequence[Region]) -> list[Region]:
    """Return the outermost regions; one without a closing mark ends where its words are attributed."""
    return [region if region.closed or region.children else _ended(text, region) for region in regions]


def _ended(text: str, region: Region) -> Region:
    *earlier, last = region.segments
    end = _content_end(text, last)
    return region if end is None else replace(region, end=end, segments=[*earlier, (last[0], end)])


def _content_end(text: str, segment: Span) -> int | None:
    """Return where the words before the first `…, she said` of a stretch end; None if it has no attribution."""
    row = items(text, segment, [])
    for sentence in sentences(row, [segment]):
        for frame in attributions(row, sentence):
            if frame.side is Side.LEFT and frame.content[0][0] == sentence.first:
                return row.ends[frame.content[0][1] - 1]
    return None
