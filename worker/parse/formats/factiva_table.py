"""Factiva as a table (CSV)."""

from worker.parse.bundles import factiva_table
from worker.parse.bundles.bundle import head_text
from worker.parse.format import Format

FORMAT = Format(
    name="Factiva export (table)",
    extensions=(),
    sniff=lambda head: factiva_table.looks_like(head_text(head)),
    split=factiva_table.split,
    narrow=True,
)
