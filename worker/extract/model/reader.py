"""The trained reader: turns a text into pieces, the network's output, links, and then quotations."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from worker.extract.binding import Binding
from worker.extract.marks.regions import Region
from worker.extract.model.attributed import Linker, LinkWeights, attributions
from worker.extract.model.certainty import Confide, certainty
from worker.extract.model.chunks import tokenizer
from worker.extract.model.encoder import read, session
from worker.extract.model.pieces import around_marks, near_marks, pieces
from worker.extract.model.windows import stretches, windows
from worker.extract.quotation import Quotation, Span
from worker.extract.relayed import Relays

MOST_PIECES = 200_000
"""At most this many pieces of a text are read, some 900,000 characters of prose; only rules read what is behind them.

Reading takes 130 µs for each piece. In a text of nothing but marks, each character is a piece.
"""

UNREAD = "the text is too long for the trained reader: only rules looked for quotations"
"""A warning about a longer text begins with these words."""


@cache
def link_weights() -> LinkWeights:
    """Return the weights of the link scorer. The file contains plain arrays, and nothing in it is executed."""
    path = files("worker.extract.model") / "links.npz"
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        return LinkWeights(**{name: arrays[name] for name in arrays.files})


def warm() -> None:
    """Load the model before the first text comes. This takes about half a second and 60 MB."""
    tokenizer()
    session()
    link_weights()


def quotations(
    text: str,
    paragraphs: Sequence[Span],
    sentences: Sequence[Span],
    outermost: Sequence[Region],
    relays: Relays,
    quoted_only: bool,
    warn: Callable[[str], None],
    confide: Confide = certainty,
) -> list[Quotation]:
    """Return the quotations that the network finds in the paragraphs.

    `relays` finds whose words another source relays. `confide` gives each quotation its confidence. Of a very long text
    only the first `MOST_PIECES` pieces are read, with a warning. With `quoted_only`, only the sentences with quotation
    marks are read, and those that may announce one.
    """
    only = around_marks(text, sentences, outermost) if quoted_only else None
    text_pieces = pieces(text, paragraphs, sentences, outermost, only)
    if quoted_only:
        text_pieces = near_marks(text_pieces)
    if len(text_pieces) > MOST_PIECES:
        warn(f"{UNREAD} from character {text_pieces.starts[MOST_PIECES]:,} on")
        text_pieces = text_pieces.subset(slice(MOST_PIECES))
    binding = Binding(text, outermost, confide)
    bound: list[Quotation | None] = []
    for first, last in stretches(text_pieces):
        stretch = text_pieces.subset(slice(first, last))
        readings = read(stretch, windows(stretch))
        linked = relays.linked(stretch, attributions(readings.tags, Linker(stretch, readings.state, link_weights())))
        bound += [binding.quotation(stretch, attribution) for attribution in linked]
    return [quotation for quotation in bound if quotation is not None]
