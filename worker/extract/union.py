"""Combines the quotations that the network (called the reader) finds with the quotations that the rules find.

The reader was trained on a corpus with hardly any transcripts, signed quotations, announcing lines and quotations
inside quotations, so the rules find these. A cue may stand right beside a whole quotation. If the reader links the
quotation to a different cue, the rules correct that.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.building import with_parts
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.called import is_named
from worker.extract.rules.passage import Ruled

CONFIRMED = 0.9
"""The least confidence of a quotation that the reader and a cue right beside it give to the same source.

Of 464 in every seventh article of PolNeAR's train part, 452 were right."""
HALF = 0.5
"""Less than this share of a covered stretch is a quotation inside it; a larger share is the same quotation."""


def union(text: str, read: Sequence[Quotation], ruled: Sequence[Ruled]) -> list[Quotation]:
    """Return the reader's quotations, corrected and completed by the rules.

    If a rule finds a turn of a transcript, a post, an announced paragraph without marks or a signed quotation, it
    replaces the reader's quotations at the same position. A quotation that is introduced, or that a possessive gives to
    its speaker, is added if it overlaps no other quotation. A quotation inside another one is
    added if no quotation has the same part. The rule "beside" corrects the reader, and adds a quotation only in place
    of one that a line announces (`announced`).
    """
    by_rule: dict[str, list[Quotation]] = defaultdict(list)
    for rule, quotation in ruled:
        by_rule[rule].append(quotation)
    introductions = by_rule["announced"] + by_rule["introduced"]
    read = as_sure(confirmed(read, by_rule["beside"]), by_rule["called"])
    read, freed = announced(text, corrected(text, read, by_rule["beside"]), introductions)
    turns = by_rule["turn"] + by_rule["post"] + unread(by_rule["block"], read)
    same: dict[tuple[Span, ...], list[Quotation]] = defaultdict(list)
    for quotation in read:
        same[quotation.parts].append(quotation)
    signed = [quotation for quotation in by_rule["signature"] if not agreed(quotation, same[quotation.parts])]
    kept = outside_signed(text, outside_turns(read, Cover(turns)), Cover(signed))
    covered = Cover(kept + signed + turns)
    missed = [
        quotation
        for quotation in by_rule["beside"]
        if quotation.cue
        and not freed.isdisjoint(range(quotation.cue.start, quotation.cue.end))
        and not covered.touches(quotation.parts)
    ]
    added = introductions + by_rule["possessed"] + by_rule["called"]
    introduced = [quotation for quotation in added if not covered.touches(quotation.parts)]
    taken = {part for quotation in kept + signed + introduced for part in quotation.parts}
    named = [quotation for quotation in by_rule["called"] if is_named(quotation)]
    cued = {place for each in kept if each.cue for place in range(each.cue.start, each.cue.end)}
    others = by_rule["inside"] + [each for each in named if each.cue and each.cue.end - 1 not in cued]
    inner = [quotation for quotation in others if not taken.intersection(quotation.parts)]
    return kept + turns + signed + missed + introduced + inner


def confirmed(read: Sequence[Quotation], beside: Sequence[Quotation]) -> list[Quotation]:
    """Return the reader's quotations; those of which a cue right beside them says the same are as sure as that rule."""
    sure = {quotation.parts[0]: quotation for quotation in beside}
    return [
        replace(quotation, confidence=max(quotation.confidence, CONFIRMED))
        if (other := sure.get(quotation.parts[0])) and overlap(other.source, quotation.source)
        else quotation
        for quotation in read
    ]


def as_sure(read: Sequence[Quotation], called: Sequence[Quotation]) -> list[Quotation]:
    """Return the reader's quotations, as sure as the rule `what she called “…”` if it gives them to the same source."""
    sure = {quotation.parts: quotation for quotation in called}
    return [
        replace(quotation, confidence=max(quotation.confidence, other.confidence))
        if (other := sure.get(quotation.parts)) and overlap(other.source, quotation.source)
        else quotation
        for quotation in read
    ]


def unread(blocks: Sequence[Quotation], read: Sequence[Quotation]) -> list[Quotation]:
    """Return the announced paragraphs without marks that the reader does not have as well.

    It has a paragraph if a quotation with marks begins in it, or if it gives half of the paragraph to the same source.
    """
    begun = sorted(((part, quotation) for quotation in read for part in quotation.parts), key=lambda each: each[0])
    missed = []
    for block in blocks:
        start, end = block.start, block.end
        first, last = (bisect_left(begun, place, key=lambda each: each[0][0]) for place in (start, end))
        inside = begun[first:last]
        same = sum(min(part[1], end) - part[0] for part, other in inside if overlap(other.source, block.source))
        if same < HALF * (end - start) and all(other.kind is Kind.INDIRECT for _, other in inside):
            missed.append(block)
    return missed


