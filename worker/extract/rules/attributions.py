"""The frames of a sentence together: which cue takes which stretch."""

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence, dateline_end
from worker.extract.rules import sources
from worker.extract.rules.clauses import DASHES, trimmed
from worker.extract.rules.cues import cues
from worker.extract.rules.frames import Frame, Side, left_frame, right_frame
from worker.extract.rules.sources import Phrase
from worker.extract.vocabulary import words

NOT_CONTENT = words(
    """
    according adding saying noting while as who when after though but which referring with
    """
)


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
    passed_on = according(row, sentence, found)
    narrow(row, found)
    found.extend(passed_on)
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
    word = row.words[number]
    quoted = any(row.is_quote(n) for n in range(*frame.content[0]))
    if row.is_quote(number) or (not quoted and word not in NOT_CONTENT and not word.endswith("ing")):
        rest = trimmed(row, number, sentence.last)
        if rest is not None:
            frame.content.append(rest)


def narrow(row: Items, found: list[Frame]) -> None:
    """Cut a content before the coordinated cue, or the attribution, that follows it."""
    for number, frame in enumerate(found):
        for later in found[number + 1 :]:
            edge = edge_of(row, later)
            if edge is None:
                continue
            frame.content = [
                part if not part[0] < edge < part[1] else (trimmed(row, part[0], edge) or part)
                for part in frame.content
                if part[0] < edge
            ]
            break


def edge_of(row: Items, frame: Frame) -> int | None:
    """Where a later frame cuts an earlier one's content; None where it is embedded in it."""
    assert frame.cue is not None
    if frame.side is Side.LEFT:
        start = frame.cue[0] if frame.source is None else min(frame.cue[0], frame.source[0])
        return start - 1 if start and row.words[start - 1] == "," else None
    start = frame.cue[0] if frame.inherited or frame.source is None else frame.source[0]
    before = row.words[start - 1] if start else ""
    if before in ("and", "but", "or") or (before == "," and frame.inherited):
        return start - 1
    if frame.rule == "participle":
        return start
    if before in (";", "while") or row.words[start - 1] in DASHES:
        return start - 1
    return None


def according(row: Items, sentence: Sentence, others: list[Frame]) -> list[Frame]:
    """`According to X, …` and `…, according to X`."""
    found: list[Frame] = []
    for number in range(sentence.first, sentence.last - 2):
        if row.words[number] != "according" or row.words[number + 1] != "to":
            continue
        source = sources.after(row, number + 2, sentence.last)
        if source is None:
            continue
        opening = all(row.words[n] in ("and", "but", ",", "—") for n in range(sentence.first, number))
        if opening:
            content = trimmed(row, source[1], sentence.last)
            side = Side.RIGHT
        else:
            for frame in others:
                frame.content = [stop(row, part, number) for part in frame.content]
            if any(frame.cue is not None and frame.cue[0] < number for frame in others):
                continue  # the speaker is named already; who passed it on is no speaker
            content = trimmed(row, sentence.first, number)
            side = Side.LEFT
        if content is not None:
            found.append(Frame([content], source, (number, number + 2), side, "according", source[1]))
        break
    return found


def stop(row: Items, part: Phrase, edge: int) -> Phrase:
    """A content cut where a credit begins."""
    if part[0] < edge < part[1]:
        return trimmed(row, part[0], edge) or part
    return part
