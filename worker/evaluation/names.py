"""Results for names: which share of the quoted attributions to a named person is stored with the person's full name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

from worker.evaluation.comparison import Comparison, Gold
from worker.evaluation.pairing import pairs

LEFT_OUT = "mr mrs ms dr sen rep gov president secretary gen sir lord former vice the jr sr"
TITLES = frozenset(LEFT_OUT.split())
PRONOUNS = frozenset({"he", "she", "they", "him", "her", "his", "i", "we", "it", "who"})
JOINT = " & "
ANY = "any"


def name_words(name: str | None) -> list[str]:
    """Return the words of a name that are compared: in ASCII and lower case, without titles and single letters."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in TITLES and len(word) > 1]


def same(stored: str | None, gold: str) -> bool:
    """True if a stored name means the same as the gold name: the first and the last word agree.

    If the gold has only one word, it must be the last word of the stored name. Two words may stand in the other order:
    "Szabó Ferenc" is Ferenc Szabó.
    """
    ours, theirs = name_words(stored), name_words(gold)
    if not ours or not theirs:
        return False
    if len(theirs) == 1:
        return ours[-1] == theirs[0]
    if len(ours) == len(theirs) == 2 and ours == theirs[::-1]:
        return True
    return len(ours) > 1 and (ours[0], ours[-1]) == (theirs[0], theirs[-1])


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
