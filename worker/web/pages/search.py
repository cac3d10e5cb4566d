"""`/`: the search over quotations, with counts to choose from, bars of days, and a card for each hit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.report.cards import cards
from worker.report.reading import Reading, in_time
from worker.report.search import MOST_COUNTED, Search
from worker.report.search_line import Unreadable
from worker.report.search_query import narrowed, search_of
from worker.web.asking import PAGE, Query, page_number, pages_for, query_of
from worker.web.charts import over_time
from worker.web.decided import decided
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.listing import Pieces
from worker.web.responses import in_portions, message, page, portions
from worker.web.templates import with_query

FACETS = ("speaker", "outlet", "kind", "denied", "language", "confidence")
"""What one may choose from beside the hits, in this order. Each is also a name in the address."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of a page, by number. `is_cut` says that there are more hits than the `total`, which were counted."""

    total: int
    is_cut: bool
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Counts:
    """What one may choose from beside the hits, and the hits of each day."""

    facets: Mapping[str, Sequence[RowMapping]]
    days: Mapping[date, int]


def show(request: Request) -> Response:
    """Answer `/`. The hits are sent before what stands beside them is counted, which takes as long again."""
    query = query_of(request)
    try:
        search = search_of(query)
        number = page_number(query)
    except Unreadable as error:
        return page(request, "search.html", 400, query=query, fault=str(error), **NOTHING)
    if (number - 1) * PAGE >= MOST_COUNTED:
        return message(
            request, 404, "Pages end at 10,000 quotations.", "Narrow the search, or take all of it as a file."
        )
    return in_portions(made(request, query, search, number))


def made(request: Request, query: Query, search: Search, number: int) -> Pieces:
    """Yield the page: first with the hits, then what is counted. Of the counts, some came with the hits already."""
    sort, first = search.sorted_by(query.get("sort")), (number - 1) * PAGE
    with read(request) as reading:
        search = search.resolved(reading)
        statement, values = search.counts(sort, first, PAGE)
        begun = reading.first_rows(1 + PAGE, statement, **values)
        found = hits_of(begun)
        statement, values = cards(found.numbers, search.line.words)
        hits = reading.looked_up(statement, **values)
        yield from portions(
            request,
            "search.html",
            query=query,
            narrowed=narrowed(query),
            fault=None,
            found=found,
            hits=hits,
            speakers=speakers_of(reading, (hit["quote_id"] for hit in hits)),
            count=lambda: in_time(lambda: counts_of([*begun, *reading.other_rows()])),
            chart_of=lambda days: over_time(
                days, lambda start, end: with_query("/", query, **{"from": start, "to": end, "page": None})
            ),
            has_bars=pages_for(found.total) > 1 or len({hit["day"].date() for hit in hits}) > 1,
            has_words=bool(search.line.words),
            sort=sort,
            number=number,
            pages=pages_for(found.total),
            facets=FACETS,
            chosen_name=name_of(reading, search.speaker_id),
            decided=decided(reading, query),
        )


NOTHING: dict[str, object] = {"hits": (), "found": None, "narrowed": {}, "decided": None}
"""What a search that cannot be read shows."""
NAME = """SELECT r.speaker FROM roots r WHERE r.named_id = %(speaker)s"""


def name_of(reading: Reading, speaker: int | None) -> str | None:
    """Return the name of the speaker to whom a search is narrowed, or the number if there is no such speaker."""
    return None if speaker is None else reading.value(NAME, speaker=speaker) or f"speaker {speaker}"


def hits_of(rows: Sequence[RowMapping]) -> Hits:
    """Return the hits of a page from the first rows that `Search.counts` gives."""
    places = {row["quotes"]: int(row["value"]) for row in rows if row["counted"] == "hit"}
    total = next(row["quotes"] for row in rows if row["counted"] == "total")
    return Hits(min(total, MOST_COUNTED), total > MOST_COUNTED, [places[place] for place in sorted(places)])


def counts_of(rows: Sequence[RowMapping]) -> Counts:
    """Return the counts that `Search.counts` gives."""
    facets: dict[str, list[RowMapping]] = {name: [] for name in FACETS}
    days: dict[date, int] = {}
    for row in rows:
        if row["counted"] in facets:
            facets[row["counted"]].append(row)
        elif row["counted"] == "days":
            days = {date.fromisoformat(day): quotes for day, quotes in json.loads(row["value"]).items()}
    for name in ("kind", "denied", "language", "confidence"):
        facets[name].sort(key=lambda row: (-row["quotes"], row["label"]))
    return Counts(facets, days)
