"""Arithmetic on spans of a text: `[start, end)` in code points."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]

MARKS = "\"“”«»'‘’`,.;:"
"""Ignore these characters at the ends of a span: some annotators include them in a span, and some do not."""
LOOSE = MARKS + " \t\r\n\u00a0"
"""Ignore white space at the ends of a span too."""


def trimmed(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans without marks and white space at their ends.

    Two spans become one if only marks and white space are between them. The spans returned are sorted, do not overlap,
    and are not empty. `spans` must be inside the text.
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
    """Return the number of characters in spans that do not overlap."""
    return sum(end - start for start, end in spans)


def shared(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Return the number of characters that are in both sequences. In each, spans are sorted and do not overlap."""
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
    """Return the intersection of two sequences of spans over their union, in characters."""
    common = shared(one, other)
    return common / (length(one) + length(other) - common) if common else 0.0
