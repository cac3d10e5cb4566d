"""Quoted regions: the stretches between an opening quotation mark and the mark that closes it.

The marks of each paragraph are read once, with a stack of open marks, so the time is linear in the text. If a mark has
no partner, the habits of typesetters decide. Every paragraph of a long quotation begins with an opening mark, but only
the last paragraph ends with a closing mark. A closing mark may be lost at the end of a paragraph. A straight mark may
close a curly mark. Where a text has lost its line breaks, the opening mark of the next paragraph stands behind the end
of a sentence: `“A. “B,” she said.`
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from worker.extract.marks.marks import DOUBLE, SINGLE, Mark, Role, marks
from worker.extract.quotation import Span

LONGEST_UNCLOSED = 1200
"""At most this many code points, up to the end of the paragraph, belong to an opening mark that is never closed.

If the paragraph goes on for longer, the text has lost its line breaks, so the quotation ends with its sentence."""
DEEPEST = 4
"""Ignore an opening mark if this many marks are open already."""
SENTENCE_END = re.compile(r"[.!?…](?=\s+[A-Z“\"‘«])")
SENTENCE_ENDS = frozenset(".!?…")


@dataclass(slots=True)
class Region:
    """A stretch in quotation marks. `[start, end)` includes the marks; `segments` excludes them.

    `segments` has one span for each paragraph of the region.
    """

    start: int
    end: int
    family: str
    segments: list[Span]
    closed: bool = True
    parent: int | None = None
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Open:
    """An open mark, and the earlier paragraphs of its quotation."""

    mark: Mark
    start: int
    segments: list[Span] = field(default_factory=list)


def regions(text: str, paragraphs: Sequence[Span]) -> list[Region]:
    """Return the quoted regions of the paragraphs by start, outer before inner, with parents and children set."""
    pairing = Pairing(text)
    for number, (start, end) in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        pairing.paragraph(start, end, following)
    return arrange(pairing.regions)


class Pairing:
    """The state of one pass over the marks: the marks that are open, and the regions found so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[Open] = []
        self.regions: list[Region] = []
        self.free = 0
        self.ahead: tuple[int, list[Mark]] = (-1, [])

    def paragraph(self, start: int, end: int, following: Span | None) -> None:
        """Pair the marks of one paragraph; at most one region stays open into the next paragraph."""
        signs = self.signs(start, end)
        nexts = next_of_family(signs)
        self.free = start
        for number, mark in enumerate(signs):
            if mark.start < self.free:
                continue
            repeats = bool(self.stack) and mark.start == start and self.stack[-1].mark.family == mark.family
            if repeats and mark.role is not Role.CLOSES:
                self.stack[-1].start = mark.end  # the quotation goes on: each paragraph begins with an opening mark
                continue
            self.take(mark, signs, nexts, number, start)
        self.leave(end, following)

    def signs(self, start: int, end: int) -> list[Mark]:
        """Return the paragraph's marks. They are stored, because `leave` of the previous paragraph needs them too."""
        if self.ahead[0] != start:
            self.ahead = (start, marks(self.text, start, end))
        return self.ahead[1]

    def take(self, mark: Mark, signs: list[Mark], nexts: list[int | None], number: int, start: int) -> None:
        """Open or close a region with one mark."""
        level = self.level(mark)
        if level is None:
            if mark.role is not Role.CLOSES:
                self.push(mark)
            elif mark.family == DOUBLE and not self.stack:
                self.lost_opening(mark, start)
            return
        german = self.stack[level].mark.sign in "„‚" and mark.sign in "“‘"
        if mark.role is Role.OPENS and not german:
            if mark.family != SINGLE and (nests(signs, nexts, number) or self.is_inner(level, signs, nexts, number)):
                self.push(mark)
            elif mark.family != SINGLE and self.goes_on(level, mark):
                self.stack[level].segments.append((self.stack[level].start, mark.start))
                self.stack[level].start = mark.end
            elif mark.family != SINGLE:
                self.unclosed(level, mark)
                self.push(mark)
        elif not (mark.weak and closes_later(signs, nexts, number)):
            self.close(level, mark)

    def level(self, mark: Mark) -> int | None:
        """Return the index in the stack of the innermost open mark of the same family; None if no such mark is open."""
        for level in range(len(self.stack) - 1, -1, -1):
            if self.stack[level].mark.family == mark.family:
                return level
        return None

    def push(self, mark: Mark) -> None:
        if len(self.stack) < DEEPEST:
            self.stack.append(Open(mark, mark.end))

    def close(self, level: int, mark: Mark) -> None:
        """End the region at `level`. Marks that are still open inside it quote nothing."""
        opened = self.stack[level]
        del self.stack[level:]
        self.add(opened, mark.start, mark.end, closed=True)

    def add(self, opened: Open, inner_end: int, end: int, closed: bool) -> None:
        segments = [*opened.segments, (opened.start, inner_end)]
        segments = [span for span in segments if self.text[span[0] : span[1]].strip()]
        if segments:
            self.regions.append(Region(opened.mark.start, end, opened.mark.family, segments, closed))

    def unclosed(self, level: int, mark: Mark) -> None:
        """End the region at `level`, because its closing mark was lost: `mark` opens the next region of the family."""
        opened = self.stack[level]
        del self.stack[level:]
        if opened.mark.family == SINGLE:
            return
        self.add(opened, *self.sentence_end(opened.start, mark.start), closed=False)

    def goes_on(self, level: int, mark: Mark) -> bool:
        """True if an opening mark begins a further paragraph of the region at `level`, where line breaks were lost.

        In 3,620 news texts and PolNeAR's train part, 896 opening marks stand behind a sentence in an open region. Of 21
        read by eye, 19 begin a further paragraph, and two are closing marks that were turned.
        """
        said = self.text[self.stack[level].start : mark.start].rstrip()
        return said[-1:] in SENTENCE_ENDS and self.text[mark.start - 1].isspace()

    def is_inner(self, level: int, signs: list[Mark], nexts: list[int | None], number: int) -> bool:
        """True if a pair of curly marks stands in a region that a straight mark opened."""
        following = nexts[number]
        is_curly = signs[number].sign == "“" and following is not None and signs[following].sign == "”"
        return is_curly and self.stack[level].mark.sign == '"'

    def sentence_end(self, start: int, end: int) -> tuple[int, int]:
        """Return where a quotation without closing mark ends: with the sentence at `start`, and not after `end`."""
        match = SENTENCE_END.search(self.text, start, min(end, start + LONGEST_UNCLOSED))
        last = match.end() if match else min(end, start + LONGEST_UNCLOSED)
        last = start + len(self.text[start:last].rstrip())
        return last, last

    def lost_opening(self, mark: Mark, start: int) -> None:
        """Add the region of a closing mark, if its opening mark was lost at the start of the paragraph."""
        before = self.text[mark.start - 1 : mark.start]
        begin = max([start, *(region.end for region in self.regions[-1:])])
        if before in ",.!?…" and begin == start and mark.start - start <= LONGEST_UNCLOSED and mark.sign == "”":
            opened = Open(Mark(start, start, mark.sign, DOUBLE, Role.OPENS), start)
            self.add(opened, mark.start, mark.end, closed=False)

    def leave(self, end: int, following: Span | None) -> None:
        """End a paragraph. The outermost open quotation stays open if the next paragraph continues it."""
        if not self.stack:
            return
        opened = self.stack[0]
        del self.stack[1:]
        first = next(iter(self.signs(*following)), None) if following else None
        if first is not None and following is not None and first.family == opened.mark.family:
            repeats = first.start == following[0] and first.role is not Role.CLOSES
            if repeats or (first.role is Role.CLOSES and not first.weak and opened.mark.family != SINGLE):
                opened.segments.append((opened.start, end))
                opened.start = following[0]
                return
        self.stack.clear()
        if opened.mark.family == SINGLE:
            return
        if end - opened.start > LONGEST_UNCLOSED:
            self.add(opened, *self.sentence_end(opened.start, end), closed=False)
        else:
            self.add(opened, end, end, closed=False)


