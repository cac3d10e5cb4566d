"""Turns of a transcript: `PENCE: We will …`, a paragraph that begins with its speaker's name and a colon.

What a turn holds stands in no quotation marks, so its kind is indirect, as everything without marks, although the words
are the speaker's own.
"""

import re
from collections import Counter
from collections.abc import Sequence

from worker.extract.frames import Frame, Side
from worker.extract.items import Items, item_at
from worker.extract.quotation import Span
from worker.extract.sentences import Sentence
from worker.extract.vocabulary import words

LABEL = re.compile(r"[A-Z][\w.'’\-]*(?: [A-Z][\w.'’\-]*){0,4}(?: ?\([^)\n]{1,40}\))?:(?=\s)")
NO_SPEAKER = words(
    """
    note notes photo photos related update updated correction editor's editor video watch read source sources more image
    copyright contact date time abstract question answer text full breaking warning example summary
    """
)
FEWEST = 3
"""Labelled paragraphs that make a transcript; two of a name in capitals are enough."""


def labels(text: str, paragraphs: Sequence[Span]) -> dict[int, Span]:
    """The speaker's label of each paragraph that is a turn, by number; empty for what is no transcript."""
    found: dict[int, Span] = {}
    for number, (start, end) in enumerate(paragraphs):
        match = LABEL.match(text, start, min(end, start + 120))
        if match and not {word.lower().replace("’", "'") for word in match.group()[:-1].split()} & NO_SPEAKER:
            found[number] = (start, match.end() - 1)
    names = Counter(text[start:end] for start, end in found.values())
    shouted = sum(count for name, count in names.items() if name.isupper())
    repeated = any(count > 1 for count in names.values())
    transcript = (len(found) >= FEWEST and repeated) or shouted >= FEWEST - 1
    return found if transcript else {}


def turns(row: Items, lines: list[Sentence], framed: list[list[Frame]], found: dict[int, Span]) -> None:
    """Give each labelled paragraph to its speaker; what else was found in it stays only if it quotes."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for number, sentence in enumerate(lines):
        if sentence.paragraph in found:
            first.setdefault(sentence.paragraph, number)
            last[sentence.paragraph] = sentence.last
            framed[number][:] = [
                f for f in framed[number] if any(row.is_quote(n) for p in f.content for n in range(*p))
            ]
    for paragraph, number in first.items():
        start, end = found[paragraph]
        begin, colon = item_at(row, start), item_at(row, end)
        if begin < colon < last[paragraph] - 1:
            content = [(colon + 1, last[paragraph])]
            framed[number].append(Frame(content, (begin, colon), (colon, colon + 1), Side.RIGHT, "turn"))
