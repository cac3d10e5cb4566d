"""The edges of sources: the network's span of a source may go on over the end of a sentence, or end with a loose word.

`“A,” said Mr Ross. Ian Fogg agreed that …` has two sources, and both got the words "Mr Ross. Ian Fogg". `Boeing on
Tuesday said …`, `wrote Ana Ferro on X`: here "on" and "on X" are no part of the source.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.building import with_parts
from worker.extract.quotation import Mention, Quotation, Span

LOOSE_END = re.compile(r"[\s,]+(?:on|in|at|of|to|for|and|or|by|with|that|which|who|whose|however|meanwhile)\Z")
"""A word that needs another word behind it, or links sentences. A name in capitals (WHO) is none."""
SITE_END = re.compile(r"\s+on\s+[A-Z]\w*\.?\Z")
LONGEST_END = 40
"""At most so many characters at the end of a source are looked at, so that the time is linear."""
DAY_END = re.compile(
    r"(?<!ed)(?<!\bon)(?<!\blast)(?<!\bthis)(?<!\bout)\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\Z",
)
"""A day right before the cue, `Boeing Tuesday said`; but `a poll released Tuesday`."""


def with_edges(text: str, sentences: Sequence[Span], quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations, each with a source that is in one sentence and ends with a word of its own.

    `sentences` are spans of the text in order, without overlap.
    """
    ends = [end for _, end in sentences]
    return [_edged(text, sentences, ends, quotation) for quotation in quotations]


def _edged(text: str, sentences: Sequence[Span], ends: Sequence[int], quotation: Quotation) -> Quotation:
    source, cue = quotation.source, quotation.cue
    if source is None:
        return quotation
    start, end = _in_one_sentence(text, sentences, ends, source, cue)
    head, tail = text[start : max(start, end - LONGEST_END)], text[max(start, end - LONGEST_END) : end]
    if cue is not None and not text[end : cue.start].strip():
        tail = DAY_END.sub("", tail)
    words = head + LOOSE_END.sub("", SITE_END.sub("", tail))
    if not words or words == source.text:
        return quotation
    edged = replace(quotation, source=Mention(words, start, start + len(words)))
    return with_parts(text, edged, quotation.parts)


def _in_one_sentence(
    text: str, sentences: Sequence[Span], ends: Sequence[int], source: Mention, cue: Mention | None
) -> Span:
    """Return the span of a source without the words of another sentence.

    A full stop may belong to a name (`Alex. Brown & Sons`). So behind a cue a source is cut only if more words follow
    it in the last sentence, and before a cue only if the source begins inside a sentence.
    """
    start, end = source.start, source.end
    number = bisect_left(ends, end) - 1
    if cue is None or number < 0 or not start < ends[number] < end:
        return start, end
    border = ends[number]
    if cue.end <= start:
        last = ends[number + 1] if number + 1 < len(ends) else end
        follows = any(sign.isalnum() for sign in text[end:last])
        return (start, start + len(text[start:border].rstrip(" .,;"))) if follows else (start, end)
    first = sentences[bisect_right(ends, start)][0]
    if cue.start >= end and first < start:
        return border + len(text[border:end]) - len(text[border:end].lstrip()), end
    return start, end
