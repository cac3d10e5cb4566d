"""Names: of the quoted attributions to a named person, how many are stored under that person's full name."""

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
    """What counts of a name: ASCII, lower-cased, without titles and single letters."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in TITLES and len(word) > 1]


def same(stored: str | None, gold: str) -> bool:
    """Whether a stored name is the gold one: first and last words agree, or its last is all that the gold has."""
    given, wanted = name_words(stored), name_words(gold)
    if not given or not wanted:
        return False
    if len(wanted) == 1:
        return given[-1] == wanted[0]
    return len(given) > 1 and (given[0], given[-1]) == (wanted[0], wanted[-1])


def mention_type(source: str, speaker: str) -> str:
    """How a source names its speaker, where the gold does not say: name, surname, pronoun, description or none."""
    said, wanted = name_words(source), name_words(speaker.split(JOINT)[0])
    if not source.strip():
        return "none"
    if wanted and wanted[-1] in said:
        return "name" if wanted[0] in said else "surname"
    return "pronoun" if source.lower().split()[0] in PRONOUNS else "description"


def figures(comparisons: Iterable[Comparison]) -> dict[str, Any] | None:
    """Recall (share, of how many) of any mention and by type of mention, and precision; None without named people.

    A joint speaker counts as found under the name of any of them. Stored quotations of all kinds are paired with the
    gold ones that are direct or mixed. Precision is over those that were matched and given any speaker.
    """
    found, total, given = Counter[str](), Counter[str](), 0
    for comparison in comparisons:
        quoted = [each for each in comparison.gold if each.quoted]
        stored = comparison.all.stored
        matched = dict(pairs([each.content for each in quoted], [each.content for each in stored]))
        for number, each in enumerate(quoted):
            speaker = each.quote.speaker
            if each.quote.source_kind != "person" or not speaker:
                continue
            name = stored[matched[number]].quote.speaker if number in matched else None
            right = any(same(name, one) for one in speaker.split(JOINT))
            given += bool(name)
            for kind in (ANY, each.quote.mention_type or mention_type(source_text(comparison, each), speaker)):
                total[kind] += 1
                found[kind] += right
    if not total:
        return None
    return {
        "recall": {kind: (round(found[kind] / total[kind], 4), total[kind]) for kind in total},
        "precision": round(found[ANY] / given, 4) if given else 0.0,
    }


def source_text(comparison: Comparison, gold: Gold) -> str:
    """The source's words."""
    return " ".join(comparison.article.text[start:end] for start, end in gold.source)
