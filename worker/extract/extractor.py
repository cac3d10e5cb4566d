"""The room's one entry, `extract`: text in, quotations out.

Marks that quote nobody give no quotation. The network has learned to leave out scare quotes, titles and sub-headings.
If it still joins a sub-heading to the next quotation, `binding` drops the sub-heading.
"""

import re
from collections.abc import Callable, Sequence

from worker.extract.borders import divided
from worker.extract.building import build
from worker.extract.context import in_context
from worker.extract.denial import with_denials
from worker.extract.edges import with_edges
from worker.extract.endings import with_endings
from worker.extract.leads import Leads
from worker.extract.marks.asides import without_asides
from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import Region, regions
from worker.extract.marks.sentences import sentences
from worker.extract.model.certainty import Confide, certainty
from worker.extract.model.reader import quotations
from worker.extract.nesting import nested
from worker.extract.quotation import Kind, Quotation, Span
from worker.extract.relayed import Relays
from worker.extract.rules.confidence import MARKS_ONLY
from worker.extract.rules.passage import passage, within
from worker.extract.saying import reports
from worker.extract.seen import Seen, hides, in_words_of
from worker.extract.silent import without_silent
from worker.extract.standing import completed, standing
from worker.extract.subjectless import with_subjects
from worker.extract.unclosed import ended
from worker.extract.union import union
from worker.extract.version import Mode
from worker.extract.whole import in_whole_words

SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""A character of a script without blanks between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
CHARACTERS_PER_WORD = 2
SHORTEST_FOREIGN = 3
"""Ignore quoted regions of fewer words in a language whose cues we do not know: they are names and scare quotes."""


def ignore(warning: str) -> None:
    """Do nothing with a warning."""


def extract(
    text: str,
    body: Span | None = None,
    language: str | None = "en",
    mode: Mode = Mode.FULL,
    warn: Callable[[str], None] = ignore,
    confide: Confide = certainty,
) -> list[Quotation]:
    """Return the quotations of `text`, in the order of their starts.

    `body` is the stretch to read, `[start, end)` in code points; None means all of `text`. Offsets always count from
    the start of `text`. `language` is an ISO 639-1 code; None counts as English. We know cues in English only: in
    another language each quoted region is a quotation without source or cue. `warn` is called with a sentence if the
    text is too long to be read whole. `confide` gives the network's quotations their confidence. This function raises
    no exception for any text.
    """
    span = (0, len(text)) if body is None else (max(0, body[0]), min(len(text), body[1]))
    seen = Seen(text) if hides(text) else None
    read_text, read_span = (seen.text, seen.span(span)) if seen else (text, span)
    paragraph_spans = paragraphs(read_text, *read_span)
    without = without_asides(read_text, paragraph_spans)
    found = _read(without, read_span, paragraph_spans, language, mode, warn, confide)
    if without != read_text:
        found = in_words_of(read_text, found)
    return seen.stored(found) if seen else found


def _read(
    text: str,
    span: Span,
    all_paragraphs: Sequence[Span],
    language: str | None,
    mode: Mode,
    warn: Callable[[str], None],
    confide: Confide,
) -> list[Quotation]:
    """Return the quotations in a span of a seen text, in which the paragraphs that are no part of it are blank."""
    paragraph_spans = [(start, end) for start, end in all_paragraphs if not text[start:end].isspace()]
    all_regions = regions(text, paragraph_spans)
    outermost = [region for region in all_regions if region.parent is None]
    is_english = language is None or language.lower().startswith("en")
    if is_english:
        outermost = ended(text, outermost)
    row = items(text, span, outermost)
    row_sentences = sentences(row, paragraph_spans)
    sentence_spans = [(row.starts[sentence.first], row.ends[sentence.last - 1]) for sentence in row_sentences]
    if not is_english:
        return in_context(sentence_spans, nested(marked(text, all_regions)))
    relays = Relays(row, row_sentences)
    read = [
        in_whole_words(text, quotation, span)
        for quotation in quotations(
            text, paragraph_spans, sentence_spans, outermost, relays, mode is Mode.QUOTED, warn, confide
        )
    ]
    read = with_endings(text, sentence_spans, with_edges(text, sentence_spans, read))
    read = with_subjects(row, row_sentences, read)
    ruled = passage(text, row, row_sentences, paragraph_spans)
    for outer in outermost:
        if outer.children:
            ruled += within(text, outer, [all_regions[number] for number in outer.children])
    ruled = [(rule, relays.attributed(quotation)) for rule, quotation in ruled]
    leads = Leads(row, row_sentences, paragraph_spans)
    together = divided(row, leads, without_silent(row, leads, union(text, read, ruled)))
    together = completed(row, row_sentences, together)
    together += standing(row, row_sentences, leads, together)
    together = reports(text, sentence_spans, outermost, together)
    if mode is Mode.QUOTED:
        together = [quotation for quotation in together if quotation.kind is not Kind.INDIRECT]
    return in_context(sentence_spans, with_denials(text, nested(together)))


def marked(text: str, all_regions: Sequence[Region]) -> list[Quotation]:
    """Return each quoted region of at least `SHORTEST_FOREIGN` words as a quotation without source or cue."""
    built = (
        build(text, region.segments, Kind.DIRECT, None, None, MARKS_ONLY)
        for region in all_regions
        if sum(number_of_words(text[start:end]) for start, end in region.segments) >= SHORTEST_FOREIGN
    )
    return [quotation for quotation in built if quotation is not None]


def number_of_words(stretch: str) -> int:
    """Return the number of words; in scripts without blanks between words, two characters count as one."""
    return len(stretch.split()) + len(SPACELESS.findall(stretch)) // CHARACTERS_PER_WORD
