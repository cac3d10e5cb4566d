"""Words that one source relays from another: `She quoted him as saying: “…”`, `he was quoted by AFP as saying …`.

The annotators of the training corpus name her and AFP as the source of these words. The users of Onrecord want
him, who said them. His name and `as saying` are also no part of the words, as which the network takes them.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.extract.building import with_parts
from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.model.attributed import LinkedSpans
from worker.extract.model.pieces import Pieces
from worker.extract.quotation import Mention, Quotation, Span
from worker.extract.rules.cues import ADVERBS, AUXILIARIES, BE
from worker.extract.rules.sources import DETERMINERS, LONGEST, PREPOSITIONS, RELATIVE, Phrase, before
from worker.extract.vocabulary import words

AS_SAYING = re.compile(r"\b(?:as\s+\w+ing|saying)\b", re.IGNORECASE)
"""Also without `as`: `was quoted in the Post saying`."""
NO_SAYING = BE | words("having")
"""Forms in -ing of no verb of saying: `cited the cold as being the reason`."""
QUOTES = words("quote quotes quoted quoting")
QUOTING = QUOTES | words("cite cites cited citing")
QUOTED = words("quoted cited reported")
LONGEST_BETWEEN = 40
"""At most so many items stand between `quoted` and `as saying`."""
TELLING = "telling"
LONGEST_HEARER = 8
"""At most so many items name those who were told."""
MOST_AT_END = 8
"""At most so many items are left of a sentence whose words stand before `as saying`: `as saying on Sunday.`"""
BORDERS = frozenset({";", ":", "?", "!"})
ENDS_ANOTHER = ",\"”’'»"
"""Behind one of these, what follows is no part of the words before it."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Where a text relays somebody's words; all as offsets.

    `source`: who said them. `cue`: `saying`. `frame` goes from the verb (`quoted`) to the end of the cue, and
    `attribution` from there, or from the source if that comes first: none of it is what was said. `fronted` is the
    clause before a comma and these words: `The harbour is safe, AFP quoted him as saying.`
    """

    source: Span
    cue: Span
    frame: Span
    attribution: Span
    fronted: Span | None = None


class Relays:
    """Finds in a row of items where words are relayed, and gives these words to those who said them."""

    def __init__(self, row: Items, sentences: Sequence[Sentence]) -> None:
        self._row = row
        self._found: list[Relay] = []
        for match in AS_SAYING.finditer(row.text):
            number = bisect_left(row.starts, match.start())
            cue = number + 1 if number < len(row) and row.words[number] == "as" else number
            if not (cue < len(row) and row.words[cue].endswith("ing") and row.words[cue] not in NO_SAYING):
                continue  # the match stands inside marks, or its verb is none of saying
            sentence = sentences[bisect_right(sentences, number, key=lambda each: each.first) - 1]
            relay = self._relay(sentence, number, cue)
            if relay is not None:
                self._found.append(relay)
        self._ends = [relay.frame[1] for relay in self._found]

    def linked(self, pieces: Pieces, linked: Sequence[LinkedSpans]) -> list[LinkedSpans]:
        """Return the attributions of the network; those of relayed words have the speaker as their source.

        What has no words left, since the network took the speaker's name for what was said, is left out.
        """
        if not self._found:
            return list(linked)
        changed = []
        for attribution in linked:
            relay = self._at(int(pieces.starts[attribution.cue[0]]), int(pieces.ends[attribution.cue[1] - 1]))
            contents = attribution.contents
            if relay is not None:
                source, cue = within(pieces, relay.source), within(pieces, relay.cue)
                contents = self._said(pieces, contents, relay)
                says_so = attribution.cue[0] <= cue[0] and cue[1] <= attribution.cue[1]
                if source[0] < source[1] and cue[0] < cue[1]:
                    cue = attribution.cue if says_so else cue
                    attribution = replace(attribution, source=source, cue=cue, contents=contents)
            if contents:
                changed.append(attribution)
        return changed

    def attributed(self, quotation: Quotation) -> Quotation:
        """Return a quotation that a rule found; if its cue relays the words of another, he is its source."""
        relay = self._at(quotation.cue.start, quotation.cue.end) if quotation.cue is not None else None
        if relay is None:
            return quotation
        source, cue = self._mention(relay.source), self._mention(relay.cue)
        return with_parts(self._row.text, replace(quotation, source=source, cue=cue), quotation.parts)

    def _at(self, start: int, end: int) -> Relay | None:
        """Return the relay whose frame has a character in common with a cue; None if there is none."""
        number = bisect_right(self._ends, start)
        if number == len(self._found) or self._found[number].frame[0] >= end:
            return None
        return self._found[number]

    def _said(self, pieces: Pieces, contents: Sequence[Span], relay: Relay) -> tuple[Span, ...]:
        """Return contents without the words of the attribution, and without what it adds: `as saying on Sunday`."""
        first, last = within(pieces, relay.attribution)
        apart = [content for content in contents if content[1] <= first or last <= content[0]]
        cut = [content for content in contents if content[0] < last and first < content[1]]
        for start, _ in cut:
            earlier = self._row.text[int(pieces.starts[start]) : int(pieces.starts[first])].rstrip()
            if start < first and earlier[-1:] in ENDS_ANOTHER:
                apart.append((start, first))
        if not any(end <= first for _, end in apart):
            apart += [(last, end) for _, end in cut if last < end]
        if not apart and relay.fronted is not None:
            fronted = within(pieces, relay.fronted)
            apart = [fronted] if fronted[0] < fronted[1] else []
        return tuple(sorted(apart))

    def _relay(self, sentence: Sentence, number: int, saying: int) -> Relay | None:
        """Return the relay that ends with `as saying`, or None.

        `saying` is the number of that item, and `number` that of the `as` before it; without `as` both are the same.
        """
        row, words = self._row, self._row.words
        cue, has_as = (row.starts[saying], row.ends[saying]), number < saying
        for verb in range(number - 1, max(sentence.first, number - LONGEST_BETWEEN) - 1, -1):
            if words[verb] in BORDERS or row.is_quote(verb):
                return None
            start = row.starts[verb]
            if has_as and self._found and self._found[-1].cue[0] == start:  # `as saying … and as predicting …`
                end = self._end(sentence, saying)
                return Relay(self._found[-1].source, cue, (row.starts[number], cue[1]), (row.starts[number], end))
            if words[verb] in QUOTING | QUOTED:
                if not has_as and (words[verb] not in QUOTES or words[number - 1] == ","):
                    return None  # `quoted the Bible, saying …`: the subject says it
                subject = self._subject(sentence, verb)
                source = self._active(verb, number)
                if self._is_passive(verb):
                    source = self._passive(subject, verb)
                if source is None:
                    return None
                is_last = sentence.last - number <= MOST_AT_END
                fronted = self._fronted(sentence, subject) if is_last else None
                end = self._end(sentence, saying)
                return Relay(source, cue, (start, cue[1]), (min(source[0], start), end), fronted)
        return None

    def _end(self, sentence: Sentence, cue: int) -> int:
        """Return where an attribution ends: with its cue, or with the hearer: `as telling the council that …`."""
        row = self._row
        if row.words[cue] != TELLING or cue + 2 >= sentence.last:
            return row.ends[cue]
        behind = row.words[cue + 1 : min(sentence.last, cue + 1 + LONGEST_HEARER)]
        hearer = behind.index("that") if "that" in behind else 1 + (behind[0] in DETERMINERS)
        return row.ends[cue + hearer]

    def _subject(self, sentence: Sentence, verb: int) -> Phrase | None:
        """Return the subject of a verb."""
        row = self._row
        while verb > sentence.first and (row.words[verb - 1] in BE | AUXILIARIES or self._is_adverb(verb - 1)):
            verb -= 1
        quotes = row.quotes_in(sentence.first, verb)
        return before(row, quotes[-1] + 1 if quotes else sentence.first, verb)

    def _fronted(self, sentence: Sentence, subject: Phrase | None) -> Span | None:
        """Return the words of a sentence before a comma and the subject; None if there are none."""
        row = self._row
        if subject is None or subject[0] - 2 < sentence.first or row.words[subject[0] - 1] != ",":
            return None
        return row.starts[sentence.first], row.ends[subject[0] - 2]

    def _is_passive(self, verb: int) -> bool:
        """True if a form of `be` stands before the verb, with adverbs between them or none."""
        while verb > 0 and self._is_adverb(verb - 1):
            verb -= 1
        return verb > 0 and self._row.words[verb - 1] in BE

    def _is_adverb(self, number: int) -> bool:
        word = self._row.words[number]
        return word in ADVERBS or (word.endswith("ly") and not self._row.capital[number])

    def _active(self, verb: int, number: int) -> Span | None:
        """Return whom the verb quotes: what stands behind it."""
        row = self._row
        end = number - 1 if row.words[number - 1] == "," else number
        if row.words[verb] not in QUOTING or not verb + 1 < end <= verb + LONGEST:
            return None
        return None if row.words[verb + 1] in PREPOSITIONS else (row.starts[verb + 1], row.ends[end - 1])

    def _passive(self, subject: Phrase | None, verb: int) -> Span | None:
        """Return who is quoted: the subject of the verb."""
        row = self._row
        if subject is None or row.words[verb] not in QUOTED or row.words[subject[0]] in RELATIVE:
            return None
        return row.starts[subject[0]], row.ends[subject[1] - 1]

    def _mention(self, span: Span) -> Mention:
        return Mention(self._row.text[slice(*span)], *span)


def within(pieces: Pieces, span: Span) -> Span:
    """Return the pieces of a stretch of the text; an empty span if it was not cut into pieces."""
    return int(pieces.starts.searchsorted(span[0])), int(pieces.starts.searchsorted(span[1]))
