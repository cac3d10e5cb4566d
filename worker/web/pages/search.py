"""`/`: the search over quotations, with counts to choose from, bars of days, and a card for each hit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.report.cards import cards
from worker.report.search import MOST_COUNTED, Search
from worker.report.search_line import Unreadable
from worker.report.search_query import narrowed, search_of
from worker.web.asking import PAGE, page_number, pages_for, query_of
from worker.web.charts import over_time
from worker.web.decided import decided
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.responses import message, page
from worker.web.templates import with_query

FACETS = ("speaker", "outlet", "kind", "denied", "language", "confidence")
"""What one may choose from beside the hits, in this order. Each is also a name in the address."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a search, and the hits of a page. `is_cut` says that there are more hits than were counted."""

    total: int
    is_cut: bool
    hits: Sequence[int]
    facets: Mapping[str, Sequence[RowMapping]]
    days: Mapping[date, int]


def show(request: Request) -> Response:
    """Answer `/`."""
    query = query_of(request)
    try:
        search = search_of(query)
        number = page_number(query)
    except Unreadable as error:
        return page(request, "search.html", 400, query=query, fault=str(error), **NOTHING)
    sort = search.sorted_by(query.get("sort"))
    first = (number - 1) * PAGE
    if first >= MOST_COUNTED:
        return message(
            request, 404, "Pages end at 10,000 quotations.", "Narrow the search, or take all of it as a file."
        )
    with read(request) as reading:
        search = search.resolved(reading)
        statement, values = search.counts(sort, first, PAGE)
        counts = counts_of(reading.rows(statement, **values))
        statement, values = cards(counts.hits, search.line.words)
        hits = reading.rows(statement, **values)
        speakers = speakers_of(reading, (hit["quote_id"] for hit in hits))
        just_decided = decided(reading, query)
        chosen_name = name_of_chosen(search, counts)
    chart = over_time(
        counts.days, lambda start, end: with_query("/", query, **{"from": start, "to": end, "page": None})
    )
    return page(
        request,
        "search.html",
        query=query,
        narrowed=narrowed(query),
        fault=None,
        hits=hits,
        speakers=speakers,
        counts=counts,
        chart=chart,
        sort=sort,
        number=number,
        pages=pages_for(min(counts.total, MOST_COUNTED)),
        first=first,
        facets=FACETS,
        chosen_name=chosen_name,
        decided=just_decided,
    )


NOTHING: dict[str, object] = {"hits": (), "counts": None, "narrowed": {}, "decided": None}
"""What a search that cannot be read shows."""


def counts_of(rows: Sequence[RowMapping]) -> Counts:
    """Return the counts that `Search.counts` gives."""
    facets: dict[str, list[RowMapping]] = {name: [] for name in FACETS}
    total, days, hits = 0, {}, {}
    for row in rows:
        if row["counted"] == "total":
            total = row["quotes"]
        elif row["counted"] == "hit":
            hits[row["quotes"]] = int(row["value"])
        elif row["counted"] == "day":
            days[date.fromisoformat(row["value"])] = row["quotes"]
        else:
            facets[row["counted"]].append(row)
    for name in ("kind", "denied", "language", "confidence"):
        facets[name].sort(key=lambda row: (-row["quotes"], row["label"]))
    in_order = [hits[place] for place in sorted(hits)]
    return Counts(min(total, MOST_COUNTED), total > MOST_COUNTED, in_order, facets, days)


def name_of_chosen(search: Search, counts: Counts) -> str | None:
    """Return the name of the speaker that the search is narrowed to, if a hit shows it."""
    if search.speaker_id is None:
        return None
    names = (row["label"] for row in counts.facets["speaker"] if row["value"] == str(search.speaker_id))
    return next(names, f"speaker {search.speaker_id}")
