"""Quotations inside a quotation, in spoken language: `My mother used to say, "…"`, `I was told, "…"`, `he's like, "…"`.

People use more forms of cues when they talk than writers do, but the verb is right before the comma or colon. A frame
is a cue with its source and its content.
"""

from collections.abc import Sequence

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.rules import sources
from worker.extract.rules.continuation import unclaimed
from worker.extract.rules.cues import AUXILIARIES, BE
from worker.extract.rules.frames import Frame, Side
from worker.extract.rules.sources import CONTRACTED, Phrase
from worker.extract.rules.subjects import sentence_subject
from worker.extract.rules.verbs import LEXICON, QUOTE, VerbForm
from worker.extract.vocabulary import words

HEARERS = words("me him her us them you myself himself herself people everybody")
BEFORE_VERB = (AUXILIARIES - words("not never n't can't couldn't don't didn't won't")) | words(
    "just always even then also actually kind of sort now"
)


def spoken(row: Items, sentence: Sentence, frames: Sequence[Frame]) -> list[Frame]:
    """Return frames for the quotations of a sentence that are in no frame yet and come right after a verb of saying."""
    quotes = [number for number in unclaimed(row, sentence, frames) if number >= sentence.first + 2]
    built = [verb_frame(row, sentence, number) for number in quotes if row.words[number - 1] in (",", ":")]
    return [frame for frame in built if frame is not None]


def verb_frame(row: Items, sentence: Sentence, number: int) -> Frame | None:
    """Return the frame of the quoted item `number` and the verb before it; None if nobody says the item."""
    last = number - 1
    if row.words[last - 1] in HEARERS:
        last -= 1
    if last <= sentence.first:
        return None
    verb = LEXICON.get(row.words[last - 1])
    like = row.words[last - 1] == "like"
    goes = row.words[last - 1] == "goes"
    if not (like or goes) and (verb is None or QUOTE not in verb.governs or verb.form is VerbForm.ING):
        return None
    first = last - 1
    while first > sentence.first and row.words[first - 1] in BEFORE_VERB:
        first -= 1
    if row.words[first - 2 : first] == ["used", "to"]:
        first -= 2
    passive = verb is not None and verb.form in (VerbForm.PAST, VerbForm.PARTICIPLE)
    if row.words[first - 1] in BE and first > sentence.first:
        first -= 1
        if passive:
            return Frame([(number, number + 1)], None, (first, last), Side.RIGHT)
    elif row.words[first - 1] in ("cannot", "to") or (like and row.words[first - 1] not in CONTRACTED):
        return None
    source = subject(row, sentence, first)
    return Frame([(number, number + 1)], source, (first, last), Side.RIGHT) if source is not None else None


def subject(row: Items, sentence: Sentence, first: int) -> Phrase | None:
    """Return the subject of the verb group that begins with item `first`; None if there is no subject."""
    if first <= sentence.first:
        return None
    if row.words[first - 1] in CONTRACTED:
        return (first - 1, first)
    if row.words[first - 1] in ("and", "but", "then"):
        return sentence_subject(row, sentence.first, first - 1)
    return sources.before(row, sentence.first, first)
