"""The trained reader over one passage: pieces, network, links, quotations."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from worker.extract.binding import Binding
from worker.extract.marks.regions import Region
from worker.extract.model.attributed import Linker, LinkWeights, attributions
from worker.extract.model.encoder import read, session
from worker.extract.model.pieces import near_marks, pieces, tokenizer
from worker.extract.model.windows import stretches, windows
from worker.extract.quotation import Quotation, Span
from worker.extract.relayed import relayed


@cache
def link_weights() -> LinkWeights:
    """The link scorer's numbers; plain arrays, nothing in the file is executed."""
    path = files("worker.extract.model") / "links.npz"
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        return LinkWeights(**{name: held[name] for name in held.files})


def warm() -> None:
    """Load the model now instead of at the first text; about half a second and 60 MB."""
    tokenizer()
    session()
    link_weights()


def quotations(
    text: str, blocks: Sequence[Span], sentences: Sequence[Span], outermost: Sequence[Region], quoted_only: bool
) -> list[Quotation]:
    """What the network finds in the paragraphs `blocks`; with `quoted_only` it reads the sentences near marks alone."""
    found = pieces(text, blocks, sentences, outermost)
    if quoted_only:
        found = near_marks(found)
    binding = Binding(text, outermost)
    made: list[Quotation | None] = []
    for first, last in stretches(found):
        part = found.chosen(slice(first, last))
        readings = read(part, windows(part))
        linked = attributions(readings.tags, Linker(part, readings.state, link_weights()))
        made += [binding.quotation(part, each) for each in linked]
    return relayed(text, [each for each in made if each is not None])
