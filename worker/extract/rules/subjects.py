"""Subjects: the source of a cue, even if it is not the phrase right before the cue."""

from worker.extract.marks.items import Items
from worker.extract.rules import sources
from worker.extract.rules.clauses import LEADING
from worker.extract.rules.cues import Cue
from worker.extract.rules.sources import DAYS, DETERMINERS, PREPOSITIONS, PRONOUNS, Phrase
from worker.extract.vocabulary import words

SUBORDINATE = words("after when while as although though because since if unless until once before despite")
"""Words that begin a clause or an adverbial before the subject of the sentence."""


def subject_of(row: Items, first: int, cue: Cue, inherited: Phrase | None) -> Phrase | None:
    """Return the source left of a cue, not before item `first`; None if there is no source.

    After a comma or conjunction the source may be `inherited`, the source of the previous cue: `… and added`.
    """
    word_before = row.words[cue.first - 1] if cue.first > first else ""
    if word_before in ("and", "but", "or"):
        # the sentence's own subject if another verb comes first: "Smith left and said"
        return inherited or sentence_subject(row, first, cue.first)
    subject = sources.before(row, first, cue.first)
    return inherited if subject is None and word_before == "," else subject


def sentence_subject(row: Items, first: int, last: int) -> Phrase | None:
    """Return the first noun phrase of a sentence: a pronoun, a name, or a description with an article.

    None if there is no such phrase.
    """
    while first < last and (row.words[first] in LEADING or row.words[first] in (",", "-", "–", "—")):
        first += 1
    if first >= last:
        return None
    if row.words[first] in PREPOSITIONS or row.words[first].endswith("ing") or row.words[first] in DAYS | SUBORDINATE:
        comma = next((n for n in range(first, min(last, first + 25)) if row.words[n] == ","), None)
        if comma is None or comma + 1 >= last:
            return None
        first = comma + 1
    word = row.words[first]
    if word in PRONOUNS:
        return (first, first + 1)
    if not (row.capital[first] or word in DETERMINERS):
        return None
    number = first
    while number < last and (
        row.capital[number]
        or row.words[number] in DETERMINERS
        or row.words[number] in ("of", "&")
        or (row.words[number] == "." and row.capital[number - 1] and len(row.words[number - 1]) <= 3)
    ):
        number += 1
    if row.words[first] in DETERMINERS and number == first + 1 and number < last:
        number += 1
    while (number > first + 1 and row.words[number - 1] in ("of", "&", ".")) or (
        row.words[number - 1] in DETERMINERS and number > first + 1
    ):
        number -= 1
    return (first, number)
