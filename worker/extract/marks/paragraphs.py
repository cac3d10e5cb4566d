"""The paragraphs of a text.

A blank line always ends a paragraph. A single line break also ends a paragraph, except in a text that is wrapped at a
fixed width (e-mail, old wire copy). In such a text a single line break counts as a space.
"""

import re

from worker.extract.quotation import Span

LINE = re.compile(r"[^\n\r\u2028\u2029]+")
BLANK = re.compile(r"\r?\n[^\S\n]*\r?\n|\u2029")
SENTENCE_ENDS = frozenset(".!?:;…\"”’'»)]*|")
BULLETS = frozenset("•▪◦‣●○»›*-–—")
WRAPPED_WIDTH = 100
"""At most this many code points are in a line of a wrapped text; other texts nearly always have longer lines."""


def paragraphs(text: str, start: int, end: int) -> list[Span]:
    """Return the `[start, end)` of every paragraph in `text[start:end]`, in order, without white space at its ends."""
    lines = []
    for match in LINE.finditer(text, start, end):
        stripped = match.group().strip()
        if stripped:
            first = match.start() + len(match.group()) - len(match.group().lstrip())
            lines.append((first, first + len(stripped)))
    if not wrapped(text, lines):
        return lines
    joined: list[Span] = []
    for first, last in lines:
        if joined and not BLANK.search(text, joined[-1][1], first):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def wrapped(text: str, lines: list[Span]) -> bool:
    """True if a text is wrapped at a fixed width: most lines end inside a sentence, and no line is long."""
    if len(lines) < 4 or max(last - first for first, last in lines) > WRAPPED_WIDTH:
        return False
    firsts = [text[first] for first, _ in lines[1:]] + [""]
    broken = sum(
        text[last - 1] not in SENTENCE_ENDS and following not in BULLETS
        for (_, last), following in zip(lines, firsts, strict=True)
    )
    return broken * 2 > len(lines)
