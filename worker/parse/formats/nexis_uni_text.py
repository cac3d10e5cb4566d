"""Nexis Uni and Nexis Advance in plain text."""

from worker.parse.bundles import nexis_uni
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(nexis_uni.BUNDLE, name="Nexis Uni export (text)", sniff=nexis_uni.looks_like_text)
