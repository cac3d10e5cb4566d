"""Binding: the network says where a content (the reported words) begins and ends; the quotation marks correct both.

If a content covers at least half of a quoted region, it gets the whole region, with all its paragraphs. If it covers
less, it is cut at the edge of the region, unless it lies inside the region. The marks then decide the content's parts,
text and kind. If the network joined a sub-heading in marks to the content after it, the sub-heading is dropped
(`Binding.is_heading`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from worker.extract.building import build
from worker.extract.marks.regions import Region
from worker.extract.model.attributed import LinkedSpans
from worker.extract.model.certainty import Confide, certainty
from worker.extract.model.pieces import Pieces
from worker.extract.quotation import Kind, Mention, Quotation, Span

MOST_PARAGRAPHS = 12
"""At most this many paragraphs of a region are compared with a content one by one.

Longer regions are mistakes in the pairing of marks."""
LOOSE = " \t\r\n\u00a0,:;"
DASHES = "-–—―"
BORDER = re.compile(r"\n[^\S\n]*\n|\u2029")
"""The end of a paragraph; no source goes on behind it."""
ACCOUNT = re.compile(r"\s+(@\w+)")
"""The name of an account right behind a cue."""
ANNOUNCED = re.compile(r":[^\S\n]*\n\s*\Z")
"""The end of a line that announces the quotation in the next line: `explained the ruling:`."""
NEXT = re.compile(r"[\s,]*(?:and|but|then|before|after|while|as|when|until|because|although|though)\b", re.IGNORECASE)
"""The beginning of the writer's words behind a quotation that stands right beside its cue.

In PolNeAR's train part (840 articles) no annotator has such words in a content."""
WITHOUT_SOURCE = 0.4
"""At most this confidence for words in marks to which the network gives no source: a title, a term, a scare quote.

Of 42 in two sevenths of PolNeAR's train part and in our own gold, 15 are right; of the 13 that looked surest, 4.
"""
HALF = 0.5
"""At least this share of a region, or of one of its paragraphs, must lie in a content, so that it gets the region."""


