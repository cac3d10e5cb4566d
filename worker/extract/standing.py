"""Quotations that stand alone: whole sentences in marks that neither the network nor a cue gives to anybody.

`“…,” she said.¶“And now we wait.”` The training corpus has hardly any paragraph of this form, and the news of the world
has many. The text around tells who speaks; the confidence says how sure that is.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.building import build, with_parts
from worker.extract.leads import RESUMED, Leads, Speakers
from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence, final_sign
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.continuation import count_words, is_quotation
from worker.extract.union import Cover

SHORTEST = 3
"""Quotations with fewer words are titles and names."""
WORD = re.compile(r"[^\W\d_][\w'’-]*")
FINAL = frozenset(".?!…")
SMALL_IN_HEADINGS = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "if", "in", "into", "nor", "of", "off", "on", "onto",
    "or", "over", "per", "so", "than", "the", "to", "up", "via", "vs", "with", "yet",
))  # fmt: skip
"""Only these words begin with a small letter in headlines (Chicago Manual of Style, 17th edition, 8.159), no verb."""


def standing(
    row: Items, sentences: Sequence[Sentence], leads: Leads, quotations: Sequence[Quotation]
) -> list[Quotation]:
    """Return the quotations that stand alone and have no character in common with any of `quotations`, by start."""
    covered, speakers = Cover(quotations), Speakers(leads, quotations)
    added: list[Quotation] = []
    for number, sentence in enumerate(sentences):
        quotes = row.quotes_in(sentence.first, sentence.last)
        if not quotes or not is_quotation(row, sentence) or not is_statement(row, quotes):
            continue
        parts = [segment for n in quotes for segment in segments(row, n)]
        if covered.touches(parts):
            continue
        if number + 1 < len(sentences) and is_answered(row, leads, sentence, sentences[number + 1]):
            source: Mention | None = None
            confidence = RESUMED
        else:
            source, confidence = speakers.before((parts[0][0], parts[-1][1]))
        quotation = build(row.text, parts, Kind.DIRECT, source, None, confidence)
        if quotation is not None:
            added.append(quotation)
            speakers.add(quotation)
    return added


def is_statement(row: Items, quotes: Sequence[int]) -> bool:
    """True if the words in marks are whole sentences, and not a title, a heading or words that the writer doubts."""
    (start, end), *_ = segments(row, quotes[0])
    begins = row.text[start:end].lstrip("[( '‘“\"…")[:1]
    return (
        final_sign(row, quotes[-1]) in FINAL
        and begins.isalnum()
        and not begins.islower()
        and count_words(row, quotes) >= SHORTEST
        and not is_headline(row, quotes)
    )


def is_headline(row: Items, quotes: Sequence[int]) -> bool:
    """True for words that are written like a headline, `'Legend in the Coal Fields.'`, but not all in capitals."""
    words = [word for n in quotes for start, end in segments(row, n) for word in WORD.findall(row.text, start, end)]
    small = {word for word in words if word[0].islower()}
    return small <= SMALL_IN_HEADINGS and not all(word.isupper() for word in words)


def segments(row: Items, number: int) -> Sequence[Span]:
    """Return the stretches in marks of a quoted item."""
    region = row.regions[number]
    assert region is not None
    return region.segments


def is_answered(row: Items, leads: Leads, sentence: Sentence, following: Sentence) -> bool:
    """True if another quotation comes right behind, in the same paragraph: `“How long?” “Two weeks,” he replied.`

    Where paragraphs were lost, the next mark may open a further paragraph of the same words; then the first is not
    closed.
    """
    last = next(region for region in reversed(row.regions[sentence.first : sentence.last]) if region is not None)
    if not last.closed:
        return False
    same_paragraph = leads.paragraph(row.starts[sentence.first]) == leads.paragraph(row.starts[following.first])
    return same_paragraph and row.is_quote(following.first)


def completed(row: Items, sentences: Sequence[Sentence], quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations; one that goes on behind its attribution, in the same sentence, gets that part too.

    `“The pier,” said Ferro – who has run the harbour for ten years – “is closed.”`
    """
    covered = Cover(quotations)
    ends = [row.ends[sentence.last - 1] for sentence in sentences]
    result = []
    for quotation in quotations:
        quotation = released(row, quotation)
        attributed = [mention.end for mention in quotation.mentions]
        behind = max(attributed, default=0)
        if quotation.kind is Kind.DIRECT and min(attributed, default=0) > quotation.end:
            sentence = sentences[bisect_left(ends, behind)]
            quotes = [n for n in row.quotes_in(sentence.first, sentence.last) if row.starts[n] >= behind]
            parts = [part for n in quotes[:1] if is_rest(row, n) for part in segments(row, n)]
            if parts and row.starts[sentence.first] <= quotation.end and not covered.touches(parts):
                quotation = with_parts(row.text, quotation, (*quotation.parts, *parts))
        result.append(quotation)
    return result


def released(row: Items, quotation: Quotation) -> Quotation:
    """Return a quotation whose source does not go on over its own last words: `said Ferro – who … – “is closed.”`."""
    source = quotation.source
    if source is None or source.start < quotation.start:
        return quotation
    number = bisect_left(row.ends, source.end)
    if number == len(row.ends) or not row.is_quote(number) or row.starts[number] <= source.start:
        return quotation
    words = row.text[source.start : row.starts[number]].rstrip(" \u00a0–—-,")
    if not words or not is_rest(row, number):
        return quotation
    return replace(quotation, source=Mention(words, source.start, source.start + len(words)))


def is_rest(row: Items, number: int) -> bool:
    """True if a quoted item ends a sentence that began before it."""
    start, end = segments(row, number)[0]
    return final_sign(row, number) in FINAL and row.text[start:end].lstrip()[:1].islower()
