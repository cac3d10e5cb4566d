"""What the network found, bound by what the marks make certain.

A content that holds the better part of a quoted region holds all of it, in every paragraph that the region runs
through; one that only touches a region ends where the region begins. What is a content's text, its parts and its kind
is then read off the marks.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from worker.extract.building import build
from worker.extract.marks.regions import Region
from worker.extract.model.attributed import Attribution
from worker.extract.model.certainty import certainty
from worker.extract.model.pieces import Pieces
from worker.extract.quotation import Kind, Mention, Quotation, Span

MOST_PARAGRAPHS = 12
"""Of a quotation that one of its paragraphs stands for; what runs on for longer has lost its marks."""
LOOSE = " \t\r\n\u00a0,:;"
ANNOUNCED = re.compile(r":[^\S\n]*\n\s*\Z")
"""The end of a line that announces the quotation under it."""
BETTER_PART = 0.5
"""Share of a region, or of one of its paragraphs, that a content must hold to be given all of it."""


class Binding:
    """The outermost quoted regions of a passage, by start."""

    def __init__(self, text: str, outermost: Sequence[Region]) -> None:
        self.text = text
        self.regions = outermost
        self.starts = [region.start for region in outermost]

    def quotation(self, found: Pieces, made: Attribution) -> Quotation | None:
        """One attribution as a quotation; None where nothing of its content is left."""
        spans = [self.snapped(place(found, content)) for content in made.contents]
        if len(spans) > 1 and self.heading(spans[0]) and self.kind(spans[1:]) is Kind.INDIRECT:
            del spans[0]
        spans = self.without_announcement(spans)
        kind = self.kind(spans)
        parts = [part for span in spans for part in self.inner(span)] if kind is Kind.DIRECT else spans
        source, cue = self.mention(found, made.source), self.mention(found, made.cue)
        return build(self.text, parts, kind, source, cue, certainty(made.evidence, kind))

    def mention(self, found: Pieces, span: Span | None) -> Mention | None:
        """A source or cue, without white space and loose punctuation at its ends; None where nothing else is in it."""
        if span is None:
            return None
        start, end = place(found, span)
        bare = self.text[start:end].strip(LOOSE)
        if not bare:
            return None
        start += self.text[start:end].index(bare)
        return Mention(bare, start, start + len(bare))

    def touching(self, span: Span) -> Sequence[Region]:
        """The regions that share a character with a span."""
        first = max(0, bisect_right(self.starts, span[0]) - 1)
        last = bisect_right(self.starts, span[1] - 1)
        return [region for region in self.regions[first:last] if region.end > span[0]]

    def snapped(self, span: Span) -> Span:
        """A content's span with its ends moved to the borders of the regions that it cuts."""
        start, end = span
        for region in self.touching(span):
            holds = held(span, region) >= BETTER_PART
            if region.start <= start and end <= region.end and not holds:
                continue  # reported inside a quotation
            if holds and ANNOUNCED.search(self.text, start, region.start):
                start = region.start
            if holds:
                start, end = min(start, region.start), max(end, region.end)
            elif region.start < start:
                start = region.end
            elif region.end > end:
                end = region.start
        return (start, end) if start < end else span

    def without_announcement(self, spans: list[Span]) -> list[Span]:
        """The spans but the words of a line that only announces the quotation under it: `explained the ruling:`."""
        following = pairwise(spans)
        announcing = {one for one, then in following if ANNOUNCED.search(self.text, one[1], then[0])}
        return [span for span in spans if span not in announcing]

    def heading(self, span: Span) -> bool:
        """Whether a content is a quoted stretch that ends like no sentence and no clause: a sub-heading."""
        touching = self.touching(span)
        if len(touching) != 1 or span[0] < touching[0].start or wordy(self.text[touching[0].end : span[1]]):
            return False
        around = (
            self.text[max(0, touching[0].start - 9) : touching[0].start].rstrip()[-1:],
            self.text[slice(*touching[0].segments[-1])].rstrip()[-1:],
        )
        return around[1].isalnum() and not around[0].isalnum()

    def kind(self, spans: Sequence[Span]) -> Kind:
        """Direct if nothing but punctuation stands outside marks, indirect if nothing stands inside."""
        inside = bare = False
        for start, end in spans:
            at = start
            for region in self.touching((start, end)):
                inside = True
                bare = bare or wordy(self.text[at : max(at, region.start)])
                at = max(at, min(end, region.end))
            bare = bare or wordy(self.text[at:end])
        return Kind.INDIRECT if not inside else Kind.MIXED if bare else Kind.DIRECT

    def inner(self, span: Span) -> list[Span]:
        """The stretches of a span that stand inside marks."""
        parts = [part for region in self.touching(span) for part in region.segments]
        cut = [(max(start, span[0]), min(end, span[1])) for start, end in parts]
        return [(start, end) for start, end in cut if start < end]


def held(span: Span, region: Region) -> float:
    """The share of a region that a span holds, or of the paragraph of it that it holds most of."""
    paragraphs = region.segments if len(region.segments) <= MOST_PARAGRAPHS else []
    stretches = [(region.start, region.end), *paragraphs]
    shares = ((min(span[1], end) - max(span[0], start)) / (end - start) for start, end in stretches if start < end)
    return max(shares, default=0.0)


def place(found: Pieces, span: Span) -> Span:
    """A span of pieces as offsets into the text."""
    return int(found.starts[span[0]]), int(found.ends[span[1] - 1])


def wordy(stretch: str) -> bool:
    """Whether a stretch has a letter or figure in it."""
    return any(sign.isalnum() for sign in stretch)
