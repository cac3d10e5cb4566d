"""Factiva in plain text."""

from worker.parse.bundles import factiva_text
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(factiva_text.BUNDLE, name="Factiva export (text)", sniff=factiva_text.looks_like_text)
