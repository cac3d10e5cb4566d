"""Gopress and Mediargus in plain text."""

from worker.parse.bundles import gopress
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(gopress.BUNDLE, name="Gopress export (text)", sniff=gopress.looks_like)
