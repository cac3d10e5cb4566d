"""Quotations that the network gives to the subject of the next sentence, though that sentence has no verb of saying.

`Ferro began to talk to the crowd. “The pier is closed.” Rell nodded.`: the marks end their sentence, and nobody has to
speak in the next one. In PolNeAR, from which the network learned, a sentence with its speaker ends behind the speaker.
"""

from collections.abc import Sequence
from dataclasses import replace

from worker.extract.building import with_parts
from worker.extract.leads import LED, Leads
from worker.extract.marks.items import Items, item_at
from worker.extract.quotation import Kind, Quotation
from worker.extract.rules.verbs import LEXICON, QUOTE

DOUBTED = 0.45
"""The confidence that the subject of the next sentence speaks if nobody else is spoken of; an estimate."""


def without_silent(row: Items, leads: Leads, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations; those given to a silent person are given to the person of the sentence before them."""
    return [_corrected(row, leads, quotation) if _is_silent(row, quotation) else quotation for quotation in quotations]


def _is_silent(row: Items, quotation: Quotation) -> bool:
    """True if source and cue stand in the next sentence, and the cue is no verb of saying."""
    source, cue = quotation.source, quotation.cue
    if quotation.kind is not Kind.DIRECT or source is None or cue is None:
        return False
    if min(source.start, cue.start) < quotation.end or row.text[quotation.end - 1] not in ".…":
        return False
    verbs = (LEXICON.get(row.words[n]) for n in range(item_at(row, cue.start), item_at(row, cue.end - 1) + 1))
    return row.text[cue.start].isalpha() and not any(verb is not None and QUOTE in verb.governs for verb in verbs)


def _corrected(row: Items, leads: Leads, quotation: Quotation) -> Quotation:
    subject = leads.subject(quotation.parts[0])
    if subject is None:
        return replace(quotation, confidence=min(DOUBTED, quotation.confidence))
    led = replace(quotation, source=leads.mention(subject), cue=None, confidence=min(LED, quotation.confidence))
    return with_parts(row.text, led, quotation.parts)
