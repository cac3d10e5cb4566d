"""A quotation put together from stretches of the text."""

from collections.abc import Sequence

from worker.extract.quotation import Kind, Mention, Quotation, Span


def build(
    text: str, spans: Sequence[Span], kind: Kind, source: Mention | None, cue: Mention | None, sure: float
) -> Quotation | None:
    """A quotation of these spans, white space at their ends left out; overlapping spans are joined."""
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
    return Quotation(kind, " ".join(text[start:end] for start, end in parts), tuple(parts), source, cue, sure)
