"""`/speakers/N`: one speaker: said over time, said about them, who is quoted with them, outlets, names and why."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.report.search import Search, Sort
from worker.report.search_line import SearchLine
from worker.web.asking import query_of
from worker.web.charts import over_time
from worker.web.decided import about_speaker, decided
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.responses import message, page
from worker.web.templates import with_query

MOST_COUNTED = 10_000
"""Count at most so many quotations of the speaker, and at most `MOST_BESIDE` articles with others in them."""
MOST_BESIDE = 500

THEIRS = """
theirs AS MATERIALIZED (
    SELECT p.quote_id, p.article_id, p.day, p.source_text, p.statement_id, p.denied, s.speaker, s.kind
    FROM spoken s JOIN quote_places p ON p.quote_id = s.quote_id
    WHERE s.named_id = %(speaker)s OR s.merged_into = %(speaker)s LIMIT %(most)s + 1)
"""
SPEAKER = f"""
WITH {THEIRS}
SELECT CAST(%(speaker)s AS bigint) AS speaker_id, max(speaker) AS speaker, max(kind) AS kind,
       least(count(DISTINCT quote_id), %(most)s) AS quotes, count(*) > %(most)s AS is_cut,
       count(DISTINCT statement_id) AS statements, count(DISTINCT article_id) AS articles,
       least(count(DISTINCT quote_id) FILTER (WHERE denied), %(most)s) AS denied,
       min(day) AS first_day, max(day) AS last_day
FROM theirs HAVING count(*) > 0
"""  # noqa: S608 - a constant
BESIDE = f"""
WITH {THEIRS}
SELECT 'day' AS counted, d.day::text AS value, NULL AS label, count(*) AS number
FROM (SELECT (day AT TIME ZONE 'UTC')::date AS day FROM theirs) d GROUP BY d.day
UNION ALL (
    SELECT 'outlet', o.outlet, o.outlet, count(*)
    FROM theirs t JOIN printed o ON o.article_id = t.article_id GROUP BY o.outlet ORDER BY 4 DESC, 3 LIMIT 10)
UNION ALL (
    SELECT 'printed', source_text, source_text, count(*) FROM theirs WHERE source_text IS NOT NULL
    GROUP BY source_text ORDER BY 4 DESC, 3 LIMIT 12)
UNION ALL (
    SELECT 'together', o.speaker_id::text, o.speaker, count(DISTINCT p.article_id)
    FROM (SELECT DISTINCT article_id FROM theirs LIMIT {MOST_BESIDE}) t
    JOIN quote_places p ON p.article_id = t.article_id JOIN spoken o ON o.quote_id = p.quote_id
    WHERE o.speaker_id <> %(speaker)s
    GROUP BY o.speaker_id, o.speaker ORDER BY 4 DESC, 3 LIMIT 10)
"""  # noqa: S608 - constants
NAMES = """
SELECT n.name, n.status, n.other_id, n.other, n.articles, n.evidence, n.confidence FROM speaker_names n
WHERE n.speaker_id = %(speaker)s AND n.status = 'joined' ORDER BY n.articles DESC, n.name LIMIT 100
"""
ALIASES = """
SELECT a.alias, a.decision_id, a.by_list FROM speaker_aliases a WHERE a.speaker_id = %(speaker)s
ORDER BY a.alias, a.decision_id LIMIT 100
"""
PROPOSED = """
SELECT n.speaker_id, n.speaker, n.other_id, n.other, n.name, n.evidence, n.confidence FROM speaker_names n
WHERE n.status = 'proposed' AND %(speaker)s IN (n.speaker_id, n.other_id) AND n.speaker_id <> n.other_id
ORDER BY n.confidence DESC LIMIT 20
"""
MERGED = """
SELECT d.into_id FROM decisions d
WHERE d.kind = 'merge' AND d.speaker_id = %(speaker)s AND d.undone_at IS NULL ORDER BY d.decision_id DESC LIMIT 1
"""
SHOWN = 10
"""Show so many quotations of the speaker, and so many about them."""


def show(request: Request) -> Response:
    """Answer `/speakers/N`; a speaker that was merged leads to the one that stayed."""
    number = request.path_params["number"]
    query = query_of(request)
    with read(request) as reading:
        speaker = reading.row(SPEAKER, speaker=number, most=MOST_COUNTED)
        if speaker is None:
            into = reading.value(MERGED, speaker=number)
            if into is not None and into != number:
                return RedirectResponse(with_query(f"/speakers/{into}", {"decided": query.get("decided")}), 303)
            advice = "Nobody with this number is quoted now; the search finds names."
            return message(request, 404, f"There is no speaker {number}.", advice)
        beside = reading.rows(BESIDE, speaker=number, most=MOST_COUNTED)
        statement, values = Search(speaker_id=number).page(Sort.NEWEST, 0, SHOWN)
        said = reading.rows(statement, **values)
        about_line = SearchLine(words=f'"{last_name(speaker["speaker"])}"')
        statement, values = Search(line=about_line, not_speaker_id=number).page(Sort.NEWEST, 0, SHOWN)
        about = reading.rows(statement, **values)
        speakers = speakers_of(reading, (hit["quote_id"] for hit in (*said, *about)))
        shown: dict[str, Any] = {
            "names": reading.rows(NAMES, speaker=number),
            "aliases": reading.rows(ALIASES, speaker=number),
            "proposed": reading.rows(PROPOSED, speaker=number),
            "together": [row for row in beside if row["counted"] == "together"],
            "outlets": [row for row in beside if row["counted"] == "outlet"],
            "printed_as": [row for row in beside if row["counted"] == "printed"],
            "decisions": about_speaker(reading, number),
            "decided": decided(reading, query),
        }
    days = {date.fromisoformat(row["value"]): row["number"] for row in beside if row["counted"] == "day"}
    chart = over_time(days, lambda start, end: address_of_days(number, start, end))
    return page(
        request,
        "speaker.html",
        speaker=speaker,
        said=said,
        about=about,
        about_words=about_line.words,
        speakers=speakers,
        chart=chart,
        **shown,
    )


def address_of_days(speaker: int, start: date, end: date) -> str:
    """Return the address of what the speaker said on some days."""
    return with_query("/", {"speaker": speaker, "from": start, "to": end})


def last_name(name: str) -> str:
    """Return the last word of a name, by which others speak of the person, without what the search line reads."""
    return name.split()[-1].replace('"', "") if name.split() else name
