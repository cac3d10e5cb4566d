"""Finds the regions in quotation marks for the evaluation.

The rules here are simpler than the extractor's rules, and deliberately separate from them: when the extractor changes,
the measure stays the same. The gold's kinds (direct, mixed, indirect) were made with the rules of this file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from worker.evaluation.spans import MARKS, Span
from worker.extract import Kind

GUILLEMETS = re.compile("[«»]")
DOUBLE = re.compile(r"[\"“”]|''")  # '' is how some newspapers' archives write "
LINE = re.compile(r"[^\n]+")
ELISIONS = r"\d0s|em|til|tis|cause|n"  # apostrophes that begin a word: '90s, 'em
SINGLE = re.compile(
    rf"""(?<![\w'’]) ['‘] (?= [\w$] ) (?! (?:{ELISIONS}) \b )   # opens before a word, and is no elision
         [^\n“”"]{{0,300}}? [^\s'’“”"]                          # short, in one paragraph, no double mark in it
         ['’] (?![\w'’])                                        # closes after a character, and before no word""",
    re.VERBOSE,
)


def quoted_regions(text: str) -> list[Span]:
    """Return every region in quotation marks, with its marks. The regions are in order and do not overlap.

    A region without a closing mark ends with its paragraph (a line that is not blank). If the next paragraph has a
    closing mark before any opening mark, a region begins at the start of that paragraph too. Single marks count only
    outside double marks. Guillemets count like “ and ”, in the order in which the text first has them: «so» or »so«.
    """
    guillemet = GUILLEMETS.search(text)
    if guillemet:
        text = text.translate(str.maketrans("«»" if guillemet[0] == "«" else "»«", "“”"))
    doubles = list(in_double_marks(text))
    singles = [match.span() for match in SINGLE.finditer(text) if not touches(doubles, *match.span())]
    return sorted(doubles + singles)


def in_double_marks(text: str) -> Iterator[Span]:
    """Iterate over the regions in double marks."""
    unclosed = False  # True if the previous paragraph ended inside a quotation
    for line in LINE.finditer(text):
        if not line[0].strip():
            continue
        start: int | None = None
        for mark in DOUBLE.finditer(text, *line.span()):
            closing = closes(text, mark)
            if start is not None:
                if mark[0] != "“":
                    yield start, mark.end()
                    start = None
            elif closing and unclosed:
                yield line.start(), mark.end()
            elif not closing or glued(text, mark):
                start = mark.start()
            unclosed = False
        unclosed = start is not None
        if start is not None:
            yield start, line.end()


def around(text: str, mark: re.Match[str]) -> tuple[str, str]:
    """Return the characters before and after a mark; an empty string at the ends of the text."""
    start, end = mark.span()
    return text[max(0, start - 1) : start], text[end : end + 1]


def opens(text: str, mark: re.Match[str]) -> bool:
    """True if the mark looks like an opening mark: “, or a straight mark with a word after it and no word before it."""
    if mark[0] in "“”":
        return mark[0] == "“"
    before, after = around(text, mark)
    free = not before.strip() or before in "([{-–—/‘'"
    return free and bool(after.strip()) and after not in ".,;:!?)"


def closes(text: str, mark: re.Match[str]) -> bool:
    """True if the mark looks like a closing mark: ”, or a straight mark after a character that does not open."""
    if mark[0] in "“”":
        return mark[0] == "”"
    return bool(around(text, mark)[0].strip()) and not opens(text, mark)


def glued(text: str, mark: re.Match[str]) -> bool:
    """True if a straight mark between two characters may still open (said"Go). After a digit it does not (5")."""
    before, after = around(text, mark)
    return mark[0] != "”" and before not in "0123456789" and after.isalnum()


def touches(regions: Sequence[Span], start: int, end: int) -> bool:
    """True if a character of `[start, end)` is in one of the regions, which are sorted and do not overlap."""
    place = bisect_right(regions, (start, start))
    before = place > 0 and regions[place - 1][1] > start
    return start < end and (before or (place < len(regions) and regions[place][0] < end))


def in_marks(text: str, spans: Iterable[Span], regions: Sequence[Span]) -> bool:
    """True if one of the trimmed spans contains a quotation mark, has a mark beside it, or is inside marks."""
    for start, end in spans:
        while start and text[start - 1] in MARKS:
            start -= 1
        while end < len(text) and text[end] in MARKS:
            end += 1
        if touches(regions, start, end):
            return True
    return False


def kind(text: str, spans: Iterable[Span], regions: Sequence[Span]) -> Kind:
    """Return direct if all letters and digits are in marks, mixed if only some of them are, else indirect."""
    hits = {
        touches(regions, place, place + 1)
        for start, end in spans
        for place in range(start, end)
        if text[place].isalnum()
    }
    return Kind.DIRECT if hits == {True} else Kind.MIXED if True in hits else Kind.INDIRECT
