"""Chunks: the stretches between two spaces of a text, cut into word pieces, each chunk that is met again only once.

The tokenizer cuts a text at spaces first, and reads every character by itself. So the pieces of a chunk are the same in
every text, and nine of ten chunks of an article were met before.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice

from tokenizers import Tokenizer

WORD = re.compile(r"\w+")
SIGN, LOWER, CAPITALISED, CAPITALS, MIXED, NUMBER = range(6)
"""The shapes of the word in which a piece is; `SIGN` is a piece in no word."""
MOST_KNOWN = 1 << 14
"""At most so many chunks are kept, some 6 MB; then all are met anew."""
LONGEST_KNOWN = 40
"""A chunk with more characters is not kept."""
BLOCK = 20_000
"""At most this many code points are given to the tokenizer at once, so that its memory does not grow with the text."""

ChunkPieces = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""The ids, starts, ends and shapes of a chunk's pieces; starts and ends count from the start of the chunk."""

UNKNOWN: ChunkPieces = ((), (), (), ())
_known: dict[str, ChunkPieces] = {}


@cache
def tokenizer() -> Tokenizer:
    """Return the encoder's tokenizer. It turns capitals into lower case and removes accents."""
    loaded = Tokenizer.from_str((files("worker.extract.model") / "tokenizer.json").read_text(encoding="utf-8"))
    loaded.no_truncation()
    loaded.no_padding()
    return loaded


def pieces_of(chunks: Sequence[str]) -> list[ChunkPieces]:
    """Return the pieces of each chunk."""
    found = {chunk: _known.get(chunk, UNKNOWN) for chunk in chunks}
    met = dict(_encoded([chunk for chunk, pieces in found.items() if pieces is UNKNOWN]))
    found.update(met)
    keep(met)
    return [found[chunk] for chunk in chunks]


def keep(met: Mapping[str, ChunkPieces]) -> None:
    """Keep chunks that were met, as far as there is room for them."""
    if len(_known) + len(met) > MOST_KNOWN:
        _known.clear()
    short = ((chunk, pieces) for chunk, pieces in met.items() if len(chunk) <= LONGEST_KNOWN)
    _known.update(islice(short, MOST_KNOWN))


def _encoded(chunks: Collection[str]) -> Iterator[tuple[str, ChunkPieces]]:
    """Yield each of the chunks with its pieces. The tokenizer gets many at once, since a call costs something."""
    together: list[str] = []
    size = 0
    for chunk in chunks:
        if size + len(chunk) > BLOCK:
            yield from _encoded_together(together)
            together, size = [], 0
        together.append(chunk)
        size += len(chunk) + 1
    yield from _encoded_together(together)


def _encoded_together(chunks: Sequence[str]) -> Iterator[tuple[str, ChunkPieces]]:
    encoding = tokenizer().encode(" ".join(chunks), add_special_tokens=False)
    ids, offsets = encoding.ids, encoding.offsets
    start = first = 0
    for chunk in chunks:
        last, end = first, start + len(chunk)
        while last < len(offsets) and offsets[last][0] < end:
            last += 1
        starts = tuple(begin - start for begin, _ in offsets[first:last])
        ends = tuple(stop - start for _, stop in offsets[first:last])
        yield chunk, (tuple(ids[first:last]), starts, ends, tuple(_shapes(chunk, starts)))
        start, first = end + 1, last


def _shapes(chunk: str, starts: Sequence[int]) -> Iterator[int]:
    """Yield the shape of the word in which each piece begins, or `SIGN`."""
    words = WORD.finditer(chunk)
    word = next(words, None)
    for start in starts:
        while word is not None and word.end() <= start:
            word = next(words, None)
        yield shape(word.group()) if word is not None and word.start() <= start else SIGN


def shape(word: str) -> int:
    """Return the shape of a word: how it uses capitals, or `NUMBER` if it does not begin with a letter."""
    if not word[0].isalpha():
        return NUMBER
    if word.islower():
        return LOWER
    if word.isupper():
        return CAPITALS if len(word) > 1 else CAPITALISED
    return CAPITALISED if word[0].isupper() and word[1:].islower() else MIXED
