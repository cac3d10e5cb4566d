"""The differences between two lists of words, found in time that grows with their length. The functions are pure.

`difflib` finds the longest common run of words first. Its time grows with the cube of the length where words are
repeated: two quotations of 12,000 characters took 34 s. So it is used only where its work is small, as it is for all
usual quotations. Longer ones are first cut at trigrams that occur once in each (the method of the `patience` diff), and
what lies between two such cuts, if it is still too much work, counts as one edit.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

Words = tuple[str, ...]

WORK_PER_WORD = 200
"""At most this many steps of difflib for each word; one step takes about 50 ns.

A step compares two places with equal words, and each edit may cost one pass over all of them.
"""
ANCHOR = 3
"""The number of words by which two quotations are aligned."""


class Edit(NamedTuple):
    """Words `[start, end)` of one quotation that stand in place of words `[other_start, other_end)` of another.

    An edit that is not `exact` may also hold words that both quotations have.
    """

    start: int
    end: int
    other_start: int
    other_end: int
    exact: bool

    @property
    def leaves_out(self) -> bool:
        """True if one quotation has nothing in this place."""
        return self.start == self.end or self.other_start == self.other_end


def edits(first: Words, second: Words) -> Iterator[Edit]:
    """Yield the edits that lead from `first` to `second`, in order."""
    if is_little_work(first, second):
        yield from exact_edits(first, second, 0, 0)
        return
    place = other_place = 0
    for anchor, other_anchor in [*anchors(first, second), (len(first), len(second))]:
        yield from gap_edits(first[place:anchor], second[other_place:other_anchor], place, other_place)
        place, other_place = anchor, other_anchor


def is_little_work(first: Words, second: Words) -> bool:
    """True if difflib needs at most `WORK_PER_WORD` steps a word, whatever the order of the words is."""
    counts, other_counts = Counter(first), Counter(second)
    equal_places = sum(count * other_counts[word] for word, count in counts.items())
    most_edits = 1 + sum(((counts - other_counts) + (other_counts - counts)).values())
    return equal_places * most_edits <= WORK_PER_WORD * (len(first) + len(second))


def exact_edits(first: Words, second: Words, place: int, other_place: int) -> Iterator[Edit]:
    """Yield the edits that difflib finds; the two lists begin at `place` and `other_place` of their quotations."""
    for kind, start, end, other_start, other_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Edit(place + start, place + end, other_place + other_start, other_place + other_end, True)


def gap_edits(first: Words, second: Words, place: int, other_place: int) -> Iterator[Edit]:
    """Yield the edits between two anchors; a gap that is too much work becomes one edit without its equal ends."""
    if first == second:
        return
    if is_little_work(first, second):
        yield from exact_edits(first, second, place, other_place)
        return
    same = shared_beginning(first, second)
    first, second, place, other_place = first[same:], second[same:], place + same, other_place + same
    same = shared_beginning(first[::-1], second[::-1])
    yield Edit(place, place + len(first) - same, other_place, other_place + len(second) - same, False)


def shared_beginning(first: Words, second: Words) -> int:
    """Return how many words at the beginning are the same in both."""
    return next(
        (number for number, (word, other) in enumerate(zip(first, second, strict=False)) if word != other),
        min(len(first), len(second)),
    )


def anchors(first: Words, second: Words) -> list[tuple[int, int]]:
    """Return the places in `first` and `second` of the trigrams that each has once, as far as their order agrees."""
    places, other_places = once(first), once(second)
    common = [(place, other_places[trigram]) for trigram, place in places.items() if trigram in other_places]
    return longest_rising(common)


def once(words: Words) -> dict[Words, int]:
    """Return the place of each trigram that occurs only once, in order."""
    trigrams = [words[place : place + ANCHOR] for place in range(len(words) - ANCHOR + 1)]
    counts = Counter(trigrams)
    return {trigram: place for place, trigram in enumerate(trigrams) if counts[trigram] == 1}


def longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest choice of pairs, which are sorted by their first number, whose second numbers rise."""
    ends: list[int] = []  # for each length, the lowest second number with which a choice of that length can end
    chosen: list[int] = []  # the index of the pair that ends it
    before: list[int] = []  # for each pair, the index of the pair before it
    for number, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        before.append(chosen[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        chosen[length : length + 1] = [number]
    rising: list[tuple[int, int]] = []
    number = chosen[-1] if chosen else -1
    while number >= 0:
        rising.append(pairs[number])
        number = before[number]
    return rising[::-1]
