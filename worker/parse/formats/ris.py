"""References in the format RIS."""

from worker.parse.bundles import ris
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(ris.BUNDLE, name="RIS file", sniff=ris.looks_like)
