"""How sure each rule is.

Each number is the share of a rule's quotations that an annotator of PolNeAR's train part (840 articles) marked too,
with content overlapping by half or more and the same source, measured when the rules were all there was. Whole
quotations with their attribution right beside them (`"…," she said`, `"…," said she`, `She said, "…"`) are counted as
one rule: 3,029 of 3,148. PolNeAR does not mark quotations inside quotations ("inside"), and hardly any transcript
("turn") or signature; those three are our estimates.
"""

from worker.extract.quotation import Kind

BESIDE = 0.96
MEASURED: dict[str, tuple[float, float, float]] = {
    # rule: direct, mixed, indirect
    "after": (BESIDE, 0.77, 0.71),
    "inverted": (BESIDE, 0.73, 0.64),
    "announced": (BESIDE, 0.74, 0.60),
    "announced far": (0.78, 0.74, 0.60),
    "before": (0.61, 0.74, 0.60),
    "participle": (0.63, 0.67, 0.43),
    "according": (0.78, 0.74, 0.75),
    "introduced": (0.56, 0.56, 0.56),
    "subject": (0.44, 0.44, 0.44),
    "signature": (0.80, 0.80, 0.80),
    "turn": (0.80, 0.60, 0.80),
    "inside": (0.70, 0.60, 0.40),
}
KINDS = (Kind.DIRECT, Kind.MIXED, Kind.INDIRECT)
MARKS_ONLY = 0.5
"""For text in a language whose cues are not known: the marks are certain, a speaker is not looked for."""


def confidence(rule: str, kind: Kind) -> float:
    """The share of right ones among what a rule finds of a kind."""
    return MEASURED[rule][KINDS.index(kind)]
