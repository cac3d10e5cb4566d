"""Quotations whose cue has a subject in its sentence, though the network gives them no source.

`The airline won permission to fly to Lowmark and expects to start in June`: the subject of "expects" stands far before
it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.building import with_parts
from worker.extract.marks.items import Items
from worker.extract.marks.sentences import Sentence
from worker.extract.quotation import Quotation
from worker.extract.rules.cues import ADVERBS, BE, MAYBE_NOUNS, Cue, cues
from worker.extract.rules.quotations import mention
from worker.extract.rules.sources import DAYS, Phrase
from worker.extract.rules.subjects import subject_of
from worker.extract.rules.verbs import ADDRESSEE, CLAUSE, VerbForm

BEHIND_PARTICIPLES = DAYS | {"by", "as", "between", "."}
"""Words behind a form like "announced" that show that it is no verb of its own: `the plan announced Tuesday`."""
SUPPOSED = frozenset(("expect", "believe", "think", "estimate", "report", "allege"))
"""Verbs that before "to" are mostly participles: `figures expected to reach $9 billion`."""
MODALS = frozenset(("will", "would", "can", "could", "may", "might", "shall", "should", "must"))


def with_subjects(row: Items, sentences: Sequence[Sentence], quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations; one with an active, finite cue and no source has the subject of the cue as its source."""
    ends = [row.ends[sentence.last - 1] for sentence in sentences]
    return [
        _with_subject(row, sentences[bisect_left(ends, each.cue.end)], each)
        if each.source is None and each.cue is not None
        else each
        for each in quotations
    ]


def _with_subject(row: Items, sentence: Sentence, quotation: Quotation) -> Quotation:
    assert quotation.cue is not None
    if not BE.isdisjoint(quotation.cue.text.lower().split()):
        return quotation
    for cue in cues(row, sentence.first, sentence.last):
        start, end = row.starts[cue.first], row.ends[cue.last - 1]
        if start < quotation.cue.end and quotation.cue.start < end and is_surely_active(row, sentence, cue):
            subject = subject_of(row, sentence.first, cue, None)
            if subject is None or not is_whole(row, subject):
                return quotation
            source = mention(row, subject)
            assert source is not None
            if any(first < source.end and source.start < last for first, last in quotation.parts):
                return quotation
            return with_parts(row.text, replace(quotation, source=source), quotation.parts)
    return quotation


def is_surely_active(row: Items, sentence: Sentence, cue: Cue) -> bool:
    """True for a finite verb that is no noun and no participle.

    False for `calls for`, `the plan announced Tuesday`, `was arrested and ordered to …`.
    """
    if cue.form is VerbForm.ING or not MAYBE_NOUNS.isdisjoint(row.words[cue.first : cue.last]):
        return False
    behind = row.words[cue.last] if cue.last < sentence.last else "."
    if behind == "to" and cue.form is VerbForm.PAST and cue.lemma in SUPPOSED:
        return False
    is_joined = row.words[cue.first - 1] in ("and", "but", "or")
    before = row.words[sentence.first if is_joined else cue.first : cue.last]
    if behind in BEHIND_PARTICIPLES:
        return False
    is_said = CLAUSE in cue.governs and ADDRESSEE not in cue.governs  # nobody "was insisted"
    return (is_joined and is_said) or (BE | MODALS if is_joined else BE).isdisjoint(before)


def is_whole(row: Items, subject: Phrase) -> bool:
    """True for a noun phrase that is not cut at a sign, as "based firm" in "The Lowmark-based firm" is."""
    first, last = subject
    start, end = row.starts[first], row.ends[last - 1]
    if last - first == 1 and (row.words[first] in ADVERBS | DAYS or end - start == 1):
        return False
    is_cut = start > 0 and row.text[start - 1] not in ' \n\u00a0("“'
    return not is_cut and row.text[end : end + 2].lstrip()[:1] not in ("&", "-")
