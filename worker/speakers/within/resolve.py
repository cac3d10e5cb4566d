"""The speakers of one article's quotations: `resolve` is the only function that other rooms call."""

import re
from collections.abc import Sequence

from worker.extract.marks.asides import without_asides
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.seen import Seen, hides, seen_text
from worker.speakers.within.attribution import SourceResolver
from worker.speakers.within.capitals import capital_runs, drop_first_words, headlines, lower_case_words
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import count_pronouns
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.people import People
from worker.speakers.within.recognition import find_people, starts_in
from worker.speakers.within.resolution import Resolution

QUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?|''[^\n]*?(?:''|$)|«[^»\n]*»?|„[^“”\n]*[“”]?")
"""Words between quotation marks. If the closing mark is missing, they go to the end of the line."""


def resolve(
    text: str, quotations: Sequence[Quotation], *, title: str | None = None, body: Span | None = None
) -> Resolution:
    """Return the speakers of the quotations that `extract` found in `text`.

    `attributions[i]` belongs to `quotations[i]`. `title` is the article's title, which can have a full name that the
    text lacks. `body` is the span to look for names in, by default all of `text`. A person whose name is not known has
    an attribution without entities. Never raises.
    """
    start, end = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    if hides(text):
        seen = Seen(text)
        text, quotations, (start, end) = seen.text, seen.seen(quotations), seen.span((start, end))
    text = without_asides(text, paragraphs(text, start, end))
    quoted = quoted_spans(text, quotations)
    sources = [(quotation.source.start, quotation.source.end) for quotation in quotations if quotation.source]
    runs, lower_case = capital_runs(text, start, end), lower_case_words(text)
    in_headlines = starts_in(runs, headlines(text, start, end))
    runs = drop_first_words(text, runs, in_headlines, lower_case)
    kinds = NameKinds(text, [run for run in runs if run.start not in in_headlines], lower_case)
    people = find_people(
        text,
        runs,
        in_headlines=in_headlines,
        lower_case=lower_case,
        quoted=quoted,
        kinds=kinds,
        sources=sources,
        title=seen_text(title or ""),
    )
    count_pronouns(text, people, quoted, start, end)
    mark_speakers(people, sources)
    focus = Focus(
        text,
        people,
        quoted=quoted,
        reported=merge([part for quotation in quotations for part in quotation.parts]),
        source_starts=frozenset(place for place, _ in sources),
        end=end,
    )
    resolver = SourceResolver(text, people, focus, kinds, runs)
    attributions = resolver.attribute(quotations)
    return Resolution(tuple(resolver.entities.all()), attributions)


def quoted_spans(text: str, quotations: Sequence[Quotation]) -> list[Span]:
    """Return the spans between quotation marks: direct quotations whole, and the words in marks inside the others."""
    spans: list[Span] = []
    for quotation in quotations:
        for start, end in quotation.parts:
            if quotation.kind is Kind.DIRECT:
                spans.append((start, end))
            else:
                spans += [match.span() for match in QUOTED.finditer(text, start, end)]
    return merge(spans)


def mark_speakers(people: People, sources: Sequence[Span]) -> None:
    """Mark each person who is named in a source.

    A capitalised word is likelier to be a person there than elsewhere.
    """
    spans = sorted(sources)
    number = 0
    for mention in people.mentions:
        while number < len(spans) and spans[number][1] < mention.end:
            number += 1
        if number < len(spans) and spans[number][0] <= mention.start:
            mention.person.speaks = True


def merge(spans: list[Span]) -> list[Span]:
    """Return the spans sorted; spans that overlap or touch become one span."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