class Binding:
    """Binds attributions to the outermost quoted regions of a text, which are sorted by start."""

    def __init__(self, text: str, outermost: Sequence[Region], confide: Confide = certainty) -> None:
        self.text = text
        self.confide = confide
        self.regions = outermost
        self.starts = [region.start for region in outermost]

    def quotation(self, pieces: Pieces, linked: LinkedSpans) -> Quotation | None:
        """Return the quotation of an attribution; None if no word of its content is left."""
        spans = [self.snapped(place(pieces, content)) for content in linked.contents]
        if len(spans) > 1 and self.is_heading(spans[0]) and self.kind(spans[1:]) is Kind.INDIRECT:
            del spans[0]
        spans = self.without_announcement(spans)
        cue = self.mention(pieces, linked.cue)
        spans = [self.without_deed(span, cue) for span in spans]
        kind = self.kind(spans)
        parts = [part for span in spans for part in self.inner(span)] if kind is Kind.DIRECT else spans
        source = self.source(self.mention(pieces, linked.source), cue)
        content = " ".join(self.text[start:end] for start, end in parts)
        sureness = self.confide(linked.evidence, kind, cue.text if cue else None, content)
        if source is None and kind is not Kind.INDIRECT:
            sureness = min(sureness, WITHOUT_SOURCE)
        return build(self.text, parts, kind, source, cue, sureness)

    def mention(self, pieces: Pieces, span: Span | None) -> Mention | None:
        """Return a source or cue without white space and loose punctuation at its ends; None if nothing is left."""
        if span is None:
            return None
        start, end = place(pieces, span)
        bare = self.text[start:end].strip(LOOSE)
        if not bare:
            return None
        start += self.text[start:end].index(bare)
        return Mention(bare, start, start + len(bare))

    def source(self, found: Mention | None, cue: Mention | None) -> Mention | None:
        """Return a source without what is no part of it: a new paragraph, a quotation that goes on.

        The network has learned no `tweeted @harbour`: there the account is the source.
        """
        if found is None:
            account = ACCOUNT.match(self.text, cue.end) if cue is not None else None
            return None if account is None else Mention(account[1], *account.span(1))
        start, end = found.start, found.end
        border = BORDER.search(self.text, start, end)
        end = border.start() if border is not None else end
        for region in self.touching((start, end)):
            if start < region.start and end < region.end:
                end = region.start
        words = self.text[start:end].rstrip(LOOSE + DASHES) if end < found.end else found.text
        return Mention(words, start, start + len(words)) if words else None

    def touching(self, span: Span) -> Sequence[Region]:
        """Return the regions that have a character in common with a span."""
        first = max(0, bisect_right(self.starts, span[0]) - 1)
        last = bisect_right(self.starts, span[1] - 1)
        return [region for region in self.regions[first:last] if region.end > span[0]]

    def snapped(self, span: Span) -> Span:
        """Return a content's span with its ends moved to the edges of the regions that it cuts."""
        start, end = span
        for region in self.touching(span):
            holds = share_held(span, region) >= HALF
            if region.start <= start and end <= region.end and not holds:
                continue  # a report inside a quotation
            if holds and ANNOUNCED.search(self.text, start, region.start):
                start = region.start
            if holds:
                start, end = min(start, region.start), max(end, region.end)
            elif region.start < start:
                start = region.end
            elif region.end > end:
                end = region.start
        return (start, end) if start < end else span

    def without_deed(self, span: Span, cue: Mention | None) -> Span:
        """Return a content without what the speaker does next: `retorted, "I can swim" and then dropped the mic`."""
        regions = self.touching(span)
        if cue is None or len(regions) != 1 or regions[0].end >= span[1] or regions[0].start < cue.end:
            return span
        deed = NEXT.match(self.text, regions[0].end, span[1])
        is_beside = not wordy(self.text[cue.end : regions[0].start])
        return (span[0], regions[0].end) if deed and is_beside else span

    def without_announcement(self, spans: list[Span]) -> list[Span]:
        """Return the spans, but leave out spans that only announce the quotation in the next line."""
        announcing = {before for before, after in pairwise(spans) if ANNOUNCED.search(self.text, before[1], after[0])}
        return [span for span in spans if span not in announcing]

    def is_heading(self, span: Span) -> bool:
        """True if a content is a sub-heading in marks: no punctuation ends it, and no word stands right before it."""
        touching = self.touching(span)
        if len(touching) != 1 or span[0] < touching[0].start or wordy(self.text[touching[0].end : span[1]]):
            return False
        sign_before = self.text[max(0, touching[0].start - 9) : touching[0].start].rstrip()[-1:]
        last_sign = self.text[slice(*touching[0].segments[-1])].rstrip()[-1:]
        return last_sign.isalnum() and not sign_before.isalnum()

    def kind(self, spans: Sequence[Span]) -> Kind:
        """Return direct if only punctuation is outside the marks, indirect if nothing is inside marks, else mixed."""
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
        """Return the stretches of a span that are inside marks."""
        parts = [part for region in self.touching(span) for part in segments_in(region, span)]
        cut = [(max(start, span[0]), min(end, span[1])) for start, end in parts]
        return [(start, end) for start, end in cut if start < end]


def share_held(span: Span, region: Region) -> float:
    """Return the share of a region that lies in a span, or the share of one of its paragraphs if that is larger."""
    paragraphs = region.segments if len(region.segments) <= MOST_PARAGRAPHS else []
    stretches = [(region.start, region.end), *paragraphs]
    shares = ((min(span[1], end) - max(span[0], start)) / (end - start) for start, end in stretches if start < end)
    return max(shares, default=0.0)


def segments_in(region: Region, span: Span) -> Sequence[Span]:
    """Return the segments of a region that a span reaches. A region that was never closed may have very many."""
    first = bisect_right(region.segments, span[0], key=lambda segment: segment[1])
    last = bisect_left(region.segments, span[1], key=lambda segment: segment[0])
    return region.segments[first:last]


def place(pieces: Pieces, span: Span) -> Span:
    """Return a span of pieces as offsets into the text."""
    return int(pieces.starts[span[0]]), int(pieces.ends[span[1] - 1])


def wordy(stretch: str) -> bool:
    """True if a stretch contains a letter or a digit."""
    return any(sign.isalnum() for sign in stretch)
