"""Factiva in XML."""

from worker.parse.bundles import factiva_xml
from worker.parse.bundles.bundle import format_of
from worker.parse.bundles.pages import text_of_page

FORMAT = format_of(factiva_xml.BUNDLE, name="Factiva export (XML)", sniff=factiva_xml.looks_like, text_of=text_of_page)
