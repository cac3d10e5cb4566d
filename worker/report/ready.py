"""The ready reports: their SQL, and what each report counts.

`quotes` counts printed quotations. `statements` counts things said; a thing that was printed several times counts once.
Every report takes `limit` and the days `since` and `until`; `question.DAY` says which day an article has. Some reports
take a speaker.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.report.question import DAY, NAMED, containing


def _period(moment: str) -> str:
    """Return the condition that a moment is between `since` and `until`; a bound that is not given does not count."""
    return f"""
(%(since)s::timestamptz IS NULL OR {moment} >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR {moment} < %(until)s)
"""


PERIOD = _period(DAY)
STORED_IN_PERIOD = _period("a.stored_at")


class Wants(StrEnum):
    """Whether a report is about one speaker: never, only if the user names a speaker, or always."""

    NOBODY = "nobody"
    MAYBE = "maybe"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Report:
    """A ready report: its name, its title (`shows`), what it counts, and its SQL over the schema `report`."""

    name: str
    shows: str
    counts: str
    query: str
    speaker: Wants = Wants.NOBODY
    today: bool = False
    """True if the period begins today unless the user gives `since`."""

    def statement(
        self,
        speaker: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 0,
    ) -> tuple[str, dict[str, object]]:
        """Return the SQL and its parameters; a `limit` of 0 means no limit."""
        return self.query, {
            "speaker": containing(speaker),
            "since": since,
            "until": until,
            "limit": limit or None,
        }


SPEAKERS = Report(
    "speakers",
    "the most quoted speakers",
    "quotes: times printed; statements: things said, each once however often printed; articles: that quote the speaker",
    f"""
SELECT s.speaker, count(DISTINCT q.statement_id) AS statements, count(DISTINCT q.quote_id) AS quotes,
       count(DISTINCT q.article_id) AS articles, min({DAY})::date AS first_day, max({DAY})::date AS last_day
FROM quote_speakers s JOIN quotes q USING (quote_id) JOIN articles a ON a.article_id = q.article_id
WHERE {PERIOD}
GROUP BY s.speaker_id, s.speaker
ORDER BY statements DESC, quotes DESC, s.speaker
LIMIT %(limit)s
""",  # noqa: S608 - constants
)

SPEAKER = Report(
    "speaker",
    "one speaker over time, day by day",
    "quotes: printed that day; statements: said in them; outlets: that printed them, syndicated copies included",
    f"""
SELECT ({DAY} AT TIME ZONE 'UTC')::date AS day, s.speaker, count(DISTINCT q.quote_id) AS quotes,
       count(DISTINCT q.statement_id) AS statements, count(DISTINCT p.outlet) AS outlets,
       (array_agg(concat_ws(': ', q.cue, q.quote) ORDER BY q.confidence DESC, q.quote_id))[1] AS one_of_them
FROM quote_speakers s JOIN quotes q USING (quote_id) JOIN articles a ON a.article_id = q.article_id
LEFT JOIN sources p ON p.article_id = q.article_id
WHERE {NAMED} AND {PERIOD}
GROUP BY 1, s.speaker_id, s.speaker
ORDER BY 1, s.speaker
LIMIT %(limit)s
""",  # noqa: S608 - constants
    speaker=Wants.SOMEBODY,
)

TOGETHER = Report(
    "together",
    "who is quoted together",
    "stories: that quote both, near-duplicates counted once; articles: every printing of them",
    f"""
WITH quoted AS (
    SELECT DISTINCT s.speaker_id, s.speaker, q.article_id, q.story_id
    FROM quote_speakers s JOIN quotes q USING (quote_id) JOIN articles a ON a.article_id = q.article_id
    WHERE {PERIOD}
)
SELECT s.speaker, o.speaker AS quoted_with, count(DISTINCT s.story_id) AS stories,
       count(DISTINCT s.article_id) AS articles
