"""Builds a quotation from spans of the text."""

from collections.abc import Sequence

from worker.extract.quotation import Kind, Mention, Quotation, Span


def build(
    text: str, spans: Sequence[Span], kind: Kind, source: Mention | None, cue: Mention | None, confidence: float
) -> Quotation | None:
    """Return the quotation of these spans; None if no letter or digit is left in them.

    Overlapping spans are joined, and white space at the ends of a span is left out.
    """
    parts: list[Span] = []
    for start, end in sorted(spans):
        piece = text[start:end]
        start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
        if parts and start < parts[-1][1]:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]))
        elif start < end:
            parts.append((start, end))
    if not any(sign.isalnum() for start, end in parts for sign in text[start:end]):
        return None
    return Quotation(kind, " ".join(text[start:end] for start, end in parts), tuple(parts), source, cue, confidence)
