"""`/files`: what was dropped, and what became of it."""

from starlette.requests import Request
from starlette.responses import Response

from worker.report.question import containing
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
SOME = f"""
SELECT f.inbox, f.file, f.state, f.reason, f.message, f.size, f.members, f.members_stored, f.members_duplicate,
       f.members_quarantined, f.duplicate_of, f.first_seen, f.finished_at
FROM files f WHERE {WHERE} ORDER BY f.first_seen DESC, f.inbox, f.file LIMIT %(count)s OFFSET %(first)s
"""  # noqa: S608 - a constant
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
            total = reading.value(COUNT, **values)
            rows, members = reading.rows(SOME, **values, **span), None
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
