"""Results for names: which share of the quoted attributions to a named person is stored with the person's full name."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from worker.evaluation.comparison import Comparison, Gold
from worker.evaluation.pairing import pairs
from worker.evaluation.same_name import JOINT, name_words, same

PRONOUNS = frozenset({"he", "she", "they", "him", "her", "his", "i", "we", "it", "who"})
ANY = "any"


def mention_type(source: str, speaker: str) -> str:
    """Return how a source names its speaker: name, surname, pronoun, description or none.

    This is used if the gold does not say it.
    """
    source_words, speaker_words = name_words(source), name_words(speaker.split(JOINT)[0])
    if not source.strip():
        return "none"
    if speaker_words and speaker_words[-1] in source_words:
        return "name" if speaker_words[0] in source_words else "surname"
    return "pronoun" if source.lower().split()[0] in PRONOUNS else "description"


def figures(comparisons: Iterable[Comparison]) -> dict[str, Any] | None:
    """Return recall and precision of names; None if the gold names no person.

    Recall is a pair, the share and the number of mentions that it is a share of, for all mentions and for each type. If
    the gold has several speakers for a quotation, the name of one of them is enough. The gold quotations are the direct
    and mixed quotations; the stored quotations are of all kinds. Precision is the share among the matched quotations
    with a stored speaker.
    """
    right, total, named = Counter[str](), Counter[str](), 0
    for comparison in comparisons:
        quoted = [gold for gold in comparison.gold if gold.quoted]
        stored = comparison.all.stored
        matched = dict(pairs([gold.content for gold in quoted], [quote.content for quote in stored]))
        for number, gold in enumerate(quoted):
            speaker = gold.quote.speaker
            if gold.quote.source_kind != "person" or not speaker:
                continue
            name = stored[matched[number]].quote.speaker if number in matched else None
            is_right = any(same(name, person) for person in speaker.split(JOINT))
            named += bool(name)
            for kind in (ANY, gold.quote.mention_type or mention_type(source_text(comparison, gold), speaker)):
                total[kind] += 1
                right[kind] += is_right
    if not total:
        return None
    return {
        "recall": {kind: (round(right[kind] / total[kind], 4), total[kind]) for kind in total},
        "precision": round(right[ANY] / named, 4) if named else 0.0,
    }


def source_text(comparison: Comparison, gold: Gold) -> str:
    """Return the words of the source of a gold quotation."""
    return " ".join(comparison.article.text[start:end] for start, end in gold.source)