FROM quoted s JOIN quoted o USING (article_id)
WHERE CASE WHEN %(speaker)s::text IS NULL THEN s.speaker_id < o.speaker_id
           ELSE s.speaker_id <> o.speaker_id AND {NAMED} END
GROUP BY s.speaker_id, s.speaker, o.speaker_id, o.speaker
ORDER BY stories DESC, articles DESC, s.speaker, quoted_with
LIMIT %(limit)s
""",  # noqa: S608 - constants
    speaker=Wants.MAYBE,
)

OUTLETS = Report(
    "outlets",
    "the outlets, by quotations",
    "articles, quotes, statements: printed by the outlet, a text that several outlets printed counting for each",
    f"""
SELECT coalesce(p.outlet, '(outlet not known)') AS outlet, count(DISTINCT a.article_id) AS articles,
       count(DISTINCT q.quote_id) AS quotes, count(DISTINCT q.statement_id) AS statements,
       count(DISTINCT s.speaker_id) AS speakers
FROM sources p JOIN articles a ON a.article_id = p.article_id
LEFT JOIN quotes q ON q.article_id = a.article_id LEFT JOIN quote_speakers s ON s.quote_id = q.quote_id
WHERE {PERIOD}
GROUP BY p.outlet
ORDER BY quotes DESC, articles DESC, 1
LIMIT %(limit)s
""",  # noqa: S608 - constants
)

SYNDICATED = Report(
    "syndicated",
    "the same statement across outlets",
    "outlets: that printed the statement; quotes: times printed in different texts; one text copied whole is one quote",
    f"""
SELECT t.statement, t.cues, t.speaker, count(DISTINCT p.outlet) AS outlets, count(DISTINCT q.quote_id) AS quotes,
       array_agg(DISTINCT p.outlet) AS printed_by, min({DAY})::date AS first_day, max({DAY})::date AS last_day
FROM statements t JOIN quotes q USING (statement_id) JOIN articles a ON a.article_id = q.article_id
JOIN sources p ON p.article_id = q.article_id
WHERE p.outlet IS NOT NULL AND {PERIOD}
GROUP BY t.statement_id, t.statement, t.cues, t.speaker
HAVING count(DISTINCT p.outlet) > 1
ORDER BY outlets DESC, quotes DESC, t.statement_id
LIMIT %(limit)s
""",  # noqa: S608 - constants
)

UNATTRIBUTED = Report(
    "unattributed",
    "quotations whose speaker is not known",
    "a row a quote; source_kind: unnamed ('a senior official'), none (no source found), or a source without a name",
    f"""
SELECT q.quote_id, q.source_kind, q.source_text, q.speaks_for, q.cue, q.kind, q.quote, q.file, q.start_char
FROM quotes q JOIN articles a ON a.article_id = q.article_id
WHERE q.speaker IS NULL AND {PERIOD}
ORDER BY a.published_at DESC NULLS LAST, a.stored_at DESC, q.article_id, q.start_char
LIMIT %(limit)s
""",  # noqa: S608 - constants
)

TODAY = Report(
    "today",
    "what came in today",
    "a row an article stored since midnight UTC (or --since), whenever it was published; quotes: found in it",
    f"""
SELECT a.stored_at, a.first_file AS file, a.outlet, a.title, count(DISTINCT q.quote_id) AS quotes,
       array_remove(array_agg(DISTINCT s.speaker), NULL) AS speakers
FROM articles a LEFT JOIN quotes q ON q.article_id = a.article_id
LEFT JOIN quote_speakers s ON s.quote_id = q.quote_id
WHERE {STORED_IN_PERIOD}
GROUP BY a.article_id, a.stored_at, a.first_file, a.outlet, a.title
ORDER BY a.stored_at DESC, a.article_id
LIMIT %(limit)s
""",  # noqa: S608 - constants
    today=True,
)

REPORTS = {report.name: report for report in (SPEAKERS, SPEAKER, TOGETHER, OUTLETS, SYNDICATED, UNATTRIBUTED, TODAY)}
