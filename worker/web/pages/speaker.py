"""`/speakers/N`: one speaker: said over time, said about them, who is quoted with them, outlets, names and why."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.report.cards import cards
from worker.report.reading import Reading, in_time
from worker.report.search import NEWEST, PLACES, Search, Sort
from worker.report.search_line import SearchLine
from worker.web.asking import query_of
from worker.web.charts import over_time
from worker.web.decided import about_speaker, decided
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.listing import Pieces
from worker.web.responses import in_portions, message, portions
from worker.web.templates import with_query

MOST_COUNTED = 3_000
"""Count at most so many quotations of the speaker: each stands in another place of a large table."""
MOST_BESIDE = 100
"""Look for who is quoted beside the speaker in the newest so many articles."""
MOST_ABOUT = (30, 300, 3_000)
"""Look for what others said in the newest so many quotations with the name; in more, if nearly all are their own."""
SHOWN = 10
"""Show so many quotations of the speaker, and so many about them."""

# All in one statement, since to find the quotations of a speaker is what takes time. Each row has the columns of
# `speaker`, and one count: `counted` says what is counted, `value` and `label` which, and `number` how many. The days
# are one row, with the number of each day in JSON: they may be thousands. Without the array of articles,
# PostgreSQL would read the outlets of all articles that there are.
#
# Of a speaker with more quotations than are counted, those that were stored last are: an index has them in this order.
OVERVIEW = f"""
WITH found AS MATERIALIZED (
    SELECT p.quote_id, p.article_id, p.day, p.source_text, p.statement_id, p.denied
    FROM {PLACES} p
    WHERE p.quote_id = ANY(ARRAY(SELECT s.quote_id FROM saying s JOIN roots r ON r.named_id = s.named_id
                                 WHERE r.speaker_id = %(speaker)s))
    ORDER BY p.quote_id DESC LIMIT %(most)s + 1),
theirs AS NOT MATERIALIZED (SELECT * FROM found LIMIT %(most)s),
speaker AS (
    SELECT CAST(%(speaker)s AS bigint) AS speaker_id, n.speaker, n.kind, t.*,
           (SELECT count(*) FROM found) > t.quotes AS is_cut
    FROM (SELECT count(*) AS quotes, count(DISTINCT statement_id) AS statements, count(DISTINCT article_id) AS articles,
                 count(*) FILTER (WHERE denied) AS denied, min(day) AS first_day, max(day) AS last_day
          FROM theirs HAVING count(*) > 0) t
    CROSS JOIN (SELECT speaker, kind FROM spoken WHERE speaker_id = %(speaker)s LIMIT 1) n),
printings AS MATERIALIZED (SELECT article_id, count(*) AS quotes FROM theirs GROUP BY article_id),
counts AS (
    SELECT 'days' AS counted, json_object_agg(d.day, d.number)::text AS value, NULL AS label, count(*) AS number
    FROM (SELECT (day AT TIME ZONE 'UTC')::date AS day, count(*) AS number FROM theirs GROUP BY 1) d
    UNION ALL (
        SELECT 'outlet', n.outlet, n.outlet, o.quotes
        FROM (SELECT c.outlet_id, sum(t.quotes)::bigint AS quotes
              FROM printings t JOIN article_outlets c ON c.article_id = t.article_id
              WHERE c.article_id = ANY(ARRAY(SELECT article_id FROM printings)) GROUP BY c.outlet_id) o
        JOIN outlet_names n ON n.outlet_id = o.outlet_id
        ORDER BY 4 DESC, 3 LIMIT 10)
    UNION ALL (
        SELECT 'printed', source_text, source_text, count(*) FROM theirs WHERE source_text IS NOT NULL
        GROUP BY source_text ORDER BY 4 DESC, 3 LIMIT 12)
    UNION ALL (
        SELECT 'together', o.speaker_id::text, o.speaker, count(DISTINCT p.article_id)
        FROM (SELECT article_id FROM printings ORDER BY article_id DESC LIMIT {MOST_BESIDE}) t
        JOIN quote_places p ON p.article_id = t.article_id JOIN spoken o ON o.quote_id = p.quote_id
        WHERE o.speaker_id <> %(speaker)s
        GROUP BY o.speaker_id, o.speaker ORDER BY 4 DESC, 3 LIMIT 10)
    UNION ALL (
        SELECT 'newest', n.quote_id::text, NULL, row_number() OVER ()
        FROM (SELECT quote_id FROM theirs p ORDER BY {NEWEST} LIMIT {SHOWN}) n))
