"""`/decisions`: what people decided, newest first, each with its undo."""

from starlette.requests import Request
from starlette.responses import Response

from worker.web.asking import PAGE, page_number, pages_for, query_of
from worker.web.decided import NEWEST, decided
from worker.web.house import read
from worker.web.listing import Listing, Statement
from worker.web.responses import page

ALL = """SELECT d.* FROM decisions d ORDER BY d.decision_id DESC"""
COUNT = """SELECT count(*) FROM decisions"""


def show(request: Request) -> Response:
    """Answer `/decisions`."""
    query = query_of(request)
    number = page_number(query)
    with read(request) as reading:
        total = reading.value(COUNT)
        rows = reading.rows(NEWEST, count=PAGE, first=(number - 1) * PAGE)
        just_decided = decided(reading, query)
    pages = pages_for(total)
    return page(
        request, "decisions.html", query=query, rows=rows, total=total, number=number, pages=pages, decided=just_decided
    )


def everything(_request: Request) -> Statement:
    """Return the statement for all decisions."""
    return ALL, {}


LISTING = Listing("decisions", everything)
