"""Invented sentences with their sources in brackets: `“Here we are,” [she] said.`"""

import re
from itertools import zip_longest

from worker.extract.quotation import Kind, Mention, Quotation
from worker.speakers.within import Resolution, SpeakerAttribution, resolve

SOURCE = re.compile(r"\[([^\]]+)\]")
QUOTED = re.compile(r"“([^”]*)”")


def read(marked: str) -> tuple[str, list[Quotation]]:
    """Return the text without its brackets, and one quotation for each bracket.

    The n-th bracket is the source of the n-th words between quotation marks. If there are more brackets than such
    words, each of the last brackets is the source of an indirect quotation: the words from the bracket to the next full
    stop.
    """
    text, sources, position = "", [], 0
    for match in SOURCE.finditer(marked):
        text += marked[position : match.start()]
        sources.append(Mention(match.group(1), len(text), len(text) + len(match.group(1))))
        text += match.group(1)
        position = match.end()
    text += marked[position:]
    quotations = []
    for source, quoted in zip_longest(sources, QUOTED.finditer(text)):
        if source is None:
            break
        part = quoted.span(1) if quoted else (source.end + 1, text.index(".", source.end))
        kind = Kind.DIRECT if quoted else Kind.INDIRECT
        quotations.append(Quotation(kind, text[part[0] : part[1]], (part,), source, None, 1.0))
    return text, quotations


def resolved(marked: str, title: str | None = None) -> Resolution:
    """Return the resolution of a marked text."""
    text, quotations = read(marked)
    return resolve(text, quotations, title=title)


def attributions(marked: str) -> tuple[SpeakerAttribution, ...]:
    """Return one attribution for each marked source."""
    return resolved(marked).attributions


def speakers(marked: str, title: str | None = None) -> list[str | None]:
    """Return the speaker's name for each marked source; several names are joined by " & "."""
    resolution = resolved(marked, title)
    return [
        " & ".join(resolution.entities[number].name for number in attribution.entities) or None
        for attribution in resolution.attributions
    ]
