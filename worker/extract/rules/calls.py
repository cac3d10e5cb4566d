"""Turns of a transcript whose labels stand on lines of their own, as in transcripts of calls with investors.

`Priya Nandakumar -- Oakline Research -- Analyst`, and her words in the paragraphs below. Their kind is indirect. The
operator of the call only ends the turn before.
"""

import re
from collections import Counter
from collections.abc import Sequence

from worker.extract.building import build
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.confidence import confidence
from worker.extract.rules.turns import FEWEST, LONGEST_TURN, is_aside, is_spoken

LABEL = re.compile(
    r"(?P<name>[A-Z][\w.'’\-]*(?: [A-Z][\w.'’\-]*){1,4}) (?P<sign>--|—|–) [A-Z][^\n.:?!“”\"]{2,100}|Operator"
)


def called_turns(text: str, paragraphs: Sequence[Span]) -> list[Quotation]:
    """Return the turns whose labels are lines of their own.

    Return no turns if fewer than `FEWEST` lines are labels, or if none comes twice.
    """
    labels = {
        number: match
        for number, (start, end) in enumerate(paragraphs)
        if (match := LABEL.fullmatch(text, start, start + len(text[start:end].rstrip())))
    }
    names = Counter(match["name"] for match in labels.values() if match["name"])
    if len(labels) < FEWEST or max(names.values(), default=0) < 2:
        return []
    built = (
        turn(text, match, said(text, paragraphs, labels, number)) for number, match in labels.items() if match["name"]
    )
    return [quotation for quotation in built if quotation is not None]


def said(text: str, paragraphs: Sequence[Span], labels: dict[int, re.Match[str]], label: int) -> list[Span]:
    """Return the paragraphs of the turn below a label.

    They go on to the next label. Behind the last one the text is the writer's, unless it reads like speech.
    """
    is_last = label == max(labels)
    found: list[Span] = []
    for number in range(label + 1, min(len(paragraphs), label + 1 + LONGEST_TURN)):
        paragraph = text[slice(*paragraphs[number])]
        if number in labels or (is_last and found and not is_spoken(paragraph)):
            break
        if not is_aside(paragraph):
            start, end = paragraphs[number]
            found.append((start, start + len(text[start:end].rstrip())))
    return found


def turn(text: str, label: re.Match[str], spans: list[Span]) -> Quotation | None:
    """Return the words of one turn; None if there are none."""
    source = Mention(label["name"], label.start("name"), label.end("name"))
    cue = Mention(label["sign"], label.start("sign"), label.end("sign"))
    return build(text, spans, Kind.INDIRECT, source, cue, confidence("turn", Kind.INDIRECT)) if spans else None
