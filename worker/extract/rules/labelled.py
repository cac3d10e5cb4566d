"""Turns of a transcript that was quoted paragraph by paragraph: `"PENCE: Well, look …` under `"WALLACE: Let's start …`.

Every paragraph opens with a quotation mark and its speaker's label in capitals; whether it closes with one does not
matter. What is said stands in marks, so its kind is direct.
"""

import re
from collections.abc import Sequence

from worker.extract.building import build
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.confidence import confidence

LABEL = re.compile(r"[\"“”](?P<name>[A-Z][A-Z.'’\-]+(?: [A-Z][A-Z.'’\-]*){0,4}):\s+(?=\S)")
NO_SPEAKER = frozenset({"VIDEO", "AUDIO", "NOTE", "PHOTO", "CLIP", "CAPTION"})
FEWEST = 3
"""Labelled paragraphs that make a transcript."""


def labelled(text: str, paragraphs: Sequence[Span]) -> list[Quotation]:
    """The turns; none where fewer than `FEWEST` paragraphs have a label or none comes twice."""
    matches = [(LABEL.match(text, start, end), end) for start, end in paragraphs]
    found = [(match, end) for match, end in matches if match is not None and match["name"] not in NO_SPEAKER]
    names = [match["name"] for match, _ in found]
    if len(found) < FEWEST or len(set(names)) == len(names):
        return []
    made = (turn(text, match, end) for match, end in found)
    return [each for each in made if each is not None]


def turn(text: str, match: re.Match[str], end: int) -> Quotation | None:
    """What stands after a label, without the mark that closes it."""
    said = text[match.end() : end].rstrip('"”“ ')
    source = Mention(match["name"], match.start("name"), match.end("name"))
    cue = Mention(":", match.end("name"), match.end("name") + 1)
    span = (match.end(), match.end() + len(said))
    return build(text, [span], Kind.DIRECT, source, cue, confidence("turn", Kind.DIRECT))
