"""`/speakers`: who is quoted, most quoted first; and the names that complete what one types."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from worker.report.question import containing
from worker.report.search_line import MOST_CHARACTERS
from worker.web.asking import PAGE, page_number, pages_for, query_of
from worker.web.house import read
from worker.web.listing import Listing, Statement
from worker.web.responses import page
from worker.web.templates import environment

NAMED = """
(%(name)s::text IS NULL OR s.speaker_id IN (
    SELECT n.speaker_id FROM speaker_names n
    WHERE n.status = 'joined' AND (n.name ILIKE %(name)s OR n.speaker ILIKE %(name)s)))
"""
ALL = f"""
SELECT s.speaker_id, s.speaker, s.kind, s.quotes, s.statements, s.articles, s.names, s.first_day, s.last_day
FROM speakers s WHERE {NAMED}
ORDER BY s.quotes DESC, s.speaker, s.speaker_id
"""  # noqa: S608 - a constant
SOME = f"""{ALL} LIMIT %(count)s OFFSET %(first)s"""
COUNT = """
SELECT count(DISTINCT n.speaker_id) FROM speaker_names n
WHERE n.status = 'joined' AND EXISTS (SELECT FROM quote_speakers q WHERE q.speaker_id = n.speaker_id)
  AND (%(name)s::text IS NULL OR n.name ILIKE %(name)s OR n.speaker ILIKE %(name)s)
"""
COMPLETE = """
SELECT n.speaker, max(n.articles) AS articles FROM speaker_names n
WHERE n.status = 'joined' AND (n.name ILIKE %(name)s OR n.speaker ILIKE %(name)s)
GROUP BY n.speaker_id, n.speaker ORDER BY articles DESC, n.speaker LIMIT 12
"""


def show(request: Request) -> Response:
    """Answer `/speakers`."""
    query = query_of(request)
    number = page_number(query)
    name = containing(query.get("name", "").strip()[:MOST_CHARACTERS] or None)
    with read(request) as reading:
        total = reading.value(COUNT, name=name)
        rows = reading.rows(SOME, name=name, count=PAGE, first=(number - 1) * PAGE)
    return page(request, "speakers.html", query=query, rows=rows, total=total, number=number, pages=pages_for(total))


def complete(request: Request) -> HTMLResponse:
    """Answer `/speakers/complete`: options for the name that one types."""
    typed = query_of(request).get("speaker", "").strip()[:200]
    with read(request) as reading:
        rows = reading.rows(COMPLETE, name=containing(typed)) if len(typed) > 1 else ()
    return HTMLResponse(environment().get_template("options.html").render(names=[row["speaker"] for row in rows]))


def everything(request: Request) -> Statement:
    """Return the statement for all speakers that the address asks for."""
    return ALL, {"name": containing(query_of(request).get("name", "").strip()[:MOST_CHARACTERS] or None)}


LISTING = Listing("speakers", everything)