def announced(
    text: str, read: Sequence[Quotation], introduced: Sequence[Quotation]
) -> tuple[list[Quotation], frozenset[int]]:
    """Return the reader's quotations without those parts that a line in between announces as another speaker's.

    `“A,” said X.¶Y said in a statement:¶“B”`: the reader gives B to X and leaves out A. B is added later as announced,
    since nothing overlaps it any more, and A as the quotation beside the cue of X. Also return the offsets of the
    characters of such cues.
    """
    by_part = {part: other.source.start for other in introduced if other.source for part in other.parts}
    kept: list[Quotation] = []
    freed: set[int] = set()
    for quotation in read:
        source = quotation.source
        parts = tuple(part for part in quotation.parts if not (source and source.end < by_part.get(part, -1) < part[0]))
        if parts == quotation.parts:
            kept.append(quotation)
            continue
        freed.update(range(quotation.cue.start, quotation.cue.end) if quotation.cue else ())
        if parts and quotation.kind is Kind.DIRECT:
            kept.append(with_parts(text, quotation, parts))
    return kept, frozenset(freed)


def agreed(signed: Quotation, same: Sequence[Quotation]) -> bool:
    """True if the reader gives a signed quotation the same source. Then the reader's quotation is kept.

    `same` are the reader's quotations with the same parts. A word of the signature is no cue (`- Old saying`).
    """
    return any(overlap(read.source, signed.source) and not overlap(read.cue, signed.source) for read in same)


def overlap(first: Mention | None, second: Mention | None) -> bool:
    """True if two sources, or two cues, have a character in common."""
    if first is None or second is None:
        return False
    return first.start < second.end and second.start < first.end


def corrected(text: str, read: Sequence[Quotation], beside: Sequence[Quotation]) -> list[Quotation]:
    """Return the reader's quotations, corrected where the reader ignored the cue right beside a whole quotation.

    `"…," he said, according to the agency`: these are his words, even if the agency reports them. The quotation in
    `beside` replaces each reader's quotation that overlaps it and has a different cue. If the replaced quotation is
    direct, its parts that do not overlap the replacement are kept.
    """
    places = sorted((start, end, number) for number, quotation in enumerate(read) for start, end in quotation.parts)
    starts = [start for start, _, _ in places]
    replacements: dict[int, Quotation] = {}
    for quotation in beside:
        touching = set()
        for start, end in quotation.parts:
            place = bisect_left(starts, end) - 1
            while place >= 0 and places[place][1] > start:
                touching.add(places[place][2])
                place -= 1
        if touching and not any(overlap(read[number].cue, quotation.cue) for number in touching):
            replacements |= dict.fromkeys(touching, quotation)
    kept = [quotation for number, quotation in enumerate(read) if number not in replacements]
    # One replacement may have thousands of parts and replace as many quotations, so it is looked at only once.
    distinct = {id(replacement): replacement for replacement in replacements.values()}
    covers = {identity: Cover([replacement]) for identity, replacement in distinct.items()}
    for number, replacement in replacements.items():
        cover = covers[id(replacement)]
        rest = tuple(part for part in read[number].parts if not cover.touches_part(part))
        if rest and read[number].kind is Kind.DIRECT:
            kept.append(with_parts(text, read[number], rest))
    return kept + list(dict.fromkeys(distinct.values()))


def outside_turns(read: Sequence[Quotation], turns: "Cover") -> list[Quotation]:
    """Return the quotations outside the turns, and the quotations in marks that are inside a turn."""
    return [
        quotation
        for quotation in read
        if not turns.touches(quotation.parts)
        or (quotation.kind is not Kind.INDIRECT and all(turns.holds(part) for part in quotation.parts))
    ]


def outside_signed(text: str, read: Sequence[Quotation], signed: "Cover") -> list[Quotation]:
    """Return the quotations without their signed parts.

    A direct quotation keeps its other parts. Any other quotation with a signed part is left out as a whole.
    """
    kept = []
    for quotation in read:
        unsigned = tuple(part for part in quotation.parts if not signed.touches_part(part) or signed.holds(part))
        if unsigned == quotation.parts:
            kept.append(quotation)
        elif unsigned and quotation.kind is Kind.DIRECT:
            kept.append(with_parts(text, quotation, unsigned))
    return kept


class Cover:
    """The stretches of the text that the parts of some quotations cover."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(part for quotation in quotations for part in quotation.parts):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))
        self.starts = [start for start, _ in self.spans]

    def touches(self, parts: Sequence[Span]) -> bool:
        """True if one of the parts has a character in common with a covered stretch."""
        return any(self.touches_part(part) for part in parts)

    def touches_part(self, part: Span) -> bool:
        """True if a part has a character in common with a covered stretch."""
        before = bisect_left(self.starts, part[1]) - 1
        return before >= 0 and self.spans[before][1] > part[0]

    def holds(self, part: Span) -> bool:
        """True if a part is in one stretch and covers less than half of it. Then it is a quotation inside another."""
        before = bisect_right(self.starts, part[0]) - 1
        if before < 0:
            return False
        start, end = self.spans[before]
        return part[1] <= end and part[1] - part[0] < HALF * (end - start)