def next_of_family(signs: list[Mark]) -> list[int | None]:
    """Return for each mark the number of the next mark of its family in the paragraph; None if there is no next one."""
    latest: dict[str, int] = {}
    nexts: list[int | None] = [None] * len(signs)
    for number in range(len(signs) - 1, -1, -1):
        nexts[number] = latest.get(signs[number].family)
        latest[signs[number].family] = number
    return nexts


def nests(signs: list[Mark], nexts: list[int | None], number: int) -> bool:
    """True if the next two marks of the family can close: the first this mark, the second the region around it."""
    first = nexts[number]
    second = nexts[first] if first is not None else None
    if first is None or second is None:
        return False
    return signs[first].role is not Role.OPENS and signs[second].role is not Role.OPENS


def closes_later(signs: list[Mark], nexts: list[int | None], number: int) -> bool:
    """True if the next mark of the family surely closes, so that this mark may be the apostrophe of a plural."""
    following = nexts[number]
    return following is not None and signs[following].role is Role.CLOSES and not signs[following].weak


def arrange(unsorted: list[Region]) -> list[Region]:
    """Return the regions by start, with parents and children set; a region that crosses another one is left out."""
    kept: list[Region] = []
    stack: list[int] = []
    for region in sorted(unsorted, key=lambda region: (region.start, -region.end)):
        while stack and kept[stack[-1]].end <= region.start:
            stack.pop()
        if stack and kept[stack[-1]].end < region.end:
            continue
        region.parent = stack[-1] if stack else None
        if stack:
            kept[stack[-1]].children.append(len(kept))
        stack.append(len(kept))
        kept.append(region)
    return kept
