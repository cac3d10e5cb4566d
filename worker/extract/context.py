"""The context of each quotation: the sentences around it, from the sentence before it to the sentence after it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.quotation import Quotation, Span


def in_context(sentences: Sequence[Span], quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations, each with its context. `sentences` are spans of the text in order, without overlap.

    The context begins where the sentence before the one in which the quotation begins begins, and ends where the
    sentence after the one in which it ends ends. The quotation is always inside its context.
    """
    starts, ends = [start for start, _ in sentences], [end for _, end in sentences]
    return [replace(quotation, context=_context(starts, ends, quotation)) for quotation in quotations]


def _context(starts: Sequence[int], ends: Sequence[int], quotation: Quotation) -> Span:
    first = max(0, bisect_right(starts, quotation.start) - 2)
    last = min(bisect_left(ends, quotation.end) + 1, len(ends) - 1)
    if not starts:
        return quotation.start, quotation.end
    return min(starts[first], quotation.start), max(ends[last], quotation.end)
