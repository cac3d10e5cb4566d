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

LOOSE_END = re.compile(r"[\s,]+(?:and|or|that|which|who|whose|however|meanwhile)\Z")
"""A word that links sentences or begins a clause. A name in capitals (WHO) is none."""
PREPOSITION_END = re.compile(r"[\s,]+(?:on|in|at|of|to|for|by|with)\Z")
"""A word that needs another word behind it, but at the end of a clause: `the man she lives with said`."""
SITE_END = re.compile(r"(?:\A|.*\s)(?P<name>[A-Z][\w.'’-]*)\s+on\s+[A-Z]\w*\.?\Z", re.DOTALL)
"""A site behind a name, `Ana Ferro on X`; but `an expert on China`."""
WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
ADJUNCT_END = re.compile(rf"(?<!ed)\s+on\s+(?:X|{WEEKDAY})\Z")
"""`the mayor on X`, `a spokesman on Tuesday`; but `a poll released on Tuesday`."""
OF_A_BODY = re.compile(r"\b(?:the|of|for)\b", re.IGNORECASE)
"""Words that show that a body is named, whose name goes on: `the Senate Committee on Finance`."""
LONGEST_END = 40
"""At most so many characters at the end of a source are looked at, so that the time is linear."""
DAY_END = re.compile(
    r"(?<!ed)(?<!\bon)(?<!\blast)(?<!\bthis)(?<!\bout)(?<!\bM[rsx])(?<!\bMrs)(?<!\bDr)(?<!\bSir)"
    rf"\s+{WEEKDAY}\Z",
)
"""A day right before the cue, or at the end behind it: `Boeing Tuesday said`; but `a poll released Tuesday`.

`Ms Friday` is a name.
"""


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
    is_before_cue = False
    if cue is not None and not text[end : cue.start].strip():
        tail, is_before_cue = DAY_END.sub("", tail), end <= cue.start
    words = head + _trimmed(tail, is_before_cue)
    if not words or words == source.text:
        return quotation
    edged = replace(quotation, source=Mention(words, start, start + len(words)))
    return with_parts(text, edged, quotation.parts)


def _trimmed(tail: str, is_before_cue: bool) -> str:
    """Return the end of a source without a loose word, a day or a site.

    A source that stands right before its cue may end with the preposition of a clause: `the man she lives with said`.
    """
    tail = ADJUNCT_END.sub("", tail)
    tail = tail if is_before_cue else PREPOSITION_END.sub("", tail)
    site = SITE_END.match(tail)
    if site is not None and not OF_A_BODY.search(tail):
        tail = tail[: site.end("name")]
    return LOOSE_END.sub("", tail)


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
