"""`/outlets` and `/outlets/N`: the publishers, and one of them."""

from starlette.requests import Request
from starlette.responses import Response

from worker.report.search import Search, Sort
from worker.web.asking import PAGE, page_number, pages_for, query_of
from worker.web.charts import over_time
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.listing import Listing, Statement
from worker.web.responses import message, page
from worker.web.templates import with_query

ALL = """
SELECT o.outlet_id, o.outlet, o.articles, o.quotes, o.statements, o.first_day, o.last_day FROM outlets o
ORDER BY o.quotes DESC, o.outlet, o.outlet_id
"""
SOME = f"""{ALL} LIMIT %(count)s OFFSET %(first)s"""
COUNT = """SELECT count(*) FROM outlets"""
ONE = """SELECT * FROM outlets o WHERE o.outlet_id = %(outlet)s"""
DAYS = """
SELECT (p.day AT TIME ZONE 'UTC')::date AS day, count(DISTINCT p.quote_id) AS quotes
FROM printed s JOIN quote_places p ON p.article_id = s.article_id WHERE s.outlet = %(outlet)s GROUP BY 1
"""
SPEAKERS = """
SELECT q.speaker_id, q.speaker, count(DISTINCT q.quote_id) AS quotes
FROM printed s JOIN quote_places p ON p.article_id = s.article_id JOIN spoken q ON q.quote_id = p.quote_id
WHERE s.outlet = %(outlet)s GROUP BY q.speaker_id, q.speaker ORDER BY quotes DESC, q.speaker LIMIT 20
"""


def show(request: Request) -> Response:
    """Answer `/outlets`."""
    query = query_of(request)
    number = page_number(query)
    with read(request) as reading:
        total = reading.value(COUNT)
        rows = reading.rows(SOME, count=PAGE, first=(number - 1) * PAGE)
    return page(request, "outlets.html", query=query, rows=rows, total=total, number=number, pages=pages_for(total))


def show_one(request: Request) -> Response:
    """Answer `/outlets/N`."""
    number = request.path_params["number"]
    with read(request) as reading:
        outlet = reading.row(ONE, outlet=number)
        if outlet is None:
            return message(request, 404, f"There is no outlet {number}.")
        name = outlet["outlet"]
        days = {row["day"]: row["quotes"] for row in reading.rows(DAYS, outlet=name)}
        quoted = reading.rows(SPEAKERS, outlet=name)
        statement, values = Search(outlet=name).page(Sort.NEWEST, 0, 10)
        hits = reading.rows(statement, **values)
        speakers = speakers_of(reading, (hit["quote_id"] for hit in hits))
    chart = over_time(days, lambda start, end: with_query("/", {"outlet": name, "from": start, "to": end}))
    return page(request, "outlet.html", outlet=outlet, chart=chart, quoted=quoted, hits=hits, speakers=speakers)


def everything(_request: Request) -> Statement:
    """Return the statement for all outlets."""
    return ALL, {}


LISTING = Listing("outlets", everything)
