"""Factiva in HTML."""

from worker.parse.bundles import factiva_page
from worker.parse.bundles.bundle import format_of
from worker.parse.bundles.pages import text_of_page

FORMAT = format_of(
    factiva_page.BUNDLE, name="Factiva export (HTML)", sniff=factiva_page.looks_like, text_of=text_of_page
)
