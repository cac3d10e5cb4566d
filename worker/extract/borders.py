"""Paragraph borders: a quotation goes on in the next paragraph only if its mark is open or its sentence is not ended.

`“A,” said X.¶Y disagreed. “B.”`: the network, which was trained on a corpus with hardly any such paragraphs, reads "A
B" as one quotation by X. And `“A,” said X.¶“B.”` are two quotations of X: two statements, of which no reader should
make one sentence.

The same is true inside a paragraph, where line breaks were lost: in `“A.” Y said that b.` the words "A." end their
sentence, and Y says something else in his own, so the network is wrong to give both to Y.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from worker.extract.building import with_parts
from worker.extract.leads import GOES_ON, RESUMED, Leads, Speakers
from worker.extract.marks.items import Items, item_at
from worker.extract.quotation import Kind, Quotation, Span

CLOSERS = " \t\n\r\"'”’»)]"
OPENERS = " \t\n\r\"'“‘«(["
SENTENCE_ENDS = frozenset(".!?…")


def divided(row: Items, leads: Leads, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations, cut at each paragraph border over which neither an open mark nor a sentence leads."""
    speakers = Speakers(leads, quotations)
    result: list[Quotation] = []
    for quotation in quotations:
        if quotation.kind is Kind.INDIRECT or len(quotation.parts) < 2:
            result.append(quotation)
        else:
            result += _pieces(row, leads, speakers, quotation)
    return result


def goes_on(row: Items, before: Span, part: Span) -> bool:
    """True if a quotation goes on in the next paragraph: its mark is still open, or its sentence is not at its end."""
    region, following = (row.regions[item_at(row, start)] for start in (before[0], part[0]))
    if region is not None and region is following:
        return True
    last = row.text[before[0] : before[1]].rstrip(CLOSERS)[-1:]
    return last not in SENTENCE_ENDS and row.text[part[0] : part[1]].lstrip(OPENERS)[:1].islower()


def is_over(row: Items, leads: Leads, quotation: Quotation, before: Span, part: Span) -> bool:
    """True if marks ended a sentence before the attribution, and the next part is what the attribution reports."""
    mentions = [mention for mention in (quotation.source, quotation.cue) if mention is not None]
    start, end = min((each.start for each in mentions), default=0), max((each.end for each in mentions), default=0)
    region = row.regions[item_at(row, before[0])]
    if not before[1] <= start or not end <= part[0] or region is None or region.end < before[1]:
        return False
    if row.text[before[0] : before[1]].rstrip(CLOSERS)[-1:] not in SENTENCE_ENDS:
        return False
    is_own = not any(sign in SENTENCE_ENDS for sign in row.text[end : part[0]])
    return is_own and leads.sentence(before[1] - 1) != leads.sentence(start)


def _pieces(row: Items, leads: Leads, speakers: Speakers, quotation: Quotation) -> list[Quotation]:
    """Return the pieces of one quotation; the piece nearest to the source keeps source and cue."""
    groups: list[list[Span]] = [[quotation.parts[0]]]
    for before, part in pairwise(quotation.parts):
        near = leads.paragraph(before[1] - 1) == leads.paragraph(part[0])
        if (near and not is_over(row, leads, quotation, before, part)) or goes_on(row, before, part):
            groups[-1].append(part)
        else:
            groups.append([part])
    if len(groups) == 1:
        return [quotation]
    place = leads.paragraph(quotation.source.start if quotation.source else quotation.start)
    own = max((number for number, group in enumerate(groups) if leads.paragraph(group[0][0]) <= place), default=0)
    pieces = []
    for number, group in enumerate(groups):
        source, cue, confidence = quotation.source, quotation.cue, quotation.confidence
        if number != own:
            source, share = (source, GOES_ON) if number < own else speakers.before(group[0])
            source, share = (source, share) if source else (quotation.source, RESUMED)
            cue, confidence = None, min(share, confidence)
        pieces.append(_piece(row, replace(quotation, source=source, cue=cue, confidence=confidence), tuple(group)))
    return pieces


def _piece(row: Items, quotation: Quotation, parts: tuple[Span, ...]) -> Quotation:
    """Return a quotation with these of its parts; it is direct if the parts are whole quoted regions."""
    regions = [row.regions[item_at(row, start)] for start, _ in parts]
    if quotation.kind is Kind.MIXED and all(
        region is not None and region.end >= end for region, (_, end) in zip(regions, parts, strict=True)
    ):
        quotation = replace(quotation, kind=Kind.DIRECT)
        distinct = {region.start: region for region in regions if region is not None}
        parts = tuple(segment for region in distinct.values() for segment in region.segments)
    return with_parts(row.text, quotation, parts)
