"""Paragraph borders: a quotation does not go on in a paragraph whose first words speak of another person.

`“A,” said X.¶Y disagreed. “B.”`: the network, which was trained on a corpus with hardly any such paragraphs, reads "A
B" as one quotation by X. In PolNeAR's train part (840 articles) no annotator has joined parts over such words.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.quotations import mention
from worker.extract.rules.sources import DETERMINERS, PRONOUNS, Phrase
from worker.extract.rules.subjects import sentence_subject
from worker.extract.union import with_parts

LED = 0.6
"""The confidence that a quotation belongs to the person of whom the words before it speak; an estimate."""
LONGEST_DESCRIPTION = 3
"""At most so many words without a capital stand before a name in one phrase ("Opposition leader Piet Vos")."""


class Leads:
    """Finds who is spoken of at the beginning of a paragraph, before its first quotation."""

    def __init__(self, row: Items, sentences: Sequence[Sentence], paragraphs: Sequence[Span]) -> None:
        self._row = row
        self._sentences = sentences
        self._sentence_ends = [row.ends[sentence.last - 1] for sentence in sentences]
        self._paragraph_starts = [start for start, _ in paragraphs]
        begins = {sentence.first for sentence in sentences}
        self._names = {row.words[n] for n in range(len(row)) if row.capital[n] and n not in begins}

    def paragraph(self, place: int) -> int:
        """Return the number of the paragraph that an offset is in."""
        return bisect_right(self._paragraph_starts, place) - 1

    def subject(self, part: Span) -> Phrase | None:
        """Return the person who is named in the sentence before a part, in the part's own paragraph; else None."""
        number = bisect_right(self._sentence_ends, part[0]) - 1
        if number < 0:
            return None
        sentence = self._sentences[number]
        if self.paragraph(self._row.starts[sentence.first]) != self.paragraph(part[0]):
            return None
        subject = sentence_subject(self._row, sentence.first, sentence.last)
        if subject is None or self._row.words[subject[0]] in PRONOUNS | DETERMINERS:
            return None
        subject = self._with_name(subject, sentence.last)
        return subject if any(self.is_name(n) for n in range(*subject)) else None

    def _with_name(self, subject: Phrase, last: int) -> Phrase:
        """Return the subject with the name behind its description: "Opposition leader Piet Vos"."""
        first, end = subject
        name = end
        while (
            name < min(last, end + LONGEST_DESCRIPTION) and self._row.words[name].isalpha() and not self.is_name(name)
        ):
            name += 1
        reach = name
        while reach < last and self.is_name(reach):
            reach += 1
        return (first, reach) if reach - name > 1 else subject

    def is_name(self, number: int) -> bool:
        """True if an item has a capital, here and somewhere in the middle of a sentence."""
        return self._row.capital[number] and self._row.words[number] in self._names


def divided(
    row: Items, sentences: Sequence[Sentence], paragraphs: Sequence[Span], quotations: Sequence[Quotation]
) -> list[Quotation]:
    """Return the quotations, cut where a paragraph begins with words about another person than the source."""
    leads = Leads(row, sentences, paragraphs)
    result: list[Quotation] = []
    for quotation in quotations:
        source = quotation.source
        if quotation.kind is Kind.INDIRECT or len(quotation.parts) < 2 or source is None:
            result.append(quotation)
        else:
            result += _pieces(row, leads, quotation, source)
    return result


def _pieces(row: Items, leads: Leads, quotation: Quotation, source: Mention) -> list[Quotation]:
    """Return the pieces of one quotation; the piece nearest to the source keeps source and cue."""
    said_by = {word.lower() for word in source.text.split()}
    groups: list[list[Span]] = [[quotation.parts[0]]]
    subjects: list[Phrase | None] = [None]
    for before, part in pairwise(quotation.parts):
        subject = leads.subject(part) if leads.paragraph(before[1] - 1) < leads.paragraph(part[0]) else None
        if subject is not None and said_by.isdisjoint(row.words[n] for n in range(*subject) if leads.is_name(n)):
            groups.append([part])
            subjects.append(subject)
        else:
            groups[-1].append(part)
    if len(groups) == 1:
        return [quotation]
    own = max(
        (n for n, group in enumerate(groups) if leads.paragraph(group[0][0]) <= leads.paragraph(source.start)),
        default=0,
    )
    pieces = []
    for number, (group, subject) in enumerate(zip(groups, subjects, strict=True)):
        piece = with_parts(quotation, tuple(group))
        if number != own:
            piece = replace(piece, source=mention(row, subject), cue=None, confidence=min(LED, quotation.confidence))
        pieces.append(piece)
    return pieces
