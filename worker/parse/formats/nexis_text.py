"""Nexis in plain text: old exports ("3 of 112 DOCUMENTS")."""

from worker.parse.bundles import nexis_print
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(nexis_print.BUNDLE, name="Nexis export (text)", sniff=nexis_print.looks_like)
