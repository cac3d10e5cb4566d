"""`/watch-lists`: saved searches whose new quotations are told; what each told, its feeds, and how receivers stand.

A watch-list is made here from the search that is shown. Receivers are added with the command only: whoever may use the
page shall not be able to let this machine send to any address.
"""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Connection, RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.deliveries import making, standing
from worker.deliveries.making import Unusable
from worker.report.reading import Reading
from worker.store import watch_lists
from worker.store.watch_lists import WatchList
from worker.web.asking import PAGE, page_number, pages_for, query_of
from worker.web.feeds import Entry, Feed, as_atom, as_json, author_of, heading_of
from worker.web.guard import form_of
from worker.web.house import house_of, may_correct, person_of, read
from worker.web.responses import back, message, page

HERE = "/watch-lists"


def show(request: Request) -> Response:
    """Answer `/watch-lists`."""
    with read(request) as reading:
        lists = reading.rows(standing.LISTS)
        receivers = standing.standings(reading.rows(standing.RECEIVERS))
    return page(request, "watch_lists.html", lists=lists, receivers=receivers, **WORDS)


def show_one(request: Request) -> Response:
    """Answer `/watch-lists/N`: what it told, newest first."""
    number, query = request.path_params["number"], query_of(request)
    wanted = page_number(query)
    with read(request) as reading:
        listed = list_of(reading, number)
        if listed is None:
            return missing(request, number)
        total = reading.value(standing.COUNT_TOLD, watch_list=number)
        told = reading.rows(standing.TOLD, watch_list=number, count=PAGE, first=(wanted - 1) * PAGE)
        receivers = standing.standings(reading.rows(standing.RECEIVERS))
    return page(
        request,
        "watch_list.html",
        listed=listed,
        feed_key=listed["feed_key"] if may_correct(request) else "",
        told=told,
        total=total,
        number=wanted,
        pages=pages_for(total),
        query=query,
        receivers=[receiver for receiver in receivers if receiver.watch_list_id == number],
        **WORDS,
    )


WORDS: dict[str, Any] = {
    "in_words": making.in_words,
    "list_state": standing.list_state,
    "feed_path": making.feed_path,
    "searched": lambda query: f"/?{query}",
}
"""What the templates say things with."""


def list_of(reading: Reading, number: int) -> RowMapping | None:
    """Return a watch-list with its counts; None if there is none with this number."""
    return next((row for row in reading.rows(standing.LISTS) if row["watch_list_id"] == number), None)


def missing(request: Request, number: int) -> Response:
    """Answer that there is no such watch-list."""
    return message(request, 404, f"There is no watch-list {number}.", "Perhaps somebody has removed it.")


def make(request: Request) -> Response:
    """Make a watch-list from the search that the form carries."""
    form = form_of(request)
    try:
        query = making.kept(dict(parse_qsl(form.get("query", ""))))
        with house_of(request).owner().begin() as connection:
            made = making.make(connection, form.get("name", ""), query, person_of(request))
    except Unusable as error:
        return message(request, 409, str(error), "Nothing was made. Go back to change it.")
    return back(None, f"{HERE}/{made.id}")


def remove(request: Request) -> Response:
    """Remove a watch-list."""
    return changed(request, lambda connection, listed: watch_lists.remove(connection, listed.id), HERE)


def pause(request: Request) -> Response:
    """Let a watch-list tell nothing."""
    return changed(request, lambda connection, listed: watch_lists.pause(connection, listed.id))


def resume(request: Request) -> Response:
    """Let a watch-list and its receivers go on where they stopped."""
    return changed(request, lambda connection, listed: making.resume(connection, listed, skip=False))


def changed(request: Request, work: Callable[[Connection, WatchList], object], then: str | None = None) -> Response:
    """Change a watch-list, and lead back to it, or to `then`."""
    number = request.path_params["number"]
    with house_of(request).owner().begin() as connection:
        listed = watch_lists.numbered(connection, number)
        if listed is not None:
            work(connection, listed)
    return missing(request, number) if listed is None else back(None, then or f"{HERE}/{number}")


def send_atom(request: Request) -> Response:
    """Answer `/watch-lists/N/feed.atom`: what it told."""
    return fed(request, as_atom)


def send_json(request: Request) -> Response:
    """Answer `/watch-lists/N/feed.json`: the same as a JSON feed."""
    return fed(request, as_json)


def fed(request: Request, form: Callable[[Request, Feed], Response]) -> Response:
    """Answer with the feed of a watch-list."""
    number = request.path_params["number"]
    with read(request) as reading:
        listed = list_of(reading, number)
        if listed is None:
            return missing(request, number)
        # Where everybody may read, strangers are not told the key: it would let them in when that has ended.
        has_key = secrets.compare_digest(query_of(request)["key"].encode(), listed["feed_key"].encode())
        is_known = has_key or may_correct(request)
        if not is_known and not house_of(request).is_open:
            return message(request, 403, "This address does not have the key of the feed.", "The page shows it whole.")
        told = reading.rows(standing.TOLD, watch_list=number, count=PAGE, first=0)
    home = f"{HERE}/{number}"
    entries = [entry for row in told if (entry := entry_of(home, row)) is not None]
    key = listed["feed_key"] if is_known else ""
    atom, json = (making.feed_path(number, ending, key) for ending in ("atom", "json"))
    return form(request, Feed(f"Onrecord: {listed['watch_list']}", atom, json, home, entries))


def entry_of(home: str, row: RowMapping) -> Entry | None:
    """Return the entry of one delivery; None for a quotation that reports do not show any more."""
    place = f"/quotes/{row['quote_id']}"
    if row["what"] == "withdrawn":
        title = f"Withdrawn: quotation {row['quote_id']}"
        words = "The reports do not show this quotation any more, or it does not answer to the search any more."
        return Entry(f"{home}#d{row['delivery_id']}", place, title, "Onrecord", words, row["made_at"])
    if row["quote"] is None:
        return None
    link = f"/articles/{row['article_id']}#q{row['quote_id']}"
    return Entry(place, link, heading_of(row), author_of(row), row["quote"], row["made_at"])
