"""Paragraph borders: a quotation goes on in the next paragraph only if its mark is open or its sentence is not ended.

`“A,” said X.¶Y disagreed. “B.”`: the network, which was trained on a corpus with hardly any such paragraphs, reads "A
B" as one quotation by X. And `“A,” said X.¶“B.”` are two quotations of X: two statements, of which no reader should
make one sentence.

The same is true inside a paragraph, where line breaks were lost: in `“A.” Y said that b.` the words "A." end their
sentence, and Y says something else in his own, so the network is wrong to give both to Y. In `“A.”¶At noon Y said:
“B.”` it is wrong too. And in `“A,” said X. Y denied that b. “B.”` the words "B." are those of Y.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from worker.extract.building import with_parts
from worker.extract.leads import GOES_ON, RESUMED, Leads, Speakers, end_with_attribution
from worker.extract.marks.items import Items, item_at
from worker.extract.quotation import Kind, Mention, Quotation, Span

CLOSERS = " \t\n\r\"'”’»)]"
OPENERS = " \t\n\r\"'“‘«(["
SENTENCE_ENDS = frozenset(".!?…")
WORD = re.compile(r"\w+")


def divided(row: Items, leads: Leads, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations, cut at each paragraph border over which neither an open mark nor a sentence leads."""
    speakers = Speakers(leads, quotations)
    reporting = {
        leads.sentence(each.cue.start): each.source
        for each in quotations
        if each.cue is not None and each.source is not None and each.kind is not Kind.DIRECT
    }
    result: list[Quotation] = []
    for quotation in quotations:
        if quotation.kind is Kind.INDIRECT or len(quotation.parts) < 2:
            result.append(quotation)
        else:
            result += _pieces(row, leads, speakers, reporting, quotation)
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
    mentions = quotation.mentions
    start, end = min((each.start for each in mentions), default=0), max((each.end for each in mentions), default=0)
    region = row.regions[item_at(row, before[0])]
    if not before[1] <= start or not end <= part[0] or region is None or region.end < before[1]:
        return False
    if row.text[before[0] : before[1]].rstrip(CLOSERS)[-1:] not in SENTENCE_ENDS:
        return False
    is_own = not any(sign in SENTENCE_ENDS for sign in row.text[end : part[0]])
    return is_own and leads.sentence(before[1] - 1) != leads.sentence(start)


def is_taken_over(
    leads: Leads, reporting: Mapping[int, Mention], quotation: Quotation, before: Span, part: Span
) -> bool:
    """True if the whole sentence before a part reports what somebody else says, who is named there.

    `reporting` has the source of each report without marks, or with a few words in marks, by the number of its
    sentence.
    """
    if quotation.source is None or quotation.cue is None:
        return False
    since = end_with_attribution(quotation, before[1], part[0])
    other = reporting.get(leads.sentence(part[0]) - 1)
    subject = leads.subject(part) if other is not None and leads.narrated(part, since) is not None else None
    name = leads.mention(subject) if subject is not None else None
    if other is None or name is None or not (other.start < name.end and name.start < other.end):
        return False
    own = set(WORD.findall(quotation.source.text))
    return leads.has_name(own) and own.isdisjoint(WORD.findall(name.text))


def _pieces(
    row: Items, leads: Leads, speakers: Speakers, reporting: Mapping[int, Mention], quotation: Quotation
) -> list[Quotation]:
    """Return the pieces of one quotation; the piece nearest to the source keeps source and cue."""
    groups: list[list[Span]] = [[quotation.parts[0]]]
    own_groups: int | None = None  # the number of groups before the first words of somebody else, if there are such
    for before, part in pairwise(quotation.parts):
        near = leads.paragraph(before[1] - 1) == leads.paragraph(part[0])
        is_others = is_taken_over(leads, reporting, quotation, before, part)
        is_cut = is_others or is_over(row, leads, quotation, before, part)
        if (near and not is_cut) or goes_on(row, before, part):
            groups[-1].append(part)
        else:
            own_groups = len(groups) if is_others and own_groups is None else own_groups
            groups.append([part])
    if len(groups) == 1:
        return [quotation]
    place = leads.paragraph(quotation.source.start if quotation.source else quotation.start)
    near_source = (n for n, group in enumerate(groups[:own_groups]) if leads.paragraph(group[0][0]) <= place)
    own = max(near_source, default=0)
    is_announced = is_named_before(leads, quotation, groups[own][0])
    pieces = []
    for number, group in enumerate(groups):
        source, cue, confidence = quotation.source, quotation.cue, quotation.confidence
        if number != own:
            leads_on = number < own and not is_announced
            source, share = (source, GOES_ON) if leads_on else speakers.before(group[0])
            source, share = (source, share) if source else (quotation.source, RESUMED)
            cue, confidence = None, min(share, confidence)
        pieces.append(_piece(row, replace(quotation, source=source, cue=cue, confidence=confidence), tuple(group)))
    return pieces


def is_named_before(leads: Leads, quotation: Quotation, part: Span) -> bool:
    """True if source and cue stand between a part and those before it, `“A.”¶Y said: “B.”`, and the source is a name.

    A pronoun (`“A.”¶He said: “B.”`) means the person who said the words before it.
    """
    if quotation.source is None or not leads.has_name(WORD.findall(quotation.source.text)):
        return False
    earlier = max((end for _, end in quotation.parts if end <= part[0]), default=0)
    return all(earlier <= mention.start and mention.end <= part[0] for mention in quotation.mentions)


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
