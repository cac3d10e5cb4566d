"""Finds the quotations of a text: kind, parts, cue and source, with exact offsets. Pure: no database, no settings."""

from typing import TYPE_CHECKING, Any

from worker.extract.quotation import Kind, Mention, Quotation, Span

if TYPE_CHECKING:
    from worker.extract.extractor import extract

__all__ = ["Kind", "Mention", "Quotation", "Span", "extract"]


def __getattr__(name: str) -> Any:
    """Import `extract` when it is asked for: it loads the network's library, and most rooms need the types only."""
    if name != "extract":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from worker.extract.extractor import extract

    return extract
