"""Differences in readable form: the words around, gold above stored. Escaping for a terminal is the command's."""

import re
from collections.abc import Iterator, Sequence

from worker.evaluation.comparison import Gold, Stored
from worker.evaluation.differences import Difference, What
from worker.evaluation.spans import Span

AROUND = 40  # characters of context on each side
CONTENT = 110  # most characters of one part of a content
BETWEEN = 50  # most characters between two parts
BREAK = re.compile(r"\s*\n\s*")


def readable(text: str, difference: Difference) -> list[str]:
    """One difference on a few lines; line breaks of the text are shown as ¶, contents stand in ⟦ ⟧."""
    gold, stored = difference.gold, difference.stored
    lines = [f"{difference.what} · {difference.kind} · at {difference.start}"]
    if gold:
        lines.append(f"  gold    {excerpt(text, gold.content)}")
        lines.append(f"          {attributed(text, gold)}")
    if stored:
        alike = gold is not None and difference.what is What.SOURCE and gold.content == stored.content
        if alike:
            lines.append(f"  stored  {attributed(text, stored)}")
        else:
            lines.append(f"  stored  {excerpt(text, stored.content)}")
            lines.append(f"          {attributed(text, stored)}")
    return lines


def excerpt(text: str, spans: Sequence[Span]) -> str:
    """The spans in ⟦ ⟧ with the words around them; what is long is shortened in its middle."""
    first, last = spans[0][0], spans[-1][1]
    before, after = text[max(0, first - AROUND) : first], text[last : last + AROUND]
    told = ("…" if first > AROUND else "") + before
    for number, (start, end) in enumerate(spans):
        if number:
            told += shortened(text[spans[number - 1][1] : start], BETWEEN)
        told += f"⟦{shortened(text[start:end], CONTENT)}⟧"
    return BREAK.sub(" ¶ ", told + after + ("…" if last + AROUND < len(text) else "")).strip()


def shortened(text: str, most: int) -> str:
    """The text, or its two ends with an ellipsis between."""
    if len(text) <= most:
        return text
    half = (most - 3) // 2
    return f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


def attributed(text: str, side: Gold | Stored) -> str:
    """Source, cue, and who that is."""
    return ", ".join(told(text, side))


def told(text: str, side: Gold | Stored) -> Iterator[str]:
    """What is known of one side's attribution."""
    for name, spans in (("source", side.quote.source), ("cue", side.quote.cue)):
        words = " … ".join(shortened(text[start:end], CONTENT) for start, end in spans or ())
        yield f"{name} “{BREAK.sub(' ¶ ', words)}” at {spans[0][0]}" if spans else f"no {name}"
    if side.quote.speaker:
        yield f"speaker {side.quote.speaker}"
    if isinstance(side, Stored) and side.quote.confidence is not None:
        yield f"confidence {side.quote.confidence:.2f}"
