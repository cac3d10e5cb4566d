"""The frames of a sentence together: which cue takes which stretch."""

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence, dateline_end
from worker.extract.rules.clauses import DASHES, trimmed
from worker.extract.rules.cues import cues
from worker.extract.rules.frames import Frame, left_frame, right_frame
from worker.extract.rules.sources import Phrase


def attributions(row: Items, sentence: Sentence) -> list[Frame]:
    """The frames of one sentence, in the order of their cues."""
    found: list[Frame] = []
    inherited: Phrase | None = None
    begin = dateline_end(row, sentence)
    for cue in cues(row, sentence.first, sentence.last):
        if found and found[-1].cue is not None and cue.first < found[-1].cue[1]:
            continue
        frame = left_frame(row, sentence, cue, begin)
        if frame is not None:
            goes_on(row, frame, sentence)
            begin = frame.tail
        else:
            frame = right_frame(row, sentence, cue, sentence.first, inherited)
        if frame is None:
            continue
        found.append(frame)
        inherited = frame.source or inherited
    return found


def goes_on(row: Items, frame: Frame, sentence: Sentence) -> None:
    """`"A," he said, "B."`: what follows the attribution continues the content."""
    number = frame.tail
    if number >= sentence.last:
        return
    if row.words[number] == "," or row.words[number] in DASHES:
        number += 1
    elif not row.is_quote(number):
        return
    if number >= sentence.last:
        return
    if row.is_quote(number):
        rest = trimmed(row, number, sentence.last)
        if rest is not None:
            frame.content.append(rest)
