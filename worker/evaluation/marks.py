"""What stands in quotation marks, as the measure sees it.

Older and plainer than the extractor's own reading of marks, and apart from it on purpose: the yardstick stays the same
when the extractor changes. The rules are those by which the gold's kinds (direct, mixed, indirect) were found.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from worker.evaluation.spans import MARKS, Span
from worker.extract import Kind

DOUBLE = re.compile(r"[\"“”]|''")  # '' is how some newspapers' archives write "
LINE = re.compile(r"[^\n]+")
ELISIONS = r"\d0s|em|til|tis|cause|n"  # '90s, 'em: apostrophes that begin a word
SINGLE = re.compile(
    rf"""(?<![\w'’]) ['‘] (?= [\w$] ) (?! (?:{ELISIONS}) \b )   # opens before a word, and is no elision
         [^\n“”"]{{0,300}}? [^\s'’“”"]                          # short, in one paragraph, no double mark in it
         ['’] (?![\w'’])                                        # shuts after something, and before no word""",
    re.VERBOSE,
)


def quoted_regions(text: str) -> list[Span]:
    """Every stretch in quotation marks, marks included, in order and disjoint.

    A mark that is not shut runs to the end of its paragraph (a line with something in it); if the next paragraph has a
    shutting mark before any opening one, that paragraph is inside from its start. Single marks count outside double
    ones only.
    """
    doubles = list(in_double_marks(text))
    singles = [match.span() for match in SINGLE.finditer(text) if not touches(doubles, *match.span())]
    return sorted(doubles + singles)


def in_double_marks(text: str) -> Iterator[Span]:
    """The stretches in double marks."""
    unshut = False  # the paragraph before ended inside a quotation
    for line in LINE.finditer(text):
        if not line[0].strip():
            continue
        begun: int | None = None
        for mark in DOUBLE.finditer(text, *line.span()):
            shutting = shuts(text, mark)
            if begun is not None:
                if mark[0] != "“":
                    yield begun, mark.end()
                    begun = None
            elif shutting and unshut:
                yield line.start(), mark.end()
            elif not shutting or glued(text, mark):
                begun = mark.start()
            unshut = False
        unshut = begun is not None
        if begun is not None:
            yield begun, line.end()


def around(text: str, mark: re.Match[str]) -> tuple[str, str]:
    """The characters before and after a mark; empty at the ends of the text."""
    start, end = mark.span()
    return text[max(0, start - 1) : start], text[end : end + 1]


def opens(text: str, mark: re.Match[str]) -> bool:
    """Whether it looks like an opening mark: “, or a straight one with a word after it and none before."""
    if mark[0] in "“”":
        return mark[0] == "“"
    before, after = around(text, mark)
    free = not before.strip() or before in "([{-–—/‘'"
    return free and bool(after.strip()) and after not in ".,;:!?)"


def shuts(text: str, mark: re.Match[str]) -> bool:
    """Whether it looks like a shutting mark: ”, or a straight one after something that does not open."""
    if mark[0] in "“”":
        return mark[0] == "”"
    return bool(around(text, mark)[0].strip()) and not opens(text, mark)


def glued(text: str, mark: re.Match[str]) -> bool:
    """Whether a straight mark between two characters may open all the same (said"Go); not after a figure (5")."""
    before, after = around(text, mark)
    return mark[0] != "”" and before not in "0123456789" and after.isalnum()


def touches(regions: Sequence[Span], start: int, end: int) -> bool:
    """Whether some character of `[start, end)` lies in one of the sorted, disjoint regions."""
    place = bisect_right(regions, (start, start))
    before = place > 0 and regions[place - 1][1] > start
    return start < end and (before or (place < len(regions) and regions[place][0] < end))


def in_marks(text: str, spans: Iterable[Span], regions: Sequence[Span]) -> bool:
    """Whether trimmed spans hold a quotation mark, have one beside them, or lie inside marks."""
    for start, end in spans:
        while start and text[start - 1] in MARKS:
            start -= 1
        while end < len(text) and text[end] in MARKS:
            end += 1
        if touches(regions, start, end):
            return True
    return False


def kind(text: str, spans: Iterable[Span], regions: Sequence[Span]) -> Kind:
    """Direct: every letter and figure of the spans is inside marks; mixed: some are; indirect: none."""
    hits = {
        touches(regions, place, place + 1)
        for start, end in spans
        for place in range(start, end)
        if text[place].isalnum()
    }
    return Kind.DIRECT if hits == {True} else Kind.MIXED if True in hits else Kind.INDIRECT
