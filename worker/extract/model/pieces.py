"""A passage as word pieces: what the network reads, with the place of each piece in the text.

The encoder knows no capitals and few of the marks that newspapers use. So every quotation mark is shown to it as a
straight one, and each piece carries a second number, its kind: where it stands to quotation marks and what its word
looks like. Offsets are never touched: every replacement is as long as what it replaces.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from worker.extract.marks.regions import Region
from worker.extract.quotation import Span

STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂〝〞", '"'),
        **dict.fromkeys("‘’‚‛‹›＇`´", "'"),
        **dict.fromkeys("–—―", "-"),
        **dict.fromkeys("\u00a0\u2007\u202f\t\r\n", " "),
    }
)
DOUBLED = re.compile(r"''|``")
"""Two single marks that stand for a double one; shown as one, with a space to keep the length."""
SURROGATE = re.compile("[\ud800-\udfff]")
WORD = re.compile(r"\w+")
OUTSIDE, INSIDE, ON_MARK = 0, 1, 2
SIGN, LOWER, CAPITALISED, CAPITALS, MIXED, NUMBER = range(6)
SHAPES = 6
KINDS = 3 * SHAPES
EDGE = 8
"""Pieces at each end of a marked quotation that are read where the rest of it is not."""
BLOCK = 20_000
"""Code points given to the tokenizer at once, so that its memory does not grow with the text."""

Numbers = NDArray[np.int32]


@dataclass(slots=True)
class Pieces:
    """Parallel arrays, one entry a word piece, in the order of the text."""

    ids: Numbers
    kinds: Numbers
    starts: Numbers
    ends: Numbers
    sentences: Numbers
    paragraphs: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def chosen(self, which: slice | NDArray[np.bool_]) -> "Pieces":
        """Some of the pieces, their numbers of sentences and paragraphs kept."""
        columns = (self.ids, self.kinds, self.starts, self.ends, self.sentences, self.paragraphs)
        return Pieces(*(column[which] for column in columns))


@cache
def tokenizer() -> Tokenizer:
    """The word pieces of the encoder; lower case, accents left out."""
    made = Tokenizer.from_str((files("worker.extract.model") / "tokenizer.json").read_text(encoding="utf-8"))
    made.no_truncation()
    made.no_padding()
    return made


def pieces(text: str, blocks: Sequence[Span], sentences: Sequence[Span], outermost: Sequence[Region]) -> Pieces:
    """The pieces of the paragraphs `blocks`; `sentences` are by start, `outermost` regions too."""
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    for number, block in enumerate(blocks):
        for start, end in cut(text, block):
            shown = shown_as(text[start:end])
            encoding = tokenizer().encode(shown, add_special_tokens=False)
            ids += encoding.ids
            offsets = encoding.offsets
            starts += [start + first for first, _ in offsets]
            ends += [start + last for _, last in offsets]
            numbers += [number] * len(offsets)
    begun = np.array(starts, np.int32)
    return Pieces(
        np.array(ids, np.int32),
        kinds(text, blocks, begun, outermost),
        begun,
        np.array(ends, np.int32),
        sentence_numbers(begun, sentences),
        np.array(numbers, np.int32),
    )


def shown_as(text: str) -> str:
    """The text as the encoder sees it, as long as it was; half a surrogate pair is no character to a tokenizer."""
    return SURROGATE.sub("\ufffd", DOUBLED.sub('" ', text).translate(STRAIGHT))


def cut(text: str, block: Span) -> list[Span]:
    """A block in stretches of at most `BLOCK` code points, cut at white space where there is any."""
    start, end = block
    found = []
    while end - start > BLOCK:
        space = text.rfind(" ", start + BLOCK // 2, start + BLOCK)
        middle = space if space > start else start + BLOCK
        found.append((start, middle))
        start = middle
    return [*found, (start, end)]


def sentence_numbers(starts: Numbers, sentences: Sequence[Span]) -> Numbers:
    """For each piece, which sentence it stands in (the last that begins at or before it)."""
    begins = np.array([start for start, _ in sentences], np.int32)
    return np.maximum(np.searchsorted(begins, starts, side="right") - 1, 0).astype(np.int32)


def kinds(text: str, blocks: Sequence[Span], starts: Numbers, outermost: Sequence[Region]) -> Numbers:
    """For each piece, its state (outside marks, inside, on one) times its word's shape."""
    if not len(starts):
        return np.zeros(0, np.int32)
    first, last = blocks[0][0], blocks[-1][1]
    shapes = np.zeros(last - first, np.int8)
    for match in WORD.finditer(text, first, last):
        shapes[match.start() - first : match.end() - first] = shape(match.group())
    states = np.zeros(last - first, np.int8)
    for region in outermost:
        states[region.start - first : region.end - first] = ON_MARK
        for start, end in region.segments:
            states[start - first : end - first] = INSIDE
    at = starts - first
    return states[at].astype(np.int32) * SHAPES + shapes[at]


def shape(word: str) -> int:
    """What a word looks like."""
    if not word[0].isalpha():
        return NUMBER
    if word.islower():
        return LOWER
    if word.isupper():
        return CAPITALS if len(word) > 1 else CAPITALISED
    return CAPITALISED if word[0].isupper() and word[1:].islower() else MIXED


def near_marks(found: Pieces) -> Pieces:
    """The pieces that say who speaks a marked quotation, three in ten on PolNeAR.

    Of each sentence with a quotation mark: what stands outside the marks and the edges of what stands inside. The whole
    sentence before one that is nothing but quotation, since it may announce it.
    """
    if not len(found):
        return found
    states = found.kinds // SHAPES
    last = int(found.sentences[-1])
    marked = np.zeros(last + 2, bool)
    marked[found.sentences[states != OUTSIDE]] = True
    worded = np.zeros(last + 2, bool)
    worded[found.sentences[(states == OUTSIDE) & (found.kinds % SHAPES != SIGN)]] = True
    before = np.append((marked & ~worded)[1:], False)
    wanted = (marked | before)[found.sentences] & edges(states)
    return found.chosen(wanted)


def edges(states: Numbers) -> NDArray[np.bool_]:
    """Whether each piece is at most `EDGE` pieces away from one that is not inside marks."""
    places = np.arange(len(states))
    open_places = np.flatnonzero(states != INSIDE)
    if not len(open_places):
        return np.ones(len(states), bool)
    following = np.searchsorted(open_places, places)
    before = open_places[np.maximum(following - 1, 0)]
    after = open_places[np.minimum(following, len(open_places) - 1)]
    return np.asarray(np.minimum(np.abs(places - before), np.abs(after - places)) <= EDGE)


def piece_range(found: Pieces, span: Span) -> Span:
    """The pieces `[first, last)` that touch a stretch of the text."""
    return int(bisect_right(found.ends, span[0])), int(np.searchsorted(found.starts, span[1], side="left"))
