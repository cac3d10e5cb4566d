"""The union of the quotations that the network (the reader) and the rules found.

The reader's corpus has hardly any transcripts, signed quotations, announcing lines and quotations inside quotations, so
the rules find these. If the reader links a whole quotation to another cue than the cue right beside it, the rules
correct that.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.passage import Ruled

HALF = 0.5
"""A quotation inside a stretch takes up less than this share of it."""


def union(read: Sequence[Quotation], ruled: Sequence[Ruled]) -> list[Quotation]:
    """Return what the reader found, corrected and completed by the rules.

    Turns and signatures replace what was read in their place. An introduced quotation is added where it touches nothing
    else, a quotation inside a quotation where none has the same part. The rule "beside" adds nothing; it corrects.
    """
    by_rule: dict[str, list[Quotation]] = defaultdict(list)
    for rule, quotation in ruled:
        by_rule[rule].append(quotation)
    read = corrected(read, by_rule["beside"])
    turns = by_rule["turn"]
    signed = [quotation for quotation in by_rule["signature"] if not agreed(quotation, read)]
    kept = outside_signed(outside_turns(read, Cover(turns)), Cover(signed))
    covered = Cover(kept + signed + turns)
    introduced = [quotation for quotation in by_rule["introduced"] if not covered.touches(quotation.parts)]
    taken = {part for quotation in kept + signed for part in quotation.parts}
    inner = [quotation for quotation in by_rule["inside"] if not taken.intersection(quotation.parts)]
    return kept + turns + signed + introduced + inner


def agreed(signed: Quotation, read: Sequence[Quotation]) -> bool:
    """True if the reader gives a signed quotation the same source; its reading is then kept instead."""
    return any(quotation.parts == signed.parts and overlap(quotation.source, signed.source) for quotation in read)


def overlap(first: Mention | None, second: Mention | None) -> bool:
    """True if two sources, or two cues, share a character."""
    if first is None or second is None:
        return False
    return first.start < second.end and second.start < first.end


def corrected(read: Sequence[Quotation], beside: Sequence[Quotation]) -> list[Quotation]:
    """Return what was read, without readings that give a whole quotation to another cue than the one beside it.

    `"…," he said, according to the agency`: these are his words, whoever passes them on. The quotations of the rule
    replace these readings. A direct reading keeps the parts that share nothing with them.
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
    for number, replacement in replacements.items():
        cover = Cover([replacement])
        rest = tuple(part for part in read[number].parts if not cover.touches_part(part))
        if rest and read[number].kind is Kind.DIRECT:
            kept.append(with_parts(read[number], rest))
    return kept + list(dict.fromkeys(replacements.values()))


def outside_turns(read: Sequence[Quotation], turns: "Cover") -> list[Quotation]:
    """Return the quotations outside the turns, and those that are quoted in marks inside a turn."""
    return [
        quotation
        for quotation in read
        if not turns.touches(quotation.parts)
        or (quotation.kind is not Kind.INDIRECT and all(turns.holds(part) for part in quotation.parts))
    ]


def outside_signed(read: Sequence[Quotation], signed: "Cover") -> list[Quotation]:
    """Return the quotations without their signed parts; only a direct quotation may lose some of its parts."""
    kept = []
    for quotation in read:
        unsigned = tuple(part for part in quotation.parts if not signed.touches_part(part) or signed.holds(part))
        if unsigned == quotation.parts:
            kept.append(quotation)
        elif unsigned and quotation.kind is Kind.DIRECT:
            kept.append(with_parts(quotation, unsigned))
    return kept


def with_parts(quotation: Quotation, parts: tuple[Span, ...]) -> Quotation:
    """Return a quotation with only these of its parts, and their text."""
    texts, at = [], 0
    for start, end in quotation.parts:
        if (start, end) in parts:
            texts.append(quotation.text[at : at + end - start])
        at += end - start + 1  # one space joins the parts in the text
    return replace(quotation, parts=parts, text=" ".join(texts))


class Cover:
    """The stretches of the text that the parts of some quotations take up."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(part for quotation in quotations for part in quotation.parts):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))
        self.starts = [start for start, _ in self.spans]

    def touches(self, parts: Sequence[Span]) -> bool:
        """True if any of the parts shares a character with a covered stretch."""
        return any(self.touches_part(part) for part in parts)

    def touches_part(self, part: Span) -> bool:
        """True if a part shares a character with a covered stretch."""
        before = bisect_left(self.starts, part[1]) - 1
        return before >= 0 and self.spans[before][1] > part[0]

    def holds(self, part: Span) -> bool:
        """True if a part lies in one stretch and takes up less than half of it, so that it is a quotation inside."""
        before = bisect_right(self.starts, part[0]) - 1
        if before < 0:
            return False
        start, end = self.spans[before]
        return part[1] <= end and part[1] - part[0] < HALF * (end - start)
