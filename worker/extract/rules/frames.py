"""Frames: each cue of a sentence with its source and its content (the words that are reported).

The content is left of the cue (`"…," she said`), right of it (`she said that …`), or on both sides. Positions are
numbers of items (an item is a word, a punctuation mark, or a whole quoted region); `quotations.py` turns them into
offsets.
"""

from dataclasses import dataclass
from enum import StrEnum

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.rules import sources
from worker.extract.rules.clauses import DASHES, is_statement, right_content, tail_end, without_lead
from worker.extract.rules.cues import Cue, cues
from worker.extract.rules.sources import PREPOSITIONS, RELATIVE, Phrase
from worker.extract.rules.subjects import subject_of
from worker.extract.rules.verbs import CLAUSE, QUOTE, VerbForm
from worker.extract.vocabulary import words

ADVERBIAL = PREPOSITIONS | words(
    "during when while after before since although though despite asked according last as this"
)


class Side(StrEnum):
    """The side of the cue on which the content of a frame is."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(slots=True)
class Frame:
    """One attribution over items.

    `rule` is the name of the rule that makes a quotation of the frame. It is None if the frame makes no quotation and
    only helps to read the sentence. `tail` is the number of the item after the source and cue.
    """

    content: list[Phrase]
    source: Phrase | None
    cue: Phrase | None
    side: Side
    rule: str | None = None
    tail: int = 0


def attributions(row: Items, sentence: Sentence) -> list[Frame]:
    """Return the frames of one sentence, in the order of their cues."""
    frames: list[Frame] = []
    inherited: Phrase | None = None
    begin = sentence.first
    for cue in cues(row, sentence.first, sentence.last):
        frame = left_frame(row, sentence, cue, begin)
        if frame is not None:
            begin = frame.tail
        else:
            frame = right_frame(row, sentence, cue, inherited)
        if frame is not None:
            frames.append(frame)
            inherited = frame.source or inherited
    return frames


def left_frame(row: Items, sentence: Sentence, cue: Cue, begin: int) -> Frame | None:
    """Return the frame of `"…," she said` or `"…," said the minister`, whose content may continue after the cue."""
    last = sentence.last
    if not cue.governs & (QUOTE | CLAUSE) or cue.form is VerbForm.ING:
        return None
    if QUOTE not in cue.governs and cue.form is VerbForm.BASE:
        return None
    subject = sources.before(row, begin, cue.first)
    inverted = False
    if cue.first > begin and separates(row, cue.first - 1) and QUOTE in cue.governs:
        subject_after = sources.after(row, cue.last, last)
        if subject_after is not None and (subject is None or row.is_quote(cue.first - 1)):
            subject, inverted = subject_after, True
    if subject is None:
        return None
    edge = (cue.first if inverted else subject[0]) - 1
    if edge < begin or not separates(row, edge):
        return None
    tail = tail_end(row, subject[1] if inverted else cue.last, last, cue)
    if tail is None:
        return None
    content = without_lead(row, begin, edge + 1)
    if content is None or announces(row, content, tail, last):
        return None
    contents = [content, *content_after(row, tail, last)]
    return Frame(contents, subject, (cue.first, cue.last), Side.LEFT, "beside", tail)


def announces(row: Items, content: Phrase, tail: int, last: int) -> bool:
    """True for `In his speech, he said, "…"`: the words on the left are the writer's, and the quotation follows."""
    if row.quotes_in(*content):
        return False
    if row.words[content[0]] in ADVERBIAL or row.words[content[0]].endswith("ing"):
        return True
    if tail < last and row.is_quote(tail):
        return True
    return tail + 1 < last and row.words[tail] == "," and row.is_quote(tail + 1)


def separates(row: Items, number: int) -> bool:
    """True if an attribution can begin right after this item."""
    return row.is_quote(number) or row.words[number] in (",", "?", "!", "…") or row.words[number] in DASHES


def content_after(row: Items, tail: int, last: int) -> list[Phrase]:
    """Return the quotation with which the content continues after the attribution: `"A," he said, "B."`."""
    if tail < last and (row.words[tail] == "," or row.words[tail] in DASHES):
        tail += 1
    return [(tail, last)] if tail < last and row.is_quote(tail) else []


def right_frame(row: Items, sentence: Sentence, cue: Cue, inherited: Phrase | None) -> Frame | None:
    """Return the frame of `she said (that) …` or `criticized …`.

    The frame makes a quotation only for `She said, "…"` and `She wrote on Facebook: "…"`: a whole quotation right after
    the cue or after a colon, and the source right before the cue.
    """
    source = subject_of(row, sentence.first, cue, inherited)
    if source is None:
        return None
    content = right_content(row, cue, sentence.last)
    if content is None:
        return None
    is_finite = cue.form in (VerbForm.PAST, VerbForm.PRESENT) and row.words[cue.first - 1] not in RELATIVE
    is_near = source[1] == cue.first and (content[0] - cue.last == 1 or row.words[content[0] - 1] == ":")
    is_whole = row.is_quote(content[0]) and is_statement(row, content[0])
    rule = "beside" if is_finite and is_near and is_whole else None
    return Frame([content], source, (cue.first, cue.last), Side.RIGHT, rule, cue.last)