SELECT s.*, c.counted, c.value, c.label, c.number FROM speaker s CROSS JOIN counts c
"""  # noqa: S608 - constants
OF_COUNT = ("counted", "value", "label", "number")
"""The columns of a count in `OVERVIEW`; the others are those of the speaker."""
NAMES = """
SELECT n.name, n.status, n.other_id, n.other, n.articles, n.evidence, n.confidence FROM speaker_names n
WHERE n.speaker_id = %(speaker)s AND n.status = 'joined' ORDER BY n.articles DESC, n.name LIMIT 100
"""
ALIASES = """
SELECT a.alias, a.decision_id, a.by_list FROM speaker_aliases a WHERE a.speaker_id = %(speaker)s
ORDER BY a.alias, a.decision_id LIMIT 100
"""
# Either of the two columns has an index; what is said of both has none.
PROPOSED = """
SELECT n.* FROM (
    SELECT speaker_id, speaker, other_id, other, name, evidence, confidence FROM speaker_names
    WHERE status = 'proposed' AND speaker_id = %(speaker)s AND other_id <> %(speaker)s
    UNION ALL
    SELECT speaker_id, speaker, other_id, other, name, evidence, confidence FROM speaker_names
    WHERE status = 'proposed' AND other_id = %(speaker)s AND speaker_id <> %(speaker)s) n
ORDER BY n.confidence DESC LIMIT 20
"""
MERGED = """
SELECT d.into_id FROM decisions d
WHERE d.kind = 'merge' AND d.speaker_id = %(speaker)s AND d.undone_at IS NULL ORDER BY d.decision_id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Overview:
    """One speaker in numbers: the columns of `speaker` in `OVERVIEW`, its counts, and the newest quotations."""

    speaker: RowMapping
    counts: Sequence[RowMapping]
    said: Sequence[RowMapping]

    def of(self, counted: str) -> list[RowMapping]:
        """Return the counts of one kind."""
        return [row for row in self.counts if row["counted"] == counted]

    def days(self) -> dict[date, int]:
        """Return how many quotations are of each day."""
        [counted] = self.of("days")
        return {date.fromisoformat(day): number for day, number in json.loads(counted["value"]).items()}


def overview_of(reading: Reading, number: int) -> Overview | None:
    """Return what is known of a speaker; None if nobody with this number is quoted."""
    counts = reading.rows(OVERVIEW, speaker=number, most=MOST_COUNTED)
    if not counts:
        return None
    newest = sorted((row["number"], int(row["value"])) for row in counts if row["counted"] == "newest")
    statement, values = cards([quote_id for _, quote_id in newest])
    return Overview(counts[0], counts, reading.looked_up(statement, **values))


def show(request: Request) -> Response:
    """Answer `/speakers/N`; a speaker that was merged leads to the one that stayed."""
    number = request.path_params["number"]
    with ExitStack() as opened:
        reading = opened.enter_context(read(request))
        overview = overview_of(reading, number)
        if overview is None:
            into = reading.value(MERGED, speaker=number)
            if into is not None and into != number:
                decision = query_of(request).get("decided")
                return RedirectResponse(with_query(f"/speakers/{into}", {"decided": decision}), 303)
            advice = "Nobody with this number is quoted now; the search finds names."
            return message(request, 404, f"There is no speaker {number}.", advice)
        return in_portions(made(request, reading, overview, opened.pop_all()))


def made(request: Request, reading: Reading, overview: Overview, opened: ExitStack) -> Pieces:
    """Yield the page: first what the speaker said, then what others said; at last, close what was `opened` for it."""
    number = overview.speaker["speaker_id"]
    about_line = SearchLine(words=f'"{last_name(overview.speaker["speaker"])}"')
    with opened:
        yield from portions(
            request,
            "speaker.html",
            speaker=overview.speaker,
            said=overview.said,
            speakers=speakers_of(reading, (hit["quote_id"] for hit in overview.said)),
            chart=over_time(overview.days(), lambda start, end: address_of_days(number, start, end)),
            together=overview.of("together"),
            outlets=overview.of("outlet"),
            printed_as=overview.of("printed"),
            names=reading.looked_up(NAMES, speaker=number),
            aliases=reading.looked_up(ALIASES, speaker=number),
            proposed=reading.looked_up(PROPOSED, speaker=number),
            decisions=about_speaker(reading, number),
            decided=decided(reading, query_of(request)),
            others=lambda: in_time(lambda: said_by_others(reading, about_line, number)),
            about_words=about_line.words,
        )


def said_by_others(reading: Reading, line: SearchLine, number: int) -> list[tuple[RowMapping, Sequence[RowMapping]]]:
    """Return the newest quotations that a line finds and that speaker `number` did not say, each with its speakers."""
    search = Search(line=line).resolved(reading)
    others: list[tuple[RowMapping, Sequence[RowMapping]]] = []
    for most in MOST_ABOUT:
        statement, values = search.page(Sort.NEWEST, 0, most)
        found = reading.rows(statement, **values)
        speakers = speakers_of(reading, (hit["quote_id"] for hit in found))
        saying = [(hit, speakers[hit["quote_id"]]) for hit in found]
        others = [(hit, who) for hit, who in saying if all(row["speaker_id"] != number for row in who)]
        if len(others) >= SHOWN or len(found) < most:
            break
    return others[:SHOWN]


def address_of_days(speaker: int, start: date, end: date) -> str:
    """Return the address of what the speaker said on some days."""
    return with_query("/", {"speaker": speaker, "from": start, "to": end})


def last_name(name: str) -> str:
    """Return the last word of a name, by which others speak of the person, without what the search line reads."""
    return name.split()[-1].replace('"', "") if name.split() else name
