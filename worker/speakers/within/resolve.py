"""Names for the sources of one article's quotations: the room's one entry, `resolve`."""

from collections.abc import Sequence

from worker.extract.quotation import Kind, Quotation, Span
from worker.speakers.within.capitals import headlines, runs
from worker.speakers.within.people import People, find, unsure
from worker.speakers.within.pronouns import Antecedents, learn_genders
from worker.speakers.within.resolution import Resolution
from worker.speakers.within.roles import collect
from worker.speakers.within.sources import Naming


def resolve(
    text: str, quotations: Sequence[Quotation], *, title: str | None = None, body: Span | None = None
) -> Resolution:
    """Who said each of the quotations that `extract` found in `text`.

    `attributions[i]` belongs to `quotations[i]`. `title` helps where it has a full name that the text lacks; `body` is
    the stretch to look for names in, all of `text` where it is None. What is not known stays unknown: a person without
    an entity. Never raises.
    """
    start, end = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    found = runs(text, start, end)
    spans = sorted(part for each in quotations if each.kind is Kind.DIRECT for part in each.parts)
    people = find(text, found, unsure(found, headlines(text, start, end) + spans))
    collect(text, people)
    learn_genders(text, people, start, end)
    mark_speakers(people, quotations)
    naming = Naming(text, people, Antecedents(text, people, spans), title)
    attributions = naming.attribute(quotations)
    return Resolution(tuple(naming.entities()), attributions)


def mark_speakers(people: People, quotations: Sequence[Quotation]) -> None:
    """Note who is named as a source: more likely a person, and one who is spoken of, than other capital letters."""
    ends = sorted((each.source.start, each.source.end) for each in quotations if each.source)
    number = 0
    for mention in people.mentions:
        while number < len(ends) and ends[number][1] < mention.end:
            number += 1
        if number < len(ends) and ends[number][0] <= mention.start:
            mention.person.speaks = True
