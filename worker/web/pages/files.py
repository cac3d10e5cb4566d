"""`/files`: what was dropped, and what became of it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.report.question import containing
from worker.report.reading import Reading
from worker.report.search_query import one_of
from worker.store.states import State
from worker.web.asking import PAGE, page_number, pages_for, query_of
from worker.web.house import read
from worker.web.listing import Listing, Statement
from worker.web.responses import page

STATES = tuple(state.value for state in State)
WHERE = """
(%(state)s::text IS NULL OR f.state = %(state)s OR %(state)s = 'quarantined' AND f.members_quarantined > 0)
  AND (%(name)s::text IS NULL OR f.file ILIKE %(name)s) AND (%(file)s::text IS NULL OR f.file = %(file)s)
"""
ALL = f"""SELECT f.* FROM files f WHERE {WHERE} ORDER BY f.first_seen DESC, f.inbox, f.file"""  # noqa: S608
# What is shown is looked up for the rows of a page only. The second half of the list is read from its end.
SHOWN = f"""
SELECT f.inbox, f.file, f.state, f.reason, f.message, f.size, f.members, f.members_stored, f.members_duplicate,
       f.members_quarantined, f.duplicate_of, f.first_seen, f.finished_at
FROM files f WHERE {WHERE}
"""  # noqa: S608 - a constant
SOME = f"""{SHOWN} ORDER BY f.first_seen DESC, f.inbox, f.file LIMIT %(count)s OFFSET %(first)s"""
FROM_END = f"""{SHOWN} ORDER BY f.first_seen, f.inbox DESC, f.file DESC LIMIT %(count)s OFFSET %(first)s"""
COUNTS = """SELECT f.state, count(*) AS files FROM files f GROUP BY f.state ORDER BY files DESC"""
COUNT = f"""SELECT count(*) FROM files f WHERE {WHERE}"""  # noqa: S608 - a constant
MEMBERS = """
SELECT m.member, m.position, m.state, m.reason, m.message, m.article_id, a.title, a.warnings
FROM members m LEFT JOIN articles a ON a.article_id = m.article_id
WHERE m.file = %(file)s
ORDER BY m.state = 'quarantined' DESC, m.inbox, m.position LIMIT %(count)s OFFSET %(first)s
"""
COUNT_MEMBERS = """SELECT count(*) FROM members m WHERE m.file = %(file)s"""


def show(request: Request) -> Response:
    """Answer `/files`; with `file=`, the members of one file too."""
    query = query_of(request)
    number = page_number(query)
    values = values_of(query)
    span = {"count": PAGE, "first": (number - 1) * PAGE}
    with read(request) as reading:
        counts = reading.rows(COUNTS)
        if values["file"] is None:
            is_narrowed = any(value is not None for value in values.values())
            total = reading.value(COUNT, **values) if is_narrowed else sum(row["files"] for row in counts)
            rows, members = rows_of(reading, values, total, (number - 1) * PAGE), None
        else:
            total = reading.value(COUNT_MEMBERS, file=values["file"])
            rows = reading.rows(SOME, **values, count=PAGE, first=0)
            members = reading.rows(MEMBERS, file=values["file"], **span)
    return page(
        request,
        "files.html",
        query=query,
        counts=counts,
        total=total,
        rows=rows,
        members=members,
        number=number,
        pages=pages_for(total),
        states=STATES,
    )


def rows_of(reading: Reading, values: Mapping[str, object], total: int, first: int) -> Sequence[RowMapping]:
    """Return the rows of a page, of `total` rows and from the `first` on (from 0)."""
    count = max(0, min(PAGE, total - first))
    if first <= total // 2:
        return reading.rows(SOME, **values, count=PAGE, first=first)
    return reading.rows(FROM_END, **values, count=count, first=max(0, total - first - count))[::-1]


def values_of(query: dict[str, str]) -> dict[str, object]:
    """Return the values that narrow the list. Raises `Unreadable`."""
    return {
        "state": one_of(query, "state", STATES),
        "name": containing(query.get("name", "").strip()[:500] or None),
        "file": query.get("file"),
    }


def everything(request: Request) -> Statement:
    """Return the statement for all files that the address asks for."""
    return ALL, values_of(query_of(request))


LISTING = Listing("files", everything)
