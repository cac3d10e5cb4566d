"""Names for the sources of one article's quotations."""

from collections.abc import Sequence

from worker.extract.quotation import Quotation
from worker.speakers.within.resolution import Attribution, Resolution, SourceKind


def resolve(
    text: str,
    quotations: Sequence[Quotation],
    *,
    title: str | None = None,
    body: tuple[int, int] | None = None,
) -> Resolution:
    """Name the source of each quotation."""
    return Resolution((), tuple(Attribution(SourceKind.NONE) for _ in quotations))
