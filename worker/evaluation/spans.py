"""Arithmetic on stretches of text: `[start, end)` in code points."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]

MARKS = "\"“”'‘’`,.;:"
"""What annotators put inside or outside a span by taste; it counts for nothing at a span's ends."""
LOOSE = MARKS + " \t\r\n\u00a0"


def trimmed(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, without marks and white space at their ends; with nothing else between two, they are one.

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
    """Characters in disjoint spans."""
    return sum(end - start for start, end in spans)


def shared(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Characters in both of two rows of sorted, disjoint spans."""
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
    """Intersection over union, in characters; 0 where neither holds any."""
    common = shared(one, other)
    return common / (length(one) + length(other) - common) if common else 0.0
