"""Frames: for each cue of a sentence, its source and its content.

The content lies left of the cue (`"…," she said`), right of it (`she said that …`), or on both sides. Positions are
item numbers; `quotations.py` turns them into offsets.
"""

from dataclasses import dataclass
from enum import StrEnum

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.rules import sources
from worker.extract.rules.clauses import DASHES, right_content, statement, tail_end, trimmed
from worker.extract.rules.cues import Cue
from worker.extract.rules.sources import PREPOSITIONS, RELATIVE, Phrase
from worker.extract.rules.subjects import subject_of
from worker.extract.rules.verbs import CLAUSE, QUOTE, Form
from worker.extract.vocabulary import words


class Side(StrEnum):
    """Where a frame's content lies."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(slots=True)
class Frame:
    """One attribution over items. `tail` is where the attribution itself ends; `rule` names what found it."""

    content: list[Phrase]
    source: Phrase | None
    cue: Phrase | None
    side: Side
    rule: str | None
    tail: int = 0


ADVERBIAL = PREPOSITIONS | words(
    "during when while after before since although though despite asked according last as this"
)


def left_frame(row: Items, sentence: Sentence, cue: Cue, begin: int) -> Frame | None:
    """`"…," she said` and `"…," said the minister`: content left of the attribution, perhaps going on right of it."""
    first, last = begin, sentence.last
    if (
        not cue.governs & (QUOTE | CLAUSE)
        or cue.form is Form.ING
        or (QUOTE not in cue.governs and cue.form is Form.BASE)
    ):
        return None
    subject = sources.before(row, first, cue.first)
    inverted = False
    if cue.first > first and separates(row, cue.first - 1) and QUOTE in cue.governs:
        other = sources.after(row, cue.last, last)
        if other is not None and (subject is None or row.is_quote(cue.first - 1)):
            subject, inverted = other, True
    if subject is None:
        return None
    edge = (cue.first if inverted else subject[0]) - 1
    if edge < first or not separates(row, edge):
        return None
    tail = tail_end(row, subject[1] if inverted else cue.last, last, cue)
    if tail is None:
        return None
    content = trimmed(row, first, edge + 1)
    if content is None or announces(row, content, tail, last):
        return None
    return Frame([content], subject, (cue.first, cue.last), Side.LEFT, "beside", tail)


def announces(row: Items, content: Phrase, tail: int, last: int) -> bool:
    """`In his speech, he said, "…"`: the words on the left are the writer's, the quotation comes on the right."""
    if any(row.is_quote(n) for n in range(*content)):
        return False
    if row.words[content[0]] in ADVERBIAL or row.words[content[0]].endswith("ing"):
        return True
    if tail < last and row.is_quote(tail):
        return True
    return tail + 1 < last and row.words[tail] == "," and row.is_quote(tail + 1)


def separates(row: Items, number: int) -> bool:
    """Whether an attribution may begin right after this item."""
    return row.is_quote(number) or row.words[number] in (",", "?", "!", "…") or row.words[number] in DASHES


def right_frame(row: Items, sentence: Sentence, cue: Cue, begin: int, inherited: Phrase | None) -> Frame | None:
    """`she said (that) …`, `criticized …`, `vowed to …`: content right of the cue."""
    source = subject_of(row, begin, cue, inherited)
    if source is None:
        return None
    content = right_content(row, cue, sentence.last)
    if content is None:
        return None
    finite = cue.form in (Form.PAST, Form.PRESENT)
    whole = row.is_quote(content[0]) and statement(row, content[0])
    near = source[1] == cue.first and content[0] - cue.last == 1 and row.words[cue.first - 1] not in RELATIVE
    rule = "beside" if finite and whole and near else None  # `She said, "…"`
    return Frame([content], source, (cue.first, cue.last), Side.RIGHT, rule, cue.last)
