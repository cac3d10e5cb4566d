"""The words of a text with their positions, and the words of a source that name it (all except stopwords)."""

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
    """The words of one text in lower case, numbered from 0."""

    def __init__(self, text: str) -> None:
        matches = list(WORD.finditer(text))
        self.starts = [match.start() for match in matches]
        self.ends = [match.end() for match in matches]
        self.words = [match[0].lower() for match in matches]

    def touching(self, spans: Iterable[Span]) -> set[int]:
        """Return the numbers of the words that overlap one of the spans."""
        return {
            number
            for start, end in spans
            for number in range(bisect_right(self.ends, start), bisect_left(self.starts, end))
        }

    def naming(self, spans: Iterable[Span]) -> set[int]:
        """Return the numbers of the words of a source without stopwords; of all words if all are stopwords."""
        touched = self.touching(spans)
        return {number for number in touched if self.words[number] not in STOPWORDS} or touched

    def spelled(self, numbers: Iterable[int]) -> set[str]:
        """Return the words with these numbers."""
        return {self.words[number] for number in numbers}
