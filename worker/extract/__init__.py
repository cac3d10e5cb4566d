"""Finds the quotations of a text: kind, parts, cue and source, with exact offsets. Pure: no database, no settings."""

from worker.extract.extractor import extract
from worker.extract.quotation import Kind, Mention, Quotation, Span

__all__ = ["Kind", "Mention", "Quotation", "Span", "extract"]
