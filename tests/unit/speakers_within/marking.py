"""Invented sentences with their sources marked: `“Here we are,” [she] said.`"""

import re
from itertools import zip_longest

from worker.extract.quotation import Kind, Mention, Quotation
from worker.speakers.within import Resolution, SpeakerAttribution, resolve

SOURCE = re.compile(r"\[([^\]]+)\]")
QUOTED = re.compile(r"“([^”]*)”")


def read(marked: str) -> tuple[str, list[Quotation]]:
    """The text without brackets, and a quotation for each bracket; the n-th has the n-th stretch between marks.

    A source without one says what stands between it and the next full stop.
    """
    text, sources, position = "", [], 0
    for match in SOURCE.finditer(marked):
        text += marked[position : match.start()]
        sources.append(Mention(match.group(1), len(text), len(text) + len(match.group(1))))
        text += match.group(1)
        position = match.end()
    text += marked[position:]
    made = []
    for source, quoted in zip_longest(sources, QUOTED.finditer(text)):
        if source is None:
            break
        part = quoted.span(1) if quoted else (source.end + 1, text.index(".", source.end))
        kind = Kind.DIRECT if quoted else Kind.INDIRECT
        made.append(Quotation(kind, text[part[0] : part[1]], (part,), source, None, 1.0))
    return text, made


def resolved(marked: str, title: str | None = None) -> Resolution:
    """The resolution of a marked text."""
    text, quotations = read(marked)
    return resolve(text, quotations, title=title)


def attributions(marked: str) -> tuple[SpeakerAttribution, ...]:
    """One attribution a marked source."""
    return resolved(marked).attributions


def speakers(marked: str, title: str | None = None) -> list[str | None]:
    """The name of each marked source's speaker; joint ones joined by " & "."""
    resolution = resolved(marked, title)
    return [
        " & ".join(resolution.entities[number].name for number in attribution.entities) or None
        for attribution in resolution.attributions
    ]
