"""ProQuest in plain text."""

from worker.parse.bundles import proquest
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(proquest.BUNDLE, name="ProQuest export (text)", sniff=proquest.looks_like)
