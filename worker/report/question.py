"""The SQL of `onrecord quotes`: who said what, with conditions on speaker, words, days, outlet and more."""

from dataclasses import dataclass
from datetime import datetime

DAY = """coalesce(a.published_at, a.stored_at)"""
"""The day of an article: the day when it was published, or if that is not known, the day when it was stored."""

BRIEF = """
concat_ws(', ', q.outlet, coalesce((q.published_at AT TIME ZONE 'UTC')::date::text, 'undated'), q.file) AS printed
"""
FULL = """q.denied, q.speaks_for, q.confidence, q.outlet, q.published_at AS day, q.file, q.start_char, q.end_char"""

# `speaker` is a pattern that is compared with every form of the name, so a part of one form is enough.
NAMED = """
s.speaker_id IN (
    SELECT n.speaker_id FROM speaker_names n
    WHERE n.status = 'joined' AND (n.name ILIKE %(speaker)s OR n.speaker ILIKE %(speaker)s))
"""
OF_SPEAKER = f"""q.quote_id IN (SELECT s.quote_id FROM quote_speakers s WHERE {NAMED})"""  # noqa: S608 - a constant
# The view `quote_speakers` has no rows of candidates.
OF_SPEAKER_OF_CANDIDATE = """
string_to_array(q.speaker, ' & ') && ARRAY(
    SELECT n.speaker FROM speaker_names n
    WHERE n.status = 'joined' AND (n.name ILIKE %(speaker)s OR n.speaker ILIKE %(speaker)s))
"""
OF_OUTLET = """q.article_id IN (SELECT s.article_id FROM sources s WHERE s.outlet ILIKE %(outlet)s)"""

# A shell completes a path from the current folder, so the path may begin above the inbox.
OF_FILE = """
q.article_id IN (
    SELECT m.article_id FROM members m
    WHERE m.file = %(file)s OR right(%(file)s, length(m.file) + 1) = '/' || m.file)
"""
OF_KIND = """q.kind = %(kind)s"""
OF_CUE = """q.cue ILIKE %(cue)s"""
ON_BEHALF_OF = """q.speaks_for ILIKE %(behalf)s"""
AT_LEAST_AS_SURE = """q.confidence >= %(confidence)s"""
SINCE = f"""{DAY} >= %(since)s"""
UNTIL = f"""{DAY} < %(until)s"""

ALL_QUOTES = """quotes q"""
CANDIDATES = """candidates q"""
NEWEST_FIRST = """a.published_at DESC NULLS LAST, a.stored_at DESC, q.article_id, q.start_char"""
MATCHING_QUOTES = """search(%(search)s) WITH ORDINALITY q"""
BEST_FIRST = """q.ordinality"""
FOUND = """q.quote_id IN (SELECT m.quote_id FROM matching(%(search)s) m)"""


@dataclass(frozen=True, slots=True)
class Question:
    """The conditions on quotes. Without a condition, the question is about all quotes."""

    speaker: str | None = None
    search: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outlet: str | None = None
    kind: str | None = None
    file: str | None = None
    confidence: float | None = None
    cue: str | None = None
    behalf: str | None = None
    candidates: bool = False
    limit: int = 0

    def statement(self, *, brief: bool = False) -> tuple[str, dict[str, object]]:
        """Return the SQL and its parameters. After a search the best match comes first, else the newest quote.

        Quotes of articles without a date come last. Candidates are not ranked: their newest comes first, too. `brief`:
        only the columns that fit on a terminal.
        """
        required = self.required(FOUND if self.candidates else None)
        if self.candidates:
            quotes, order = CANDIDATES, NEWEST_FIRST
        else:
            quotes, order = (ALL_QUOTES, NEWEST_FIRST) if self.search is None else (MATCHING_QUOTES, BEST_FIRST)
        statement = f"""
SELECT q.quote_id, coalesce(q.speaker, '(' || q.source_text || ')') AS speaker, q.cue, q.kind, q.quote,
       {BRIEF if brief else FULL}
FROM {quotes} JOIN articles a ON a.article_id = q.article_id
WHERE {required}
ORDER BY {order}
LIMIT %(limit)s
"""  # noqa: S608 - only the fragments above go in; values are parameters
        return statement, self.parameters()

    def whole(self) -> tuple[str, dict[str, object]]:
        """Return the SQL for every column of every quote, in the order of their numbers, and its parameters."""
        statement = f"""
SELECT q.* FROM {CANDIDATES if self.candidates else ALL_QUOTES} JOIN articles a ON a.article_id = q.article_id
WHERE {self.required(FOUND)}
ORDER BY q.quote_id
LIMIT %(limit)s
"""  # noqa: S608 - only the fragments above go in; values are parameters
        return statement, self.parameters()

    def required(self, matching: str | None) -> str:
        """Return the conditions as SQL; `matching` is the one on words, if the rows do not come from a search."""
        conditions = {
            OF_SPEAKER_OF_CANDIDATE if self.candidates else OF_SPEAKER: self.speaker,
            matching: self.search if matching else None,
            OF_OUTLET: self.outlet,
            OF_FILE: self.file,
            OF_KIND: self.kind,
            OF_CUE: self.cue,
            ON_BEHALF_OF: self.behalf,
            AT_LEAST_AS_SURE: self.confidence,
            SINCE: self.since,
            UNTIL: self.until,
        }
        return " AND ".join(["true", *(str(condition) for condition, value in conditions.items() if value is not None)])

    def parameters(self) -> dict[str, object]:
        """Return the values of the conditions."""
        return {
            "speaker": containing(self.speaker),
            "search": self.search,
            "since": self.since,
            "until": self.until,
            "outlet": containing(self.outlet),
            "kind": self.kind,
            "file": self.file,
            "cue": containing(self.cue),
            "behalf": containing(self.behalf),
            "confidence": self.confidence,
            "limit": self.limit or None,
        }


def containing(text: str | None) -> str | None:
    """Return a LIKE pattern for values that contain `text`. A `%` or `_` in `text` is not a wildcard."""
    if text is None:
        return None
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{literal}%"
