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

SPEAKER = """
SELECT s.speaker_id, s.speaker, s.kind, s.quotes, s.statements, s.articles, s.first_day, s.last_day
FROM speakers s WHERE s.speaker_id = %(speaker)s
"""
NAMES = """
SELECT n.name, n.status, n.other_id, n.other, n.articles, n.evidence, n.confidence FROM speaker_names n
WHERE n.speaker_id = %(speaker)s AND n.status = 'joined' ORDER BY n.articles DESC, n.name LIMIT 100
"""
PROPOSED = """
SELECT n.speaker_id, n.speaker, n.other_id, n.other, n.name, n.evidence, n.confidence FROM speaker_names n
WHERE n.status = 'proposed' AND %(speaker)s IN (n.speaker_id, n.other_id) AND n.speaker_id <> n.other_id
ORDER BY n.confidence DESC LIMIT 20
"""
DAYS = """
SELECT (p.day AT TIME ZONE 'UTC')::date AS day, count(*) AS quotes
FROM quote_speakers s JOIN quote_places p ON p.quote_id = s.quote_id WHERE s.speaker_id = %(speaker)s GROUP BY 1
"""
TOGETHER = """
WITH theirs AS MATERIALIZED (
    SELECT DISTINCT p.article_id FROM quote_speakers s JOIN quote_places p ON p.quote_id = s.quote_id
    WHERE s.speaker_id = %(speaker)s LIMIT 2000)
SELECT o.speaker_id, o.speaker, count(DISTINCT p.article_id) AS articles
FROM theirs t JOIN quote_places p ON p.article_id = t.article_id JOIN quote_speakers o ON o.quote_id = p.quote_id
WHERE o.speaker_id <> %(speaker)s
GROUP BY o.speaker_id, o.speaker ORDER BY articles DESC, o.speaker LIMIT 10
"""
OUTLETS = """
WITH theirs AS MATERIALIZED (
    SELECT p.quote_id, p.article_id FROM quote_speakers s JOIN quote_places p ON p.quote_id = s.quote_id
    WHERE s.speaker_id = %(speaker)s LIMIT 10000)
SELECT o.outlet, count(DISTINCT t.quote_id) AS quotes
FROM theirs t JOIN sources o ON o.article_id = t.article_id WHERE o.outlet IS NOT NULL
GROUP BY o.outlet ORDER BY quotes DESC, o.outlet LIMIT 10
"""
PRINTED_AS = """
SELECT q.source_text, count(*) AS quotes FROM quote_speakers s JOIN quotes q ON q.quote_id = s.quote_id
WHERE s.speaker_id = %(speaker)s AND q.source_text IS NOT NULL
GROUP BY q.source_text ORDER BY quotes DESC, q.source_text LIMIT 12
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
        speaker = reading.row(SPEAKER, speaker=number)
        if speaker is None:
            into = reading.value(MERGED, speaker=number)
            if into is not None and into != number:
                return RedirectResponse(with_query(f"/speakers/{into}", {"decided": query.get("decided")}), 303)
            advice = "Nobody with this number is quoted now; the search finds names."
            return message(request, 404, f"There is no speaker {number}.", advice)
        days = {row["day"]: row["quotes"] for row in reading.rows(DAYS, speaker=number)}
        statement, values = Search(speaker_id=number).page(Sort.NEWEST, 0, SHOWN)
        said = reading.rows(statement, **values)
        about_line = SearchLine(words=f'"{last_name(speaker["speaker"])}"')
        statement, values = Search(line=about_line, not_speaker_id=number).page(Sort.NEWEST, 0, SHOWN)
        about = reading.rows(statement, **values)
        speakers = speakers_of(reading, (hit["quote_id"] for hit in (*said, *about)))
        shown: dict[str, Any] = {
            "names": reading.rows(NAMES, speaker=number),
            "proposed": reading.rows(PROPOSED, speaker=number),
            "together": reading.rows(TOGETHER, speaker=number),
            "outlets": reading.rows(OUTLETS, speaker=number),
            "printed_as": reading.rows(PRINTED_AS, speaker=number),
            "decisions": about_speaker(reading, number),
            "decided": decided(reading, query),
        }
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
