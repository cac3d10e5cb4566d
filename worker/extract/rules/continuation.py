"""Quotations without a cue of their own: who speaks is known from the sentence or paragraph before."""

from dataclasses import dataclass

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.rules import sources
from worker.extract.rules.clauses import tail_end
from worker.extract.rules.cues import cues
from worker.extract.rules.frames import Frame, Side
from worker.extract.rules.subjects import sentence_subject
from worker.extract.rules.verbs import QUOTE

SHORTEST_ALONE = 10
"""Words; shorter ones in no cue's reach are mostly titles, names and scare quotes."""


@dataclass(slots=True)
class Speaking:
    """The latest frame that quoted, and the sentence it reached."""

    frame: Frame
    sentence: int


def continued(row: Items, lines: list[Sentence], framed: list[list[Frame]]) -> None:
    """Give each bare quotation to the frame it continues, or to one of its own."""
    speaking: Speaking | None = None
    for number, sentence in enumerate(lines):
        bare = unclaimed(row, sentence, framed[number])
        if bare and alone(row, sentence):
            before = introduced(row, lines[number - 1], framed[number - 1], bare) if number else None
            if before is not None:
                framed[number].append(before)
            elif speaking is not None and number - speaking.sentence == 1:
                speaking.frame.content.extend((each, each + 1) for each in bare)
                speaking.sentence = number
                continue
        for frame in framed[number]:
            if any(row.is_quote(each) for part in frame.content for each in range(*part)):
                speaking = Speaking(frame, number)


def unclaimed(row: Items, sentence: Sentence, frames: list[Frame]) -> list[int]:
    """The quoted items of a sentence that no frame has in its content."""
    claimed = {each for frame in frames for part in frame.content for each in range(*part)}
    return [each for each in range(sentence.first, sentence.last) if row.is_quote(each) and each not in claimed]


def alone(row: Items, sentence: Sentence) -> bool:
    """Whether a sentence is nothing but quotation."""
    return all(row.is_quote(each) or not row.words[each][0].isalnum() for each in range(sentence.first, sentence.last))


def long(row: Items, bare: list[int]) -> bool:
    """Whether quotations have enough words to be somebody's."""
    return sum(len(row.text[row.starts[each] : row.ends[each]].split()) for each in bare) >= SHORTEST_ALONE


def introduced(row: Items, sentence: Sentence, frames: list[Frame], bare: list[int]) -> Frame | None:
    """The sentence before ends with `He said:` or `Smith agreed.` and has nothing else to report."""
    content = [(each, each + 1) for each in bare]
    colon = row.words[sentence.last - 1] == ":"
    if colon and frames and frames[-1].source is not None:
        frame = frames.pop()
        return Frame(content, frame.source, frame.cue, Side.RIGHT, "introduced")
    last = sentence.last - 1 if colon else sentence.last
    for cue in reversed(cues(row, sentence.first, sentence.last)):
        used = any(frame.cue is not None and frame.cue[0] == cue.first for frame in frames)
        if used or QUOTE not in cue.governs or tail_end(row, cue.last, last, cue) is None:
            break
        source = sources.before(row, sentence.first, cue.first)
        if source is None and row.words[cue.first - 1] in ("and", "but"):
            source = sentence_subject(row, sentence.first, cue.first)
        if source is None and cue.first == sentence.first:
            source = sources.after(row, cue.last, last)  # `Stated Stone:`
        if source is not None:
            return Frame(content, source, (cue.first, cue.last), Side.RIGHT, "introduced")
    return None


def guess(source: sources.Phrase | None, bare: list[int], rule: str) -> Frame:
    """A frame without a cue."""
    return Frame([(each, each + 1) for each in bare], source, None, Side.RIGHT, rule)
