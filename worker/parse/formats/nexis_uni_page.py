"""Nexis Uni in HTML."""

from worker.parse.bundles import nexis_page
from worker.parse.bundles.bundle import format_of
from worker.parse.bundles.pages import text_of_page

FORMAT = format_of(
    nexis_page.UNI_BUNDLE, name="Nexis Uni export (HTML)", sniff=nexis_page.looks_like_uni, text_of=text_of_page
)
