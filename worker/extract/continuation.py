"""Quotations without a cue of their own: who speaks is known from the sentence or paragraph before."""

from dataclasses import dataclass

from worker.extract.frames import Frame
from worker.extract.items import Items
from worker.extract.sentences import Sentence

SHORTEST_ALONE = 4
"""Words; shorter ones in no cue's reach are mostly titles, names and scare quotes."""


@dataclass(slots=True)
class Speaking:
    """The latest frame that quoted, and where."""

    frame: Frame
    sentence: int
    paragraph: int


def continued(row: Items, lines: list[Sentence], framed: list[list[Frame]]) -> None:
    """Give each bare quotation to the frame it continues, or to one of its own."""
    speaking: Speaking | None = None
    for number, sentence in enumerate(lines):
        frames = framed[number]
        claimed = {n for frame in frames for part in frame.content for n in range(*part)}
        bare = [n for n in range(sentence.first, sentence.last) if row.is_quote(n) and n not in claimed]
        if bare:
            alone = all(row.is_quote(n) or not row.words[n][0].isalnum() for n in range(sentence.first, sentence.last))
            if alone and speaking is not None and follows(row, lines, speaking, number):
                speaking.frame.content.extend((n, n + 1) for n in bare)
                speaking.sentence, speaking.paragraph = number, sentence.paragraph
                continue
            if not alone:
                frames.extend(fallback(row, sentence, bare))
        for frame in frames:
            if any(row.is_quote(n) for part in frame.content for n in range(*part)):
                speaking = Speaking(frame, number, sentence.paragraph)
        pending = introduces(row, sentence, frames)
        if pending is not None:
            speaking = Speaking(pending, number, sentence.paragraph)
            if pending not in frames:
                frames.append(pending)


def follows(row: Items, lines: list[Sentence], speaking: Speaking, number: int) -> bool:
    """Whether a sentence that is only a quotation goes on with the speaker of the one before."""
    return number - speaking.sentence == 1


def introduces(row: Items, sentence: Sentence, frames: list[Frame]) -> Frame | None:
    """`He said:` at a paragraph's end: a frame whose content comes in the next."""
    return None


def fallback(row: Items, sentence: Sentence, bare: list[int]) -> list[Frame]:
    """Long quotations in a sentence whose verb is in no list: its subject said them."""
    return []
