"""A passage as a row of items: words, punctuation, and each quoted region as one item.

The rules look for cues and sources in this row. So a word inside quotation marks is never mistaken for a word of the
sentence around the marks.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.marks.regions import Region
from worker.extract.quotation import Span

TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S.
    r"|[@#]\w+"
    r"|\d+(?:[.,:]\d+)*\w*"
    r"|\w+(?:['’\-]\w+)*"
    r"|\.\.+|--+|\S"
)
QUOTE = "“”"
"""The word of an item that is a quoted region; no other item has these two characters as its word."""


@dataclass(slots=True)
class Items:
    """Parallel lists with one entry for each item. `words` are lower case with straight apostrophes."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    capital: list[bool]
    regions: list[Region | None]

    def __len__(self) -> int:
        return len(self.words)

    def is_quote(self, number: int) -> bool:
        """True if the item is a quoted region."""
        return self.regions[number] is not None


def items(text: str, span: Span, outermost: Sequence[Region]) -> Items:
    """Return the items of `text[span]`. `outermost` holds its quoted regions, by start; no two of them overlap."""
    row = Items(text, [], [], [], [], [])
    position = span[0]
    for region in outermost:
        add_words(row, position, region.start)
        row.starts.append(region.start)
        row.ends.append(region.end)
        row.words.append(QUOTE)
        row.capital.append(False)
        row.regions.append(region)
        position = region.end
    add_words(row, position, span[1])
    return row


def add_words(row: Items, start: int, end: int) -> None:
    """Append the words and punctuation of `text[start:end]`."""
    count = len(row.words)
    for match in TOKEN.finditer(row.text, start, end):
        first, last = match.span()
        word = match.group()
        row.starts.append(first)
        row.ends.append(last)
        row.capital.append(word[0].isupper())
        row.words.append(word.lower().replace("’", "'"))
    row.regions.extend([None] * (len(row.words) - count))


def item_at(row: Items, offset: int) -> int:
    """Return the number of the last item that starts at or before `offset`; -1 if there is none."""
    return bisect_right(row.starts, offset) - 1
