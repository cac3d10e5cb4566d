"""What stands around a source: the people named in its quotation, and the source in whose words it stands itself."""

from bisect import bisect_left
from collections.abc import Sequence

from worker.extract.quotation import Kind, Mention, Quotation
from worker.speakers.within.people import People

MOST_NAMES_INSIDE = 50
"""At most this many mentions inside one part of a quotation are looked at."""


class Surroundings:
    """Looks at the quotations of one article around their sources."""

    def __init__(self, people: People) -> None:
        self._mentions = people.mentions
        self._starts = [mention.start for mention in people.mentions]

    def people_inside(self, quotations: list[Quotation]) -> frozenset[int]:
        """Return the ids of the people named in the parts of some quotations."""
        ids: set[int] = set()
        for start, end in (part for quotation in quotations for part in quotation.parts):
            first = bisect_left(self._starts, start)
            for mention in self._mentions[first : first + MOST_NAMES_INSIDE]:
                if mention.start >= end:
                    break
                ids.add(id(mention.person))
        return frozenset(ids)

    def source_around(
        self, source: Mention, its_quotations: list[Quotation], quotations: Sequence[Quotation]
    ) -> Mention | None:
        """Return the source in whose words another source stands; there, "he" and "she" are others. Else None.

        Only quotations with marks count. The outer source may stand behind these words.
        """
        for quotation in its_quotations:
            outer = quotations[quotation.inside] if quotation.inside is not None else None
            if outer is None or outer.source is None or outer.kind is Kind.INDIRECT:
                continue
            if any(start <= source.start < end for start, end in outer.parts):
                return outer.source
        return None
