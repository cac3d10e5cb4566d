"""The confidence of each rule.

Each number is the share of a rule's quotations that are right. A quotation is right if an annotator of PolNeAR's train
part (840 articles) also marked it, with a content that overlaps by half or more and with the same source. The numbers
were measured on the first release, which had rules only. A whole quotation with its attribution right beside it
(`"…," she said`, `"…," said she`, `She said, "…"`) was right in 3,029 of 3,148 cases; elsewhere there are more errors
(`model.certainty.elsewhere`). PolNeAR marks no quotations inside quotations ("inside"), and hardly any transcripts
("turn"), signatures or lines that announce a quotation in the next paragraph ("announced"). So these numbers are our
estimates, as are those of posts, possessives, `what she called “…”` ("called") and announced paragraphs without marks
("block"). A turn whose label is a letter ("Q:", "A:", "label") is right too, but its annotators mark none: of 39 in one
article, none counts as right.
"""

from worker.extract.quotation import Kind

CONFIDENCE = {
    "beside": 0.89,
    "introduced": 0.56,
    "announced": 0.80,
    "signature": 0.80,
    "turn": 0.80,
    "label": 0.50,
    "block": 0.60,
    "inside": 0.70,
    "post": 0.80,
    "in words": 0.80,
    "possessive": 0.50,
    "called": 0.70,
}
TURN_WITH_MARKS = 0.60
"""The confidence of a turn with quotation marks in it."""
MARKS_ONLY = 0.5
"""The confidence of a quotation in a language whose cues we do not know: its marks are certain, its speaker is not."""


def confidence(rule: str, kind: Kind) -> float:
    """Return the share of a rule's quotations of a kind that are right."""
    sureness = CONFIDENCE[rule]
    return min(sureness, TURN_WITH_MARKS) if kind is Kind.MIXED else sureness
