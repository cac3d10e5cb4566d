"""`/review`: what a person should look at, one at a time: joins, doubts, candidates, nobody known.

What is decided is not shown again. What is skipped is counted in the address, since everything before it is decided.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.report.reading import Reading
from worker.report.search import Search, Sort
from worker.report.search_query import one_of, whole
from worker.web.asking import query_of
from worker.web.decided import decided
from worker.web.hits import speakers_of
from worker.web.house import person_of, read
from worker.web.pages.quote import context_of, quote_of
from worker.web.responses import page

MOST_COUNTED = 1_000
"""Count at most so many that are left."""

PROPOSED = (
    """n.status = 'proposed' AND n.speaker_id IS NOT NULL AND n.other_id IS NOT NULL AND n.speaker_id <> n.other_id"""
)
JOINS_LEFT = f"""
SELECT count(*) FROM (
    SELECT DISTINCT n.speaker_id, n.other_id FROM speaker_names n WHERE {PROPOSED} LIMIT %(most)s + 1) j
"""  # noqa: S608 - a constant
# Surest first: most of those are right, so a person gets through many. Then those about the names most in use.
JOIN = f"""
SELECT n.speaker_id, n.speaker, n.other_id, n.other, max(n.name) AS name, max(n.evidence) AS evidence,
       max(n.confidence) AS confidence
FROM speaker_names n WHERE {PROPOSED}
GROUP BY n.speaker_id, n.speaker, n.other_id, n.other
ORDER BY confidence DESC, n.speaker_id, n.other_id LIMIT 1 OFFSET %(skip)s
"""  # noqa: S608 - a constant
SIDE = """
SELECT s.speaker_id, s.speaker, s.kind, s.quotes, s.articles, s.names, s.first_day, s.last_day
FROM speakers s WHERE s.speaker_id = %(speaker)s
"""

UNDECIDED = """
NOT EXISTS (SELECT FROM decisions d WHERE d.quote_id = p.quote_id AND d.undone_at IS NULL)
"""
# A decision gives a quotation one speaker at most, so none can say that a joint source is right.
DOUBTFUL = f"""
p.confidence < 0.9 AND {UNDECIDED}
AND (SELECT count(*) FROM quote_speakers s WHERE s.quote_id = p.quote_id) < 2
"""  # noqa: S608 - a constant
NOBODY = f"""
p.kind <> 'indirect' AND NOT EXISTS (SELECT FROM quote_speakers s WHERE s.quote_id = p.quote_id) AND {UNDECIDED}
"""
DOUBTFUL_LEFT = f"""
SELECT count(*) FROM (SELECT 1 FROM quote_places p WHERE {DOUBTFUL} LIMIT %(most)s + 1) q
"""  # noqa: S608 - a constant
DOUBTFUL_ONE = f"""
SELECT p.quote_id FROM quote_places p WHERE {DOUBTFUL} ORDER BY p.confidence, p.quote_id LIMIT 1 OFFSET %(skip)s
"""  # noqa: S608 - a constant
CANDIDATES_LEFT = f"""
SELECT count(*) FROM (SELECT 1 FROM candidate_places p WHERE {UNDECIDED} LIMIT %(most)s + 1) q
"""  # noqa: S608 - a constant
# Surest first, as of joins: most of those are quotations.
CANDIDATES_ONE = f"""
SELECT p.quote_id FROM candidate_places p WHERE {UNDECIDED}
ORDER BY p.confidence DESC, p.quote_id LIMIT 1 OFFSET %(skip)s
"""  # noqa: S608 - a constant
NOBODY_LEFT = f"""
SELECT count(*) FROM (SELECT 1 FROM quote_places p WHERE {NOBODY} LIMIT %(most)s + 1) q
"""  # noqa: S608 - a constant
# A quotation that the extractor is sure of is lost to everybody who asks by speaker, so it comes first.
NOBODY_ONE = f"""
SELECT p.quote_id FROM quote_places p WHERE {NOBODY} ORDER BY p.confidence DESC, p.quote_id LIMIT 1 OFFSET %(skip)s
"""  # noqa: S608 - a constant
TODAY = """
SELECT count(*) FROM decisions d
WHERE d.who = %(who)s AND d.undone_at IS NULL AND d.decided_at >= date_trunc('day', now(), 'UTC')
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing to look at: its name, the count of those left, and how one of them is found and shown."""

    name: str
    shows: str
    left: str
    find: Callable[[Reading, int], Mapping[str, Any] | None]
    template: str


def find_join(reading: Reading, skip: int) -> Mapping[str, Any] | None:
    """Return two speakers that may be one, with what is known of each; None if none is left."""
    join = reading.row(JOIN, skip=skip)
    if join is None:
        return None
    sides = [side_of(reading, join["speaker_id"], join["speaker"]), side_of(reading, join["other_id"], join["other"])]
    return {"join": join, "sides": sides}


def side_of(reading: Reading, speaker: int, name: str) -> Mapping[str, Any]:
    """Return what is known of one of two speakers: its row, if it is quoted now, and its newest quotations."""
    statement, values = Search(speaker_id=speaker).page(Sort.NEWEST, 0, 3)
    row: RowMapping | None = reading.row(SIDE, speaker=speaker)
    return {"number": speaker, "name": name, "row": row, "hits": reading.rows(statement, **values)}


def find_quote(statement: str) -> Callable[[Reading, int], Mapping[str, Any] | None]:
    """Return the function that finds a quotation with this statement, and all that is known of it."""

    def find(reading: Reading, skip: int) -> Mapping[str, Any] | None:
        number = reading.value(statement, skip=skip)
        quote = quote_of(reading, number) if number is not None else None
        if quote is None:
            return None
        speakers = speakers_of(reading, [quote["quote_id"]])[quote["quote_id"]]
        return {"quote": quote, "speakers": speakers, "context": context_of(quote)}

    return find


KINDS: tuple[Kind, ...] = (
    Kind("joins", "Are these one?", JOINS_LEFT, find_join, "review_join.html"),
    Kind("doubtful", "Is this right?", DOUBTFUL_LEFT, find_quote(DOUBTFUL_ONE), "review_quote.html"),
    Kind("candidates", "Is this a quotation?", CANDIDATES_LEFT, find_quote(CANDIDATES_ONE), "review_quote.html"),
    Kind("nobody", "Who said this?", NOBODY_LEFT, find_quote(NOBODY_ONE), "review_quote.html"),
)
"""The kinds, in the order in which they are offered."""


def show(request: Request) -> Response:
    """Answer `/review`."""
    query = query_of(request)
    wanted = one_of(query, "kind", tuple(kind.name for kind in KINDS))
    skip = whole(query, "skip") or 0
    with read(request) as reading:
        left = {kind.name: reading.value(kind.left, most=MOST_COUNTED) for kind in KINDS}
        offered = next((kind for kind in KINDS if left[kind.name]), KINDS[0])
        kind = next((kind for kind in KINDS if kind.name == wanted), offered)
        shown = kind.find(reading, skip)
        today = reading.value(TODAY, who=person_of(request))
        just_decided = decided(reading, query)
    return page(
        request,
        kind.template if shown else "review.html",
        query=query,
        kinds=KINDS,
        kind=kind,
        left=left,
        most=MOST_COUNTED,
        skip=skip,
        today=today,
        decided=just_decided,
        **(shown or {}),
    )
