"""How sure each rule is.

Each number is the share of a rule's quotations that an annotator of PolNeAR's train part (840 articles) marked too,
with content overlapping by half or more and the same source, measured when the rules were all there was. Whole
quotations with their attribution right beside them (`"…," she said`, `"…," said she`, `She said, "…"`): 3,029 of
3,148. PolNeAR does not mark quotations inside quotations ("inside"), and hardly any transcript ("turn") or signature;
those three are our estimates.
"""

from worker.extract.quotation import Kind

CONFIDENCE = {"beside": 0.96, "introduced": 0.56, "signature": 0.80, "turn": 0.80, "inside": 0.70}
TURN_WITH_MARKS = 0.60
"""For a turn with quotation marks in it."""
MARKS_ONLY = 0.5
"""For text in a language whose cues are not known: the marks are certain, a speaker is not looked for."""


def confidence(rule: str, kind: Kind) -> float:
    """The share of right ones among what a rule finds of a kind."""
    return TURN_WITH_MARKS if kind is Kind.MIXED else CONFIDENCE[rule]
