"""A passage as a row of items: words, punctuation, and each quoted region as one item.

The rules look for cues and sources in this row. So a word inside quotation marks is never mistaken for a word of the
sentence around the marks.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from worker.extract.marks.regions import Region
from worker.extract.quotation import Span

TOKEN = re.compile(
    r"((?:[A-Za-z]\.){2,}"  # U.S.
    r"|[@#]\w+"
    r"|\d+(?:[.,:]\d+)*\w*"
    r"|\w+(?:['’\-]\w+)*"
    r"|\.\.+|--+|\S)"
)
QUOTE = "“”"
"""The word of an item that is a quoted region; no other item has these two characters as its word."""


@dataclass(slots=True)
class Items:
    """Parallel lists with one entry for each item. `words` are lower case with straight apostrophes.

    `quotes` are the numbers of the items that are quoted regions, in order.
    """

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    capital: list[bool]
    regions: list[Region | None]
    quotes: list[int]

    def __len__(self) -> int:
        return len(self.words)

    def is_quote(self, number: int) -> bool:
        """True if the item is a quoted region."""
        return self.regions[number] is not None

    def quotes_in(self, first: int, last: int) -> list[int]:
        """Return the numbers of the quoted regions among items `[first, last)`."""
        return self.quotes[bisect_left(self.quotes, first) : bisect_left(self.quotes, last)]


def items(text: str, span: Span, outermost: Sequence[Region]) -> Items:
    """Return the items of `text[span]`. `outermost` holds its quoted regions, by start; no two of them overlap."""
    row = Items(text, [], [], [], [], [], [])
    position = span[0]
    for region in outermost:
        add_words(row, position, region.start)
        row.quotes.append(len(row))
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
    pieces = TOKEN.split(row.text[start:end])  # what is between two words, a word, what is between, …
    found = pieces[1::2]
    if not found:
        return
    edges = list(accumulate(map(len, pieces), initial=start))
    row.starts += edges[1:-1:2]
    row.ends += edges[2::2]
    row.capital += [word[0].isupper() for word in found]
    row.words += "\n".join(found).lower().replace("’", "'").split("\n")
    row.regions += [None] * len(found)


def item_at(row: Items, offset: int) -> int:
    """Return the number of the last item that starts at or before `offset`; -1 if there is none."""
    return bisect_right(row.starts, offset) - 1
