"""A line that ends with a colon announces the quotation under it, also without a verb of saying: `Others disagree:`."""

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.rules.continuation import alone, guess, long, unclaimed
from worker.extract.rules.frames import Frame
from worker.extract.rules.sources import DETERMINERS, PRONOUNS, Phrase
from worker.extract.rules.subjects import sentence_subject


def announced(row: Items, lines: list[Sentence], framed: list[list[Frame]]) -> None:
    """Give each quotation of a whole sentence that nothing has claimed to the subject of the line before it."""
    for number in range(1, len(lines)):
        before = lines[number - 1]
        if row.words[before.last - 1] == ":" and alone(row, lines[number]) and not framed[number - 1]:
            bare = unclaimed(row, lines[number], framed[number])
            if bare and long(row, bare):
                framed[number].append(guess(subject(row, before), bare, "introduced"))


def subject(row: Items, sentence: Sentence) -> Phrase | None:
    """Who announces: a name of several words, a description or a pronoun that the sentence begins with, or nobody."""
    found = sentence_subject(row, sentence.first, sentence.last - 1)
    if found is None or row.words[found[0]] == "it":
        return None
    named = found[1] - found[0] > 1 and row.capital[found[1] - 1]
    described = row.words[found[0]] in DETERMINERS | PRONOUNS
    return found if named or described else None
