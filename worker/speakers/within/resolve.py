"""Names for the sources of one article's quotations: the room's one entry, `resolve`."""

import re
from collections.abc import Sequence

from worker.extract.quotation import Kind, Quotation, Span
from worker.speakers.within import gender
from worker.speakers.within.attribution import Naming
from worker.speakers.within.capitals import headlines, runs
from worker.speakers.within.focus import Focus
from worker.speakers.within.people import People
from worker.speakers.within.recognition import find
from worker.speakers.within.resolution import Resolution

MARKED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?|''[^\n]*?(?:''|$)|«[^»\n]*»?|„[^“”\n]*[“”]?")


def resolve(
    text: str, quotations: Sequence[Quotation], *, title: str | None = None, body: Span | None = None
) -> Resolution:
    """Who said each of the quotations that `extract` found in `text`.

    `attributions[i]` belongs to `quotations[i]`. `title` helps where it has a full name that the text lacks; `body` is
    the stretch to look for names in, all of `text` where it is None. What is not known stays unknown: a person without
    an entity. Never raises.
    """
    start, end = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    quoted = marked(text, quotations)
    sources = [(each.source.start, each.source.end) for each in quotations if each.source]
    people = find(
        text,
        runs(text, start, end),
        headlines=headlines(text, start, end),
        quoted=quoted,
        sources=sources,
        title=title or "",
    )
    gender.learn(text, people, quoted, start, end)
    mark_speakers(people, quotations)
    focus = Focus(
        text,
        people,
        quoted=quoted,
        said=merge([part for each in quotations for part in each.parts]),
        taken=frozenset(place for place, _ in sources),
        end=end,
    )
    naming = Naming(text, people, focus)
    attributions = naming.attribute(quotations)
    return Resolution(tuple(naming.entities()), attributions)


def marked(text: str, quotations: Sequence[Quotation]) -> list[Span]:
    """What stands between quotation marks: direct quotations, and the marked words in the others."""
    spans: list[Span] = []
    for each in quotations:
        for start, end in each.parts:
            if each.kind is Kind.DIRECT:
                spans.append((start, end))
            else:
                spans += [match.span() for match in MARKED.finditer(text, start, end)]
    return merge(spans)


def mark_speakers(people: People, quotations: Sequence[Quotation]) -> None:
    """Note who is named as a source: more likely a person, and one who is spoken of, than other capital letters."""
    ends = sorted((each.source.start, each.source.end) for each in quotations if each.source)
    number = 0
    for mention in people.mentions:
        while number < len(ends) and ends[number][1] < mention.end:
            number += 1
        if number < len(ends) and ends[number][0] <= mention.start:
            mention.person.speaks = True


def merge(spans: list[Span]) -> list[Span]:
    """Sorted spans without overlaps."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
