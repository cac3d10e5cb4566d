"""Decisions as pages show them: what was just decided, with its undo, and what was decided about one thing."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from worker.report.reading import Reading
from worker.report.search_line import Unreadable
from worker.report.search_query import whole

COLUMNS = """
d.decision_id, d.decided_at, d.who, d.kind, d.quote_id, d.article_id, d.speaker_id, d.name, d.into_id, d.words,
d.reason, d.undone_at, d.new_words, d.lost,
(SELECT s.speaker FROM speakers s WHERE s.speaker_id = coalesce(d.into_id, d.speaker_id)) AS speaker
"""
ONE = f"""SELECT {COLUMNS} FROM decisions d WHERE d.decision_id = %(decision)s"""  # noqa: S608 - constants
OF_QUOTE = f"""
SELECT {COLUMNS} FROM decisions d WHERE d.quote_id = %(quote)s ORDER BY d.decision_id DESC LIMIT 50
"""  # noqa: S608 - constants
OF_SPEAKER = f"""
SELECT {COLUMNS} FROM decisions d
WHERE d.kind IN ('merge', 'split', 'rename', 'import') AND %(speaker)s IN (d.speaker_id, d.into_id)
ORDER BY d.decision_id DESC LIMIT 50
"""  # noqa: S608 - constants
NEWEST = f"""
SELECT {COLUMNS} FROM decisions d ORDER BY d.decision_id DESC LIMIT %(count)s OFFSET %(first)s
"""  # noqa: S608 - constants


def decided(reading: Reading, query: Mapping[str, str]) -> RowMapping | None:
    """Return the decision that the address names as just made; None if it names none."""
    try:
        decision = whole(query, "decided")
    except Unreadable:
        return None
    return reading.row(ONE, decision=decision) if decision is not None else None


def about_quote(reading: Reading, quote: int) -> Sequence[RowMapping]:
    """Return the decisions about a quotation, newest first."""
    return reading.looked_up(OF_QUOTE, quote=quote)


def about_speaker(reading: Reading, speaker: int) -> Sequence[RowMapping]:
    """Return the decisions about a speaker, newest first."""
    return reading.looked_up(OF_SPEAKER, speaker=speaker)
