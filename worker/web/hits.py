"""The speakers of the quotations that a page shows."""

from collections.abc import Iterable, Mapping

from sqlalchemy import RowMapping

from worker.report.reading import Reading

SPEAKERS = """
SELECT quote_id, speaker_id, speaker, named, evidence, confidence, by_hand FROM spoken
WHERE quote_id = ANY(%(quotes)s) ORDER BY quote_id, position
"""


def speakers_of(reading: Reading, quotes: Iterable[int]) -> Mapping[int, list[RowMapping]]:
    """Return the speakers of each quotation, in their order; one without a speaker has an empty list."""
    speakers: dict[int, list[RowMapping]] = {quote: [] for quote in quotes}
    for row in reading.looked_up(SPEAKERS, quotes=list(speakers)):
        speakers[row["quote_id"]].append(row)
    return speakers
