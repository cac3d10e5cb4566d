"""The quotations that the rules find in a passage, each with the name of its rule."""

from collections.abc import Sequence

from worker.extract.marks.items import Items, items
from worker.extract.marks.regions import Region
from worker.extract.marks.sentences import Sentence, sentences
from worker.extract.quotation import Quotation, Span
from worker.extract.rules.announcing import announced
from worker.extract.rules.attributions import attributions
from worker.extract.rules.continuation import continued
from worker.extract.rules.inner import told
from worker.extract.rules.labelled import labelled
from worker.extract.rules.quotations import quotation
from worker.extract.rules.signatures import signatures
from worker.extract.rules.turns import labels, turns
from worker.extract.vocabulary import words

SHORTEST_INSIDE = 2
"""Words; what is shorter inside a quotation is mostly a name or a word held at arm's length."""
NOT_ANOTHER = words("i we it that this you if people one which")
Found = tuple[str, Quotation]
"""A rule's name and what it found."""


def passage(text: str, row: Items, lines: list[Sentence], blocks: Sequence[Span]) -> list[Found]:
    """The quotations of one passage, given as its row of items and its sentences."""
    framed = [attributions(row, line) for line in lines]
    continued(row, lines, framed)
    announced(row, lines, framed)
    turns(row, lines, framed, labels(text, blocks), blocks)
    ruled = [(frame.rule, frame) for frames in framed for frame in frames]
    made = [(rule, quotation(row, frame, rule)) for rule, frame in ruled if rule is not None]
    signed = signatures(text, blocks, [region for region in row.regions if region is not None])
    found = [(rule, each) for rule, each in made if each is not None]
    found += [("signature", each) for each in signed]
    return found + [("turn", each) for each in labelled(text, blocks)]


def within(text: str, outer: Region, inner: Sequence[Region]) -> list[Found]:
    """What is quoted inside a quotation: only what stands in marks of its own there and is another's words."""
    found: list[Found] = []
    number = 0
    for start, end in outer.segments:
        here = []
        while number < len(inner) and inner[number].start < end:
            if start <= inner[number].start and inner[number].end <= end:
                here.append(inner[number])
            number += 1
        if here:
            row = items(text, (start, end), here)
            frames = []
            for line in sentences(row, [(start, end)]):
                spoken = attributions(row, line)
                frames += spoken + told(row, line, spoken)
            made = (quotation(row, frame, "inside") for frame in frames)
            found += [("inside", each) for each in made if each is not None and another_speaks(each)]
    return found


def another_speaks(quotation: Quotation) -> bool:
    """Whether a quotation inside another is whole, long enough to be said, and somebody else's words.

    `I told him, 'No'` inside what I say is part of my own words; `it's like, 'Meh'` is nobody's.
    """
    source = quotation.source
    long = len(quotation.text.split()) >= SHORTEST_INSIDE
    return long and (source is None or source.text.split()[0].lower() not in NOT_ANOTHER)
