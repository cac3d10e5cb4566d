"""Differences as lines of text for people: the gold quotation above the stored quotation, with the words around them.

The command escapes these lines for a terminal.
"""

import re
from collections.abc import Iterator, Sequence

from worker.evaluation.comparison import Gold, Stored
from worker.evaluation.differences import Difference, What
from worker.evaluation.spans import Span

AROUND = 40
"""Keep this many characters of context on each side."""
CONTENT = 110
"""At most this many characters of one part of a content are shown."""
BETWEEN = 50
"""At most this many characters of the text between two parts are shown."""
BREAK = re.compile(r"\s*\n\s*")


def readable(text: str, difference: Difference) -> list[str]:
    """Return one difference as a few lines. Line breaks of the text become ¶, contents are put between ⟦ and ⟧."""
    gold, stored = difference.gold, difference.stored
    lines = [f"{difference.what} · {difference.kind} · at {difference.start}"]
    if gold:
        lines.append(f"  gold    {excerpt(text, gold.content)}")
        lines.append(f"          {attributed(text, gold)}")
    if stored:
        same_content = gold is not None and difference.what is What.SOURCE and gold.content == stored.content
        if same_content:
            lines.append(f"  stored  {attributed(text, stored)}")
        else:
            lines.append(f"  stored  {excerpt(text, stored.content)}")
            lines.append(f"          {attributed(text, stored)}")
    return lines


def excerpt(text: str, spans: Sequence[Span]) -> str:
    """Return the spans between ⟦ and ⟧ with the words around them. Long spans are shortened in the middle."""
    first, last = spans[0][0], spans[-1][1]
    before, after = text[max(0, first - AROUND) : first], text[last : last + AROUND]
    shown = ("…" if first > AROUND else "") + before
    for number, (start, end) in enumerate(spans):
        if number:
            shown += shortened(text[spans[number - 1][1] : start], BETWEEN)
        shown += f"⟦{shortened(text[start:end], CONTENT)}⟧"
    return BREAK.sub(" ¶ ", shown + after + ("…" if last + AROUND < len(text) else "")).strip()


def shortened(text: str, most: int) -> str:
    """Return the text. If it is longer than `most` characters, return its two ends with an ellipsis between them."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    return f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


def attributed(text: str, side: Gold | Stored) -> str:
    """Return those of source, cue, speaker and confidence that are known, in one line."""
    return ", ".join(attributes(text, side))


def attributes(text: str, side: Gold | Stored) -> Iterator[str]:
    """Iterate over source, cue, speaker and confidence of one side, each in a few words."""
    for name, spans in (("source", side.quote.source), ("cue", side.quote.cue)):
        words = " … ".join(shortened(text[start:end], CONTENT) for start, end in spans or ())
        yield f"{name} “{BREAK.sub(' ¶ ', words)}” at {spans[0][0]}" if spans else f"no {name}"
    if side.quote.speaker:
        yield f"speaker {side.quote.speaker}"
    if isinstance(side, Stored) and side.quote.confidence is not None:
        yield f"confidence {side.quote.confidence:.2f}"
