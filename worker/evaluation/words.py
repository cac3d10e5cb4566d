"""The words of a text by their place, and which of them name a source."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from worker.evaluation.spans import Span

WORD = re.compile(r"\w+")
UNTELLING = (
    "a an the of and or in on at to for from by with as that this these those his her its their our my your "
    "who which is are was were be been s mr mrs ms dr"
)
STOPWORDS = frozenset(UNTELLING.split())


class Words:
    """The words of one text, lower-cased, by number."""

    def __init__(self, text: str) -> None:
        found = list(WORD.finditer(text))
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.words = [match[0].lower() for match in found]

    def touching(self, spans: Iterable[Span]) -> set[int]:
        """The numbers of the words that share a character with one of the spans."""
        return {
            number
            for start, end in spans
            for number in range(bisect_right(self.ends, start), bisect_left(self.starts, end))
        }

    def naming(self, spans: Iterable[Span]) -> set[int]:
        """The numbers of the words that tell a source from others: all but stopwords, or those if nothing else."""
        touched = self.touching(spans)
        return {number for number in touched if self.words[number] not in STOPWORDS} or touched

    def spelled(self, numbers: Iterable[int]) -> set[str]:
        """The words with these numbers."""
        return {self.words[number] for number in numbers}
