"""Turns frames into quotations, with offsets, kind and text. A frame is a cue with its source and its content."""

from worker.extract.building import build
from worker.extract.marks.items import Items
from worker.extract.quotation import Kind, Mention, Quotation
from worker.extract.rules.confidence import confidence
from worker.extract.rules.frames import Frame
from worker.extract.rules.sources import CONTRACTED, Phrase


def quotation(row: Items, frame: Frame, rule: str) -> Quotation | None:
    """Return the quotation of a frame; None if its content has no word.

    Also return None if a word of the content is outside quotation marks, unless the rule is "turn" or "block".
    """
    content = sorted(set(frame.content))
    numbers = [n for part in content for n in range(*part)]
    has_quote = any(row.is_quote(n) for n in numbers)
    has_bare_word = any(not row.is_quote(n) and any(sign.isalnum() for sign in row.words[n]) for n in numbers)
    kind = Kind.INDIRECT if not has_quote else Kind.MIXED if has_bare_word else Kind.DIRECT
    if kind is not Kind.DIRECT and rule not in ("turn", "block"):
        return None
    if kind is Kind.DIRECT:
        parts = [span for n in numbers if (region := row.regions[n]) is not None for span in region.segments]
    else:
        parts = [(row.starts[first], row.ends[last - 1]) for first, last in content]
    source = mention(row, frame.source)
    sureness = confidence("label" if rule == "turn" and source and len(source.text.strip(".")) == 1 else rule, kind)
    return build(row.text, parts, kind, source, mention(row, frame.cue), sureness)


def mention(row: Items, phrase: Phrase | None) -> Mention | None:
    """Return a phrase with its offsets in the text. For "he's" return only "he"."""
    if phrase is None:
        return None
    first, last = phrase
    start, end = row.starts[first], row.ends[last - 1]
    if row.words[last - 1] in CONTRACTED:
        end = row.starts[last - 1] + row.words[last - 1].index("'")
    return Mention(row.text[start:end], start, end)
