"""Who is spoken of right before a quotation: the person whose words it is, if no cue of its own says more."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.quotation import Mention, Quotation, Span
from worker.extract.rules.quotations import mention
from worker.extract.rules.sources import DETERMINERS, PREPOSITIONS, PRONOUNS, Phrase
from worker.extract.rules.subjects import sentence_subject
from worker.extract.vocabulary import words

LED = 0.6
"""The confidence that a quotation belongs to the person of whom the words before it speak; an estimate."""
GOES_ON = 0.85
"""The share of quotations right behind another one that have the same speaker: 12 of 14 in PolNeAR's train part."""
RESUMED = 0.5
"""The confidence that a quotation has the speaker of the last one, with the writer's words in between; an estimate."""
FARTHEST = 2
"""A quotation has the speaker of the last one if at most so many paragraphs lie between the beginnings of the two."""
PERSONS = words("he she they")
POINTING = words("that those these this such so thus")
LONGEST_DESCRIPTION = 3
"""At most so many words without a capital stand before a name in one phrase ("Opposition leader Piet Vos")."""


class Leads:
    """Finds the persons of whom the sentences of a text speak."""

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

    def sentence(self, place: int) -> int:
        """Return the number of the sentence that an offset is in."""
        return bisect_right(self._sentence_ends, place)

    def subject(self, part: Span) -> Phrase | None:
        """Return the person who is named in the sentence before a part, in the part's own paragraph; else None."""
        sentence = self._sentence_before(part[0])
        if sentence is None or self.paragraph(self._row.starts[sentence.first]) != self.paragraph(part[0]):
            return None
        return self._named(sentence)

    def narrated(self, part: Span, since: int) -> Sentence | None:
        """Return the sentence before a part if the whole sentence stands behind the offset `since`; else None."""
        sentence = self._sentence_before(part[0])
        return sentence if sentence is not None and self._row.starts[sentence.first] >= since else None

    def person(self, sentence: Sentence) -> Phrase | None:
        """Return the person who is the subject of a sentence, by name or as "he", "she" or "they"; else None."""
        subject = sentence_subject(self._row, sentence.first, sentence.last)
        if subject is not None and self._row.words[subject[0]] in PERSONS:
            return subject
        return self._named(sentence)

    def pointed(self, place: int) -> Phrase | None:
        """Return the first name of the sentence behind the one at `place`, if it points back to it; else None.

        `“…” That was the answer of Rell.`
        """
        number = bisect_right(self._sentence_ends, place) + 1
        if number >= len(self._sentences):
            return None
        first, last = self._sentences[number].first, self._sentences[number].last
        if self._row.words[first] not in POINTING or not self._row.is_quote(first - 1):
            return None
        name = next((n for n in range(first + 1, last) if self.is_name(n)), None)
        if name is None:
            return None
        end = name
        while end < last and self.is_name(end):
            end += 1
        return (name, end)

    def mention(self, phrase: Phrase) -> Mention | None:
        """Return a phrase with its offsets."""
        return mention(self._row, phrase)

    def is_name(self, number: int) -> bool:
        """True if an item has a capital, here and somewhere in the middle of a sentence."""
        return self._row.capital[number] and self._row.words[number] in self._names

    def has_name(self, spelled: Iterable[str]) -> bool:
        """True if one of some words is written as a name in the middle of a sentence."""
        return any(word[0].isupper() and word.lower() in self._names for word in spelled)

    def _sentence_before(self, place: int) -> Sentence | None:
        number = bisect_right(self._sentence_ends, place) - 1
        return self._sentences[number] if number >= 0 else None

    def _named(self, sentence: Sentence) -> Phrase | None:
        """Return the subject of a sentence if it is a name; else None."""
        subject = sentence_subject(self._row, sentence.first, sentence.last)
        if subject is None or (first := self._row.words[subject[0]]) in PRONOUNS or first in DETERMINERS:
            return None
        subject = self._with_name(subject, sentence.last)
        return subject if any(self.is_name(n) for n in range(*subject)) else None

    def _with_name(self, subject: Phrase, last: int) -> Phrase:
        """Return the subject with the name behind its description: "Opposition leader Piet Vos"."""
        first, end = subject
        name = end
        while name < min(last, end + LONGEST_DESCRIPTION) and self._describes(name):
            name += 1
        reach = name
        while reach < last and self.is_name(reach):
            reach += 1
        return (first, reach) if reach - name > 1 else subject

    def _describes(self, number: int) -> bool:
        """True if an item can stand in a description before a name; "with" in "sessions with Piet Vos" cannot."""
        word = self._row.words[number]
        return word.isalpha() and word not in PREPOSITIONS and not self.is_name(number)


class Speakers:
    """Finds the likely speaker of a quotation that no cue reports, from the text before it."""

    def __init__(self, leads: Leads, quotations: Sequence[Quotation]) -> None:
        self._leads = leads
        self._said: list[tuple[int, int, Quotation]] = []  # where a part ends, minus where it begins, its quotation
        for quotation in quotations:
            self._said += [(end, -start, quotation) for start, end in quotation.parts]
        self._said.sort(key=_place)

    def add(self, quotation: Quotation) -> None:
        """Take one more quotation."""
        for start, end in quotation.parts:
            insort(self._said, (end, -start, quotation), key=_place)

    def before(self, part: Span) -> tuple[Mention | None, float]:
        """Return the source of a quotation that begins with `part`, and how sure it is."""
        leads = self._leads
        pointed = leads.pointed(part[1])
        if pointed is not None:
            return leads.mention(pointed), LED
        number = bisect_right(self._said, (part[0], 0), key=_place) - 1
        source, since, last = None, 0, -FARTHEST
        if number >= 0:
            since, _, said = self._said[number]
            source, last = said.source, leads.paragraph(since - 1)
            since = end_with_attribution(said, since, part[0])
        near = leads.paragraph(part[0]) - last
        sentence = leads.narrated(part, since)
        if sentence is None:
            return (source, GOES_ON) if source is not None and near <= 1 else (None, RESUMED)
        person = leads.subject(part) or leads.person(sentence)
        if person is not None:
            return leads.mention(person), LED
        return (source if near <= FARTHEST else None), RESUMED


def end_with_attribution(quotation: Quotation, end: int, place: int) -> int:
    """Return where a part that ends at `end` is over, with its source and cue as far as they end before `place`."""
    return max([end, *(mention.end for mention in quotation.mentions if mention.end <= place)])


def _place(said: tuple[int, int, Quotation]) -> tuple[int, int]:
    """Return the key by which quotations are sorted: by end, and the outer one behind those inside it."""
    return said[:2]
