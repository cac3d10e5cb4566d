"""`/quotes.csv` and the other files of a search, and its feeds: `/feed.atom` and `/feed.json`."""

from collections.abc import Mapping

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.report.search import Sort
from worker.report.search_query import narrowed, search_of
from worker.web.asking import PAGE, query_of
from worker.web.feeds import Entry, Feed, as_atom, as_json, author_of, heading_of
from worker.web.house import read
from worker.web.listing import Listing, Statement
from worker.web.templates import with_query


def show(request: Request) -> Response:
    """Answer `/quotes`, which is the search."""
    return RedirectResponse(with_query("/", query_of(request)), status_code=303)


def everything(request: Request) -> Statement:
    """Return the statement for every column of every quotation that the address asks for."""
    return search_of(query_of(request)).all_of_it()


LISTING = Listing("quotes", everything)


def send_atom(request: Request) -> Response:
    """Answer `/feed.atom`: the newest quotations of a search."""
    return as_atom(request, feed_of(request))


def send_json(request: Request) -> Response:
    """Answer `/feed.json`: the same as a JSON feed."""
    return as_json(request, feed_of(request))


def feed_of(request: Request) -> Feed:
    """Return the feed of the newest quotations that the address asks for. Raises `Unreadable`."""
    query = query_of(request)
    search = search_of(query)
    with read(request) as reading:
        statement, values = search.resolved(reading).page(Sort.NEWEST, 0, PAGE)
        hits = reading.rows(statement, **values)
    wanted = narrowed(query)
    atom, json, home = (with_query(path, wanted) for path in ("/feed.atom", "/feed.json", "/"))
    return Feed(title_of(wanted), atom, json, home, [entry_of(hit) for hit in hits])


def entry_of(hit: RowMapping) -> Entry:
    """Return the entry of a quotation."""
    return Entry(
        id=f"/quotes/{hit['quote_id']}",
        link=f"/articles/{hit['article_id']}#q{hit['quote_id']}",
        title=heading_of(hit),
        author=author_of(hit),
        words=hit["quote"],
        at=hit["day"],
    )


def title_of(query: Mapping[str, str]) -> str:
    """Return the title of a feed."""
    wanted = " ".join(query.values())
    return f"Onrecord: {wanted}" if wanted else "Onrecord"
