"""Quotations without a cue of their own: the sentence or paragraph before such a quotation tells who speaks.

`He said:` or `Smith agreed.` introduces the quotation after it. A line that ends with a colon announces the quotation
below, even if it has no verb of saying: `Others disagree:`. A quotation right after a quotation with a source
continues that quotation.

A frame is a cue with its source and its content (the reported words); see `frames.py`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.rules import sources
from worker.extract.rules.clauses import tail_end
from worker.extract.rules.cues import AUXILIARIES, BE, cues
from worker.extract.rules.frames import Frame, Side
from worker.extract.rules.sources import DETERMINERS, PRONOUNS, Phrase
from worker.extract.rules.subjects import sentence_subject
from worker.extract.rules.verbs import LEXICON, QUOTE

SHORTEST_BLOCK = 5
"""Ignore announced paragraphs without marks that have fewer items: they are headings and items of lists."""
SHORTEST_ANNOUNCED = 10
"""Ignore announced quotations with fewer words: they are mostly titles, names and scare quotes."""


@dataclass(slots=True)
class Speaking:
    """The latest frame with a quotation in it, and the number of the last sentence that it reaches."""

    frame: Frame
    sentence: int


def continued(row: Items, sentences: Sequence[Sentence], framed: list[list[Frame]]) -> None:
    """Add each sentence that consists only of quotations to a frame.

    It is the frame that introduces the sentence, or the frame that the sentence continues.
    """
    speaking: Speaking | None = None
    for number, sentence in enumerate(sentences):
        unframed = unclaimed(row, sentence, framed[number])
        if unframed and is_quotation(row, sentence):
            frame = introduced(row, sentences[number - 1], framed[number - 1], unframed) if number else None
            if frame is not None:
                framed[number].append(frame)
            elif speaking is not None and number - speaking.sentence == 1:
                speaking.frame.content.extend((quote, quote + 1) for quote in unframed)
                speaking.sentence = number
                continue
        for frame in framed[number]:
            if any(row.quotes_in(*part) for part in frame.content):
                speaking = Speaking(frame, number)


def announced(row: Items, sentences: Sequence[Sentence], framed: list[list[Frame]]) -> None:
    """Make a frame for each sentence that a line with a colon announces; its source is the subject of that line.

    The sentence must consist only of quotations and must have no frame yet.
    """
    for number in range(1, len(sentences)):
        line = sentences[number - 1]
        if row.words[line.last - 1] == ":" and is_quotation(row, sentences[number]) and not framed[number - 1]:
            unframed = unclaimed(row, sentences[number], framed[number])
            if count_words(row, unframed) >= SHORTEST_ANNOUNCED:
                framed[number].append(introduction(unframed, announcer(row, line), None, "announced"))


def blocks(row: Items, sentences: Sequence[Sentence], framed: Sequence[Sequence[Frame]]) -> list[Frame]:
    """Return a frame for each paragraph without marks that a line with a verb of saying and a colon announces.

    `The council said in a statement:¶The pier is closed.` Pages lose the marks of such paragraphs, or set them as
    block quotations. `framed` holds the frames that each sentence has already.
    """
    found = []
    numbers_of: dict[int, list[int]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        numbers_of[sentence.paragraph].append(number)
    for number, line in enumerate(sentences[:-1]):
        below = numbers_of[sentences[number + 1].paragraph]
        if row.words[line.last - 1] != ":" or line.paragraph == sentences[number + 1].paragraph:
            continue
        first, last = sentences[below[0]].first, sentences[below[-1]].last
        narrated = any(frame.rule == "beside" for n in below for frame in framed[n])
        if row.is_quote(first) or row.words[last - 1] == ":" or last - first < SHORTEST_BLOCK or narrated:
            continue
        frame = introduced(row, line, [], [])
        if frame is not None:
            found.append(Frame([(first, last)], frame.source, frame.cue, Side.RIGHT, "block"))
    return found


def unclaimed(row: Items, sentence: Sentence, frames: Sequence[Frame]) -> list[int]:
    """Return the quoted items of a sentence that are not in the content of any frame."""
    claimed = [part for frame in frames for part in frame.content]
    quotes = row.quotes_in(sentence.first, sentence.last)
    return [n for n in quotes if not any(first <= n < last for first, last in claimed)]


def is_quotation(row: Items, sentence: Sentence) -> bool:
    """True if no word of a sentence is outside quotation marks."""
    return all(row.is_quote(n) or not row.words[n][0].isalnum() for n in range(sentence.first, sentence.last))


def count_words(row: Items, quotes: Sequence[int]) -> int:
    """Return the number of words in quoted items."""
    return sum(len(row.text[row.starts[n] : row.ends[n]].split()) for n in quotes)


def introduced(row: Items, sentence: Sentence, frames: list[Frame], quotes: Sequence[int]) -> Frame | None:
    """Return the frame of quotations after a sentence; None if the sentence does not introduce them.

    A sentence introduces them if it ends with `He said:` or `Smith agreed.` and its last cue reports nothing else. If
    the sentence ends with a colon, its last frame is moved to the quotations.
    """
    colon = row.words[sentence.last - 1] == ":"
    if colon and frames and frames[-1].source is not None:
        frame = frames.pop()
        return introduction(quotes, frame.source, frame.cue, "announced")
    last = sentence.last - 1 if colon else sentence.last
    for cue in reversed(cues(row, sentence.first, sentence.last)):
        is_used = any(frame.cue is not None and frame.cue[0] == cue.first for frame in frames)
        if is_used or QUOTE not in cue.governs or tail_end(row, cue.last, last, cue) is None:
            break
        source = sources.before(row, sentence.first, cue.first)
        if source is None and row.words[cue.first - 1] in ("and", "but"):
            source = sentence_subject(row, sentence.first, cue.first)
        if source is None and cue.first == sentence.first:
            source = sources.after(row, cue.last, last)  # `Stated Stone:`
        if source is not None:
            return introduction(quotes, source, (cue.first, cue.last), "announced" if colon else "introduced")
    return None


def announcer(row: Items, sentence: Sentence) -> Phrase | None:
    """Return the subject that announces a quotation; None if there is no such subject.

    The subject begins the sentence. It is a name of several words, a description or a pronoun. In a line without a verb
    it is the name behind "from" or "by": `And from the desk of Jon Dohl, vice president of the society:`.
    """
    sender = sent_by(row, sentence)
    if sender is not None:
        return sender
    subject = sentence_subject(row, sentence.first, sentence.last - 1)
    if subject is None or row.words[subject[0]] == "it":
        return None
    is_name = subject[1] - subject[0] > 1 and row.capital[subject[1] - 1]
    return subject if is_name or row.words[subject[0]] in DETERMINERS | PRONOUNS else None


def sent_by(row: Items, sentence: Sentence) -> Phrase | None:
    """Return the name that stands behind "from" or "by" in a line without a verb; None if there is none."""
    last = sentence.last - 1
    number = next((n for n in range(sentence.first, last) if row.words[n] in ("from", "by")), None)
    if number is None or any(is_verb(row, n) for n in range(sentence.first, last)):
        return None
    name = next((n for n in range(number + 1, last) if row.capital[n]), None)
    return sources.after(row, name, last) if name is not None else None


def is_verb(row: Items, number: int) -> bool:
    """True if an item is a verb of saying or a form of "be" or "have"."""
    return row.words[number] in BE or row.words[number] in AUXILIARIES or row.words[number] in LEXICON


def introduction(quotes: Sequence[int], source: Phrase | None, cue: Phrase | None, rule: str) -> Frame:
    """Return the frame of quoted items that the previous sentence introduces, or announces with a colon."""
    return Frame([(quote, quote + 1) for quote in quotes], source, cue, Side.RIGHT, rule)
