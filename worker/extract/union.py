"""What was read and what the rules found, together: certain rules fill in where the reader saw nothing, or saw wrong.

The reader's corpus has next to no transcripts, signed quotations, announcing lines and quotations in quotations, so
these are found by rule.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.rules.passage import Found

CERTAIN = frozenset({"introduced"})
"""Rules whose quotations are kept where nothing that was read touches them."""
HALF = 0.5


def union(read: Sequence[Quotation], ruled: Sequence[Found]) -> list[Quotation]:
    """All that was read but what a turn or a signature speaks for, and of the rules' other finds those that are new."""
    read = beside(read, [each for rule, each in ruled if rule == "beside"])
    turns = [each for rule, each in ruled if rule == "turn"]
    signed = [each for rule, each in ruled if rule == "signature" and not agreed(each, read)]
    kept = beside_signed(beside_turns(read, Cover(turns)), Cover(signed))
    covered = Cover(kept + signed + turns)
    certain = [each for rule, each in ruled if rule in CERTAIN and not covered.touches(each.parts)]
    said = {part for each in kept + signed for part in each.parts}
    inner = [each for rule, each in ruled if rule == "inside" and not said.intersection(each.parts)]
    return kept + turns + signed + certain + inner


def agreed(signed: Quotation, read: Sequence[Quotation]) -> bool:
    """Whether the reader found a signed quotation with the same source; it is surer of it then than the rule is."""
    return any(each.parts == signed.parts and shared(each, signed) for each in read)


def shared(one: Quotation, other: Quotation) -> bool:
    """Whether two quotations' sources share a character."""
    return (
        one.source is not None
        and other.source is not None
        and one.source.start < other.source.end
        and other.source.start < one.source.end
    )


def beside(read: Sequence[Quotation], certain: Sequence[Quotation]) -> list[Quotation]:
    """The readings, where one gives a whole quotation to another cue than the one beside it corrected.

    `"…," he said, according to the agency`: these are his words, whatever else is reported of them.
    """
    places = sorted((start, end, number) for number, one in enumerate(read) for start, end in one.parts)
    starts = [start for start, _, _ in places]
    wrong: dict[int, Quotation] = {}
    for each in certain:
        touching = set()
        for start, end in each.parts:
            place = bisect_left(starts, end) - 1
            while place >= 0 and places[place][1] > start:
                touching.add(places[place][2])
                place -= 1
        if touching and not any(same_cue(read[number], each) for number in touching):
            wrong |= dict.fromkeys(touching, each)
    corrected = [one for number, one in enumerate(read) if number not in wrong]
    for number, each in wrong.items():
        rest = apart(read[number], each)
        if rest and read[number].kind is Kind.DIRECT:
            corrected.append(only(read[number], rest))
    return corrected + list(dict.fromkeys(wrong.values()))


def same_cue(one: Quotation, other: Quotation) -> bool:
    """Whether two quotations' cues share a character."""
    if one.cue is None or other.cue is None:
        return False
    return one.cue.start < other.cue.end and other.cue.start < one.cue.end


def apart(one: Quotation, other: Quotation) -> tuple[Span, ...]:
    """The parts of one quotation that share nothing with another."""
    cover = Cover([other])
    return tuple(part for part in one.parts if not cover.touched(part))


def beside_turns(read: Sequence[Quotation], turns: "Cover") -> list[Quotation]:
    """What may stand with the turns: what is outside of them, and what is quoted in marks inside one."""
    return [
        each
        for each in read
        if not turns.touches(each.parts)
        or (each.kind is not Kind.INDIRECT and all(turns.holds(part) for part in each.parts))
    ]


def beside_signed(read: Sequence[Quotation], signed: "Cover") -> list[Quotation]:
    """What may stand with the signed quotations: of one that runs over several, the parts that nobody signed."""
    kept = []
    for each in read:
        free = tuple(part for part in each.parts if not signed.touched(part) or signed.holds(part))
        if free == each.parts:
            kept.append(each)
        elif free and each.kind is Kind.DIRECT:
            kept.append(only(each, free))
    return kept


def only(quotation: Quotation, parts: tuple[Span, ...]) -> Quotation:
    """A quotation with some of its parts; its text is all of its parts with one space between."""
    said, at = [], 0
    for start, end in quotation.parts:
        if (start, end) in parts:
            said.append(quotation.text[at : at + end - start])
        at += end - start + 1
    return replace(quotation, parts=parts, text=" ".join(said))


class Cover:
    """The stretches of the text that quotations' contents take up."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(part for each in quotations for part in each.parts):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))
        self.starts = [start for start, _ in self.spans]

    def touches(self, parts: Sequence[Span]) -> bool:
        """Whether any of the parts shares a character with what is covered."""
        return any(self.touched(part) for part in parts)

    def touched(self, part: Span) -> bool:
        before = bisect_left(self.starts, part[1]) - 1
        return before >= 0 and self.spans[before][1] > part[0]

    def holds(self, part: Span) -> bool:
        """Whether a part lies in one stretch and is the smaller half of it, so that it is quoted inside."""
        before = bisect_right(self.starts, part[0]) - 1
        if before < 0:
            return False
        start, end = self.spans[before]
        return part[1] <= end and part[1] - part[0] < HALF * (end - start)
