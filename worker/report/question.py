"""The everyday question: who said what, narrowed by speaker, words, days, outlet, kind and file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

# "Day" is the day of publication, else of storing (design page, §4).
DAY = "coalesce(a.published_at, a.stored_at)"

BRIEF = f"concat_ws(', ', q.outlet, ({DAY} AT TIME ZONE 'UTC')::date, q.file) AS printed"
FULL = f"q.outlet, {DAY} AS day, q.file, q.start_char, q.end_char"

# A speaker is found by any form of the name that was seen, or by a part of one.
OF_SPEAKER = """
q.quote_id IN (SELECT s.quote_id FROM quote_speakers s WHERE s.speaker_id IN (
    SELECT n.speaker_id FROM speaker_names n
    WHERE n.status = 'joined' AND (n.name ILIKE %(speaker)s OR n.speaker ILIKE %(speaker)s)))
"""
OF_OUTLET = "q.article_id IN (SELECT s.article_id FROM sources s WHERE s.outlet ILIKE %(outlet)s)"

# People give a path as their shell completes it, which may begin above the folder that is watched.
SAME_FILE = "(m.file = %(file)s OR right(%(file)s, length(m.file) + 1) = '/' || m.file)"
OF_FILE = f"q.article_id IN (SELECT m.article_id FROM members m WHERE {SAME_FILE})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for; an empty one asks for everything, newest first."""

    speaker: str | None = None
    search: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outlet: str | None = None
    kind: str | None = None
    file: str | None = None
    limit: int = 0

    def statement(self, *, brief: bool = False) -> tuple[str, dict[str, Any]]:
        """The SQL and its parameters; a search gives the best match first, everything else the newest.

        `brief`: only what fits a terminal.
        """
        conditions = ["true"]
        for value, condition in (
            (self.speaker, OF_SPEAKER),
            (self.outlet, OF_OUTLET),
            (self.file, OF_FILE),
            (self.kind, "q.kind = %(kind)s"),
            (self.since, f"{DAY} >= %(since)s"),
            (self.until, f"{DAY} < %(until)s"),
        ):
            if value is not None:
                conditions.append(condition)
        source = "quotes q" if self.search is None else "search(%(search)s) WITH ORDINALITY q"
        order = f"{DAY} DESC, q.article_id, q.start_char" if self.search is None else "q.ordinality"
        statement = f"""
SELECT q.quote_id, coalesce(q.speaker, '(' || q.source_text || ')') AS speaker, q.kind, q.quote,
       {BRIEF if brief else FULL}
FROM {source} JOIN articles a ON a.article_id = q.article_id
WHERE {" AND ".join(conditions)}
ORDER BY {order}
LIMIT %(limit)s
"""  # noqa: S608 - only the fragments above go in; values are parameters
        return statement, {
            "speaker": containing(self.speaker),
            "search": self.search,
            "since": self.since,
            "until": self.until,
            "outlet": containing(self.outlet),
            "kind": self.kind,
            "file": self.file,
            "limit": self.limit or None,
        }


def containing(words: str | None) -> str | None:
    """A LIKE pattern for text that has `words` in it, taken literally."""
    if words is None:
        return None
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{literal}%"
