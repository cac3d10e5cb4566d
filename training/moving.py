"""Move the parts of a labelled article about. Labels go with the part in which they lie.

An article is cut into parts: stretches that are kept, and stretches that are written anew. The parts may change their
order. If a label does not lie in parts that stay side by side, the change is not made. So the reported words stay what
they were, but for the stretches that were written anew.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from worker.extract.quotation import Span

Record = dict[str, Any]
LABELS = ("content", "source", "cue")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch `[start, end)` of the old text. `text` stands in its place; None keeps it as it is."""

    start: int
    end: int
    text: str | None = None


class Unmovable(Exception):
    """A label does not lie in parts that stay side by side."""


def rewritten(record: Record, edits: list[Part]) -> Record:
    """Return the record with the edits, which do not overlap; all else stays where it is. See `assembled`."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda part: (part.start, part.end)):
        parts += [Part(at, edit.start), edit]
        at = edit.end
    return assembled(record, [*parts, Part(at, len(record["text"]))])


def assembled(record: Record, parts: list[Part]) -> Record:
    """Return the record made of these parts, in this order, with its labels.

    Raises:
        Unmovable: a label would be torn.
    """
    text = record["text"]
    places, at = [], 0
    for part in parts:
        written = text[part.start : part.end] if part.text is None else part.text
        places.append((part, at, at + len(written)))
        at += len(written)
    by_start = sorted((place for place in places if place[0].start < place[0].end), key=lambda place: place[0].start)
    starts = [place[0].start for place in by_start]

    def moved(start: int, end: int) -> Span:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        held = by_start[first : last + 1]
        if not held or held[0][0].end <= start or held[-1][0].end < end:
            raise Unmovable  # a part that holds it was left out
        for one, other in pairwise(held):
            if one[0].end != other[0].start or other[1] < one[2]:
                raise Unmovable
        new = (inside(held[0], start), inside(held[-1], end))
        if new[0] >= new[1] or new[1] - new[0] > sum(place[2] - place[1] for place in held) + GAP:
            raise Unmovable
        return new

    quotes = record["quotes"]
    quotes = [one | {name: [list(moved(*span)) for span in one[name]] for name in LABELS} for one in quotes]
    entities = []
    for start, end, kind in record.get("entities", []):
        try:
            entities.append((*moved(start, end), kind))
        except Unmovable:
            continue
    return record | {
        "text": "".join(text[part.start : part.end] if part.text is None else part.text for part in parts),
        "quotes": quotes,
        "entities": entities,
    }


GAP = 4
"""So many code points may come between the parts of a label: a break of a paragraph."""


def inside(place: tuple[Part, int, int], offset: int) -> int:
    """Return the new place of an offset in a part."""
    part, start, end = place
    if part.text is None or offset == part.start:
        return start + offset - part.start
    if offset == part.end:
        return end
    if end - start == part.end - part.start:
        return start + offset - part.start
    raise Unmovable


def torn(record: Record, start: int, end: int) -> bool:
    """Return whether a label begins or ends inside this stretch."""
    spans = [span for quote in record["quotes"] for name in LABELS for span in quote[name]]
    return any(start < edge < end for span in spans for edge in span)
