"""`/reports` and `/reports/NAME`: the ready reports, each with a chart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.report import day
from worker.report.ready import REPORTS, Report, Wants
from worker.report.search_line import Unreadable
from worker.web.asking import PAGE, query_of
from worker.web.charts import Chart, beside_names, over_time
from worker.web.house import read
from worker.web.listing import Statement, as_file
from worker.web.responses import message, page
from worker.web.templates import with_query


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a report's chart shows: the columns whose words name a bar, and the column of its length.

    Without a column for the length, a bar counts the rows with that name.
    """

    names: tuple[str, ...]
    length: str | None = None


CHARTS: Mapping[str, Drawn] = {
    "speakers": Drawn(("speaker",), "statements"),
    "speaker": Drawn(("day",), "quotes"),
    "together": Drawn(("speaker", "quoted_with"), "stories"),
    "outlets": Drawn(("outlet",), "quotes"),
    "syndicated": Drawn(("statement",), "outlets"),
    "unattributed": Drawn(("source_kind",)),
    "today": Drawn(("file",), "quotes"),
}
MOST_BARS = 30
LINKS = {"quote_id": "/quotes/", "article_id": "/articles/"}


def show(request: Request) -> Response:
    """Answer `/reports`."""
    return page(request, "reports.html", reports=REPORTS.values())


def show_one(request: Request) -> Response:
    """Answer `/reports/NAME`."""
    report = REPORTS.get(request.path_params["name"])
    if report is None:
        return message(request, 404, "There is no such report.", f"There are {', '.join(REPORTS)}.")
    query = query_of(request)
    fault, rows = None, None
    try:
        statement, values = asked(report, query, PAGE + 1)
    except Unreadable as error:
        fault = str(error)
    else:
        with read(request) as reading:
            rows = reading.rows(statement, **values)
    shown = rows[:PAGE] if rows else ()
    return page(
        request,
        "report.html",
        200 if fault is None or not query else 400,
        report=report,
        query=query,
        fault=fault,
        rows=shown,
        is_cut=rows is not None and len(rows) > PAGE,
        chart=chart_of(report, shown),
        takes_speaker=report.speaker is not Wants.NOBODY,
        links=LINKS,
    )


def send_one(request: Request) -> Response:
    """Answer `/reports/NAME.ENDING`: all rows of the report."""
    report = REPORTS.get(request.path_params["name"])
    if report is None:
        return message(request, 404, "There is no such report.", f"There are {', '.join(REPORTS)}.")
    statement, values = asked(report, query_of(request), 0)
    return as_file(request, report.name, statement, values)


def asked(report: Report, query: Mapping[str, str], limit: int) -> Statement:
    """Return the statement of a report for what the address asks. Raises `Unreadable`."""
    speaker = query.get("speaker", "").strip()[:200] or None
    if speaker is None and report.speaker is Wants.SOMEBODY:
        raise Unreadable("This report is about one speaker; say which.")
    since = query.get("since") or ("today" if report.today else None)
    try:
        first = day.since(since) if since else None
        last = day.until(query["until"]) if query.get("until") else None
    except day.NotADay as error:
        raise Unreadable(str(error)) from error
    return report.statement(speaker if report.speaker is not Wants.NOBODY else None, first, last, limit)


def chart_of(report: Report, rows: Sequence[RowMapping]) -> Chart | None:
    """Return the chart of a report's rows; None if there is nothing to draw."""
    drawn = CHARTS[report.name]
    if drawn.names == ("day",) and rows:
        days: Counter[date] = Counter()
        for row in rows:
            days[row["day"]] += row["quotes"]
        return over_time(days, lambda start, end: with_query("/", {"q": "", "from": start, "to": end}))
    lengths: Counter[str] = Counter()
    for row in rows:
        name = " and ".join(str(row[column] or "not known") for column in drawn.names)
        lengths[name] += row[drawn.length] if drawn.length else 1
    return beside_names((name, length, None) for name, length in lengths.most_common(MOST_BARS))
