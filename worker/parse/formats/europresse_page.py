"""Europresse and Eureka in HTML."""

from worker.parse.bundles import europresse
from worker.parse.bundles.bundle import format_of
from worker.parse.bundles.pages import text_of_page

FORMAT = format_of(
    europresse.BUNDLE, name="Europresse export (HTML)", sniff=europresse.looks_like, text_of=text_of_page
)
