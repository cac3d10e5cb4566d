"""Arithmetic on spans of a text: `[start, end)` in code points."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]

MARKS = "\"“”'‘’`,.;:"
"""Ignore these at the ends of a span: annotators put them inside or outside as they like."""
LOOSE = MARKS + " \t\r\n\u00a0"
"""Ignore white space there too."""


def trimmed(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans without marks and white space at their ends. Spans with nothing else between them become one.

    The result is sorted and disjoint, and has no empty span. `spans` must lie inside the text.
    """
    kept: list[Span] = []
    for start, end in sorted(spans):
        while start < end and text[start] in LOOSE:
            start += 1
        while start < end and text[end - 1] in LOOSE:
            end -= 1
        if start == end:
            continue
        if kept and not text[kept[-1][1] : start].strip(LOOSE):
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)


def length(spans: Sequence[Span]) -> int:
    """Return the number of characters in disjoint spans."""
    return sum(end - start for start, end in spans)


def shared(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Return the number of characters that two sequences of sorted, disjoint spans share."""
    total = place = 0
    for start, end in one:
        while place < len(other) and other[place][1] <= start:
            place += 1
        following = place
        while following < len(other) and other[following][0] < end:
            total += min(end, other[following][1]) - max(start, other[following][0])
            following += 1
    return total


def likeness(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Return intersection over union, in characters; 0 if they share none."""
    common = shared(one, other)
    return common / (length(one) + length(other) - common) if common else 0.0
