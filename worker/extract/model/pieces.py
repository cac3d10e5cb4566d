"""Word pieces: a text as the network reads it, with the offsets of each piece in the text.

The encoder (the network) does not know capitals, and knows few of the marks that newspapers use. So every quotation
mark is replaced by a straight mark. And each piece has a second number, its kind, which says whether the piece is
inside quotation marks and which shape its word has. No replacement changes the length of the text, so offsets stay
correct.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from worker.extract.marks.regions import Region
from worker.extract.model.chunks import BLOCK, SIGN, pieces_of
from worker.extract.quotation import Span

STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂〝〞", '"'),
        **dict.fromkeys("‘’‚‛‹›＇`´", "'"),
        **dict.fromkeys("–—―", "-"),
        **dict.fromkeys("\u00a0\u2007\u202f\t\r\n", " "),
    }
)
DOUBLED = re.compile(r"''|``|‘‘|’’")
"""Two single marks that stand for a double mark. The encoder sees a double mark and a space."""
SURROGATE = re.compile("[\ud800-\udfff]")
OUTSIDE, INSIDE, ON_MARK = 0, 1, 2
SHAPES = 6
KINDS = 3 * SHAPES
EDGE = 8
"""Keep this many pieces at each end of a quoted region when the rest of the region is not read."""

Numbers = NDArray[np.int32]


@dataclass(slots=True)
class Pieces:
    """Parallel arrays with one entry for each word piece, in the order of the text.

    `starts` and `ends` are code points. `sentences` and `paragraphs` are numbers from 0. `kinds` are
    `state * SHAPES + shape`.
    """

    ids: Numbers
    kinds: Numbers
    starts: Numbers
    ends: Numbers
    sentences: Numbers
    paragraphs: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def subset(self, index: slice | NDArray[np.bool_]) -> "Pieces":
        """Return the pieces at `index`. They keep their numbers of sentences and paragraphs."""
        columns = (self.ids, self.kinds, self.starts, self.ends, self.sentences, self.paragraphs)
        return Pieces(*(column[index] for column in columns))


def pieces(
    text: str,
    paragraphs: Sequence[Span],
    sentences: Sequence[Span],
    outermost: Sequence[Region],
    only: Sequence[Span] | None = None,
) -> Pieces:
    """Return the pieces of the paragraphs, or, with `only`, of the stretches of them that are in these spans.

    Paragraphs, sentences, outermost regions and `only` must be sorted by start.
    """
    chunks: list[str] = []
    chunk_starts: list[int] = []
    chunk_numbers: list[int] = []
    for number, paragraph in enumerate(paragraphs):
        stretches = [paragraph] if only is None else shared(paragraph, only)
        for start, end in (part for stretch in stretches for part in cut(text, stretch)):
            found = shown_as(text[start:end]).split(" ")
            chunks += found
            chunk_starts += accumulate([start, *(len(chunk) + 1 for chunk in found[:-1])])
            chunk_numbers += [number] * len(found)
    columns = list(zip(*pieces_of(chunks), strict=True)) or [()] * 4
    ids, starts, ends, shapes = (np.fromiter(chain.from_iterable(column), np.int32) for column in columns)
    sizes = [len(chunk_ids) for chunk_ids in columns[0]]
    places = np.repeat(np.array(chunk_starts, np.int32), sizes)
    starts += places
    return Pieces(
        ids,
        states(starts, outermost) * np.int32(SHAPES) + shapes,
        starts,
        ends + places,
        sentence_numbers(starts, sentences),
        np.repeat(np.array(chunk_numbers, np.int32), sizes),
    )


def shown_as(text: str) -> str:
    """Return the text as the encoder sees it, with its length unchanged.

    Half a surrogate pair is replaced, because the tokenizer does not accept it.
    """
    return SURROGATE.sub("\ufffd", DOUBLED.sub('" ', text).translate(STRAIGHT))


def shared(paragraph: Span, spans: Sequence[Span]) -> list[Span]:
    """Return the stretches of a paragraph that are in one of the spans, which are sorted and do not overlap."""
    first = bisect_right(spans, paragraph[0], key=lambda span: span[1])
    last = bisect_left(spans, paragraph[1], key=lambda span: span[0])
    return [(max(start, paragraph[0]), min(end, paragraph[1])) for start, end in spans[first:last]]


def cut(text: str, paragraph: Span) -> list[Span]:
    """Return a paragraph in stretches of at most `BLOCK` code points. Cut at a space if possible."""
    start, end = paragraph
    cuts = []
    while end - start > BLOCK:
        space = text.rfind(" ", start + BLOCK // 2, start + BLOCK)
        middle = space if space > start else start + BLOCK
        cuts.append((start, middle))
        start = middle
    return [*cuts, (start, end)]


def sentence_numbers(starts: Numbers, sentences: Sequence[Span]) -> Numbers:
    """Return for each piece the number of its sentence: the last sentence that begins at or before the piece."""
    begins = np.array([start for start, _ in sentences], np.int32)
    return np.maximum(np.searchsorted(begins, starts, side="right") - 1, 0).astype(np.int32)


def states(starts: Numbers, outermost: Sequence[Region]) -> Numbers:
    """Return for each piece, by its start, whether it is outside, inside or on marks."""
    if not len(starts):
        return np.zeros(0, np.int32)
    first, last = int(starts[0]), int(starts[-1]) + 1
    signs = np.zeros(last - first, np.int8)
    for region in outermost:
        signs[max(region.start - first, 0) : max(region.end - first, 0)] = ON_MARK
        for start, end in region.segments:
            signs[max(start - first, 0) : max(end - first, 0)] = INSIDE
    return signs[starts - first].astype(np.int32)


def around_marks(text: str, sentences: Sequence[Span], outermost: Sequence[Region]) -> list[Span]:
    """Return the stretches of a text that hold all pieces that `near_marks` keeps, and few others.

    They are the sentences with marks, the sentence before each of them, and the one behind the last: a quotation whose
    closing mark is missing ends there.
    """
    starts = [start for start, _ in sentences]
    near: set[int] = set()
    for region in outermost:
        first = bisect_right(starts, region.start) - 1
        last = bisect_left(starts, region.end)
        near.update(range(max(first - 1, 0), last))
    if near:
        near.add(max(near) + 1)
    edges = [*starts, len(text)]
    stretches: list[Span] = []
    for number in sorted(near):
        if number < len(starts):
            begun = stretches.pop()[0] if number - 1 in near else edges[number]
            stretches.append((begun, edges[number + 1]))
    return stretches


def near_marks(all_pieces: Pieces) -> Pieces:
    """Return the pieces that can tell the speaker of a quotation in marks. On PolNeAR they are three of ten pieces.

    The sentences with a quotation mark are kept. If a sentence has no word outside its marks, the sentence before it is
    kept too, because it may announce the quotation. In these sentences, only the pieces outside marks and the edges of
    the quoted regions are kept.
    """
    if not len(all_pieces):
        return all_pieces
    states = all_pieces.kinds // SHAPES
    last = int(all_pieces.sentences[-1])
    marked = np.zeros(last + 2, bool)
    marked[all_pieces.sentences[states != OUTSIDE]] = True
    worded = np.zeros(last + 2, bool)
    worded[all_pieces.sentences[(states == OUTSIDE) & (all_pieces.kinds % SHAPES != SIGN)]] = True
    before = np.append((marked & ~worded)[1:], False)
    near = (marked | before)[all_pieces.sentences] & edges(states)
    return all_pieces.subset(near)


def edges(states: Numbers) -> NDArray[np.bool_]:
    """Return True for each piece that is at most `EDGE` pieces away from a piece that is not inside marks."""
    places = np.arange(len(states))
    open_places = np.flatnonzero(states != INSIDE)
    if not len(open_places):
        return np.ones(len(states), bool)
    following = np.searchsorted(open_places, places)
    before = open_places[np.maximum(following - 1, 0)]
    after = open_places[np.minimum(following, len(open_places) - 1)]
    return np.asarray(np.minimum(np.abs(places - before), np.abs(after - places)) <= EDGE)


def piece_range(all_pieces: Pieces, span: Span) -> Span:
    """Return the pieces `[first, last)` that overlap a stretch of the text. Only `training` uses this function."""
    return int(bisect_right(all_pieces.ends, span[0])), int(np.searchsorted(all_pieces.starts, span[1], side="left"))
