"""`/quotes.csv` and the other files of a search, and its feeds: `/feed.atom` and `/feed.json`."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.report.search import Sort
from worker.report.search_query import narrowed, search_of
from worker.web.asking import PAGE, query_of
from worker.web.house import read
from worker.web.listing import Listing, Statement
from worker.web.templates import visible, with_query

ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def show(request: Request) -> Response:
    """Answer `/quotes`, which is the search."""
    return RedirectResponse(with_query("/", query_of(request)), status_code=303)


def everything(request: Request) -> Statement:
    """Return the statement for every column of every quotation that the address asks for."""
    return search_of(query_of(request)).all_of_it()


LISTING = Listing("quotes", everything)


def atom(request: Request) -> Response:
    """Answer `/feed.atom`: the newest quotations of a search (RFC 4287)."""
    hits = newest(request)
    base = str(request.base_url).rstrip("/")
    query = narrowed(query_of(request))
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed")
    add(feed, "id", base + with_query("/feed.atom", query))
    add(feed, "title", title_of(query))
    add(feed, "updated", max((hit["day"] for hit in hits), default=NEVER).isoformat())
    add(feed, "link", rel="self", href=base + with_query("/feed.atom", query))
    add(feed, "link", rel="alternate", href=base + with_query("/", query))
    for hit in hits:
        entry = Xml.SubElement(feed, f"{{{ATOM}}}entry")
        add(entry, "id", f"{base}/quotes/{hit['quote_id']}")
        add(entry, "title", heading_of(hit))
        add(entry, "updated", hit["day"].isoformat())
        add(Xml.SubElement(entry, f"{{{ATOM}}}author"), "name", hit["speaker"] or hit["source_text"] or "nobody named")
        add(entry, "link", rel="alternate", href=f"{base}/articles/{hit['article_id']}#q{hit['quote_id']}")
        add(entry, "content", hit["quote"], type="text")
    body = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="application/atom+xml")


def json_feed(request: Request) -> Response:
    """Answer `/feed.json`: the same as a JSON feed (jsonfeed.org, version 1.1)."""
    hits = newest(request)
    base = str(request.base_url).rstrip("/")
    query = narrowed(query_of(request))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(query),
        "home_page_url": base + with_query("/", query),
        "feed_url": base + with_query("/feed.json", query),
        "items": [
            {
                "id": f"{base}/quotes/{hit['quote_id']}",
                "url": f"{base}/articles/{hit['article_id']}#q{hit['quote_id']}",
                "title": heading_of(hit),
                "content_text": hit["quote"],
                "date_published": hit["day"].isoformat(),
                "authors": [{"name": hit["speaker"] or hit["source_text"] or "nobody named"}],
            }
            for hit in hits
        ],
    }
    return Response(json.dumps(feed, ensure_ascii=False), media_type="application/feed+json")


def newest(request: Request) -> Sequence[RowMapping]:
    """Return the newest quotations that the address asks for. Raises `Unreadable`."""
    search = search_of(query_of(request))
    with read(request) as reading:
        statement, values = search.resolved(reading).page(Sort.NEWEST, 0, PAGE)
        return reading.rows(statement, **values)


def title_of(query: dict[str, str]) -> str:
    """Return the title of a feed."""
    wanted = " ".join(query.values())
    return f"Onrecord: {wanted}" if wanted else "Onrecord"


def heading_of(hit: RowMapping) -> str:
    """Return the title of an entry: who said it, and where it was printed."""
    return ", ".join(
        filter(None, (hit["speaker"] or hit["source_text"] or "Nobody named", hit["outlet"], hit["title"]))
    )


def add(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> None:
    """Add an element of Atom; characters that XML cannot hold are spelled out."""
    Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = visible(text) if text is not None else None
