"""The search over quotations: one page of hits, true counts beside it, and the whole of it for a file.

Each statement applies every condition before anything is cut off, so that a rare speaker among many hits is found. Only
counts are cut off, at `MOST_COUNTED`: the page then says "10,000+".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from worker.report.question import containing
from worker.report.reading import Reading
from worker.report.search_line import SearchLine

MOST_COUNTED = 10_000
"""Count at most so many hits, and rank at most so many."""

CHOICES = 12
"""Show at most so many speakers and so many outlets to choose from."""

HIGH, MIDDLE = 0.9, 0.7
"""A confidence from here on is called high, or middle; every lower one is called low."""

NAMED = """
SELECT n.speaker_id FROM speaker_names n
WHERE n.status = 'joined' AND (n.name ILIKE ANY(%({0})s) OR n.speaker ILIKE ANY(%({0})s))
"""
IDS = f"""SELECT DISTINCT x.speaker_id FROM ({NAMED.format("names")}) x"""  # noqa: S608 - constants
SAID_BY = """p.quote_id IN (SELECT s.quote_id FROM spoken s WHERE s.speaker_id IN ({0}))"""
BY_NAME = SAID_BY.format(NAMED)
ASKED = """SELECT CAST(asked(%(words)s) AS text)"""
OWN = """own AS MATERIALIZED (SELECT language, query FROM queries(%(words)s)),"""
WITH_OWN = """JOIN own o ON o.language = coalesce(p.language, 'en')"""
# Not `= ANY(…)`, which PostgreSQL may use with an index: it then sorts all the numbers again for each quotation.
BY_NUMBER = SAID_BY.format("SELECT x.id FROM unnest(CAST(%({0})s AS bigint[])) AS x (id)")
PRINTED_BY = """p.article_id IN (SELECT s.article_id FROM printed s WHERE s.outlet ILIKE ANY(%({0})s))"""
LEVEL = f"""CASE WHEN p.confidence >= {HIGH} THEN 'high' WHEN p.confidence >= {MIDDLE} THEN 'middle' ELSE 'low' END"""

CONDITIONS: Mapping[str, str] = {
    "words": "p.words @@ (SELECT asked(%(words)s))",
    "asked": "p.words @@ CAST(%(asked)s AS tsquery)",
    "speakers": BY_NAME.format("speakers"),
    "not_speakers": f"NOT {BY_NAME.format('not_speakers')}",
    "named": BY_NUMBER.format("named"),
    "not_named": f"NOT {BY_NUMBER.format('not_named')}",
    "outlets": PRINTED_BY.format("outlets"),
    "not_outlets": f"NOT {PRINTED_BY.format('not_outlets')}",
    "kinds": "p.kind = ALL(%(kinds)s)",
    "denied": "p.denied = ALL(%(denied)s)",
    "after": "p.day >= %(after)s",
    "before": "p.day < %(before)s",
    "since": "p.day >= %(since)s",
    "until": "p.day < %(until)s",
    # Either of the two columns has an index; what is computed of both has none.
    "speaker_id": """
        p.quote_id IN (SELECT s.quote_id FROM spoken s
                       WHERE s.named_id = %(speaker_id)s OR s.merged_into = %(speaker_id)s)
    """,
    "not_speaker_id": """
        NOT EXISTS (SELECT FROM spoken s WHERE s.quote_id = p.quote_id AND s.speaker_id = %(not_speaker_id)s)
    """,
    "no_speaker": "NOT EXISTS (SELECT FROM spoken s WHERE s.quote_id = p.quote_id)",
    "outlet": "p.article_id IN (SELECT s.article_id FROM printed s WHERE s.outlet = %(outlet)s)",
    "language": "p.language = %(language)s",
    "level": f"{LEVEL} = %(level)s",
    "statement_id": "p.statement_id = %(statement_id)s",
    "stored_after": """
        EXISTS (SELECT FROM articles a WHERE a.article_id = p.article_id AND a.stored_at >= %(stored_after)s)
    """,
    "among": "p.quote_id IN (SELECT x.id FROM unnest(CAST(%(among)s AS bigint[])) AS x (id))",
}
"""The condition of each thing that narrows the search; the value of the same name is bound to it."""


class Sort(StrEnum):
    """The orders of hits."""

    BEST = "best"
    NEWEST = "new"
    OLDEST = "old"


@dataclass(frozen=True, slots=True)
class Search:
    """A line that was typed, and what was chosen beside it. `since` and `until` are whole days, both included.

    `candidates`: those below the floor of confidence, which reports leave out, instead of the others. `named` and
    `not_named` are the speakers that the line names, and `asked` is the query for its words in every language in use,
    once they are looked up (`resolved`). `among`: only these quotes; `stored_after`: only those of articles that were
    stored at this moment or later.
    """

    line: SearchLine = field(default_factory=SearchLine)
    speaker_id: int | None = None
    not_speaker_id: int | None = None
    no_speaker: bool = False
    outlet: str | None = None
    kind: str | None = None
    denied: bool | None = None
    language: str | None = None
    level: str | None = None
    since: date | None = None
    until: date | None = None
    statement_id: int | None = None
    candidates: bool = False
    named: Sequence[int] | None = None
    not_named: Sequence[int] | None = None
    among: Sequence[int] | None = None
    stored_after: datetime | None = None
    asked: str | None = None

    def parameters(self) -> dict[str, object]:
        """Return the values of the conditions that narrow this search."""
        line = self.line
        is_resolved = self.named is not None
        values: dict[str, object] = {
            "words": (line.words or None) if self.asked is None else None,
            "asked": self.asked,
            "speakers": patterns(line.speakers) if not is_resolved else None,
            "not_speakers": patterns(line.not_speakers) if not is_resolved else None,
            "named": self.named if is_resolved and patterns(line.speakers) else None,
            "not_named": self.not_named if is_resolved and patterns(line.not_speakers) else None,
            "outlets": patterns(line.outlets),
            "not_outlets": patterns(line.not_outlets),
            "kinds": [kind for kind in (line.kind, self.kind) if kind] or None,
            "denied": [denied for denied in (line.denied, self.denied) if denied is not None] or None,
            "after": line.after,
            "before": line.before,
            "since": midnight(self.since) if self.since else None,
            "until": after_midnight(self.until) if self.until else None,
            "speaker_id": self.speaker_id,
            "not_speaker_id": self.not_speaker_id,
            "no_speaker": self.no_speaker or None,
            "outlet": self.outlet,
            "language": self.language,
            "level": self.level,
            "statement_id": self.statement_id,
            "among": self.among,
            "stored_after": self.stored_after,
        }
        return {name: value for name, value in values.items() if value is not None}

    def conditions(self) -> str:
        """Return the conditions on a row `p` of `quote_places`, as SQL."""
        return " AND ".join(["true", *(CONDITIONS[name] for name in self.parameters())])

    def resolved(self, reading: Reading) -> "Search":
        """Return the same search with the numbers of the speakers whom the line names, and the query for its words.

        PostgreSQL then knows how many they are: from few speakers it goes to their quotations, and of many it looks
        through the quotations. It can estimate neither from patterns of names. The same is true of words.
        """

        def of(texts: tuple[str, ...]) -> list[int]:
            names = patterns(texts)
            return [row["speaker_id"] for row in reading.rows(IDS, names=names)] if names else []

        asked = reading.value(ASKED, words=self.line.words) if self.line.words else None
        return replace(self, named=of(self.line.speakers), not_named=of(self.line.not_speakers), asked=asked)

    @property
    def places(self) -> str:
        """The view in which the hits are sought."""
        return "candidate_places" if self.candidates else "quote_places"

    @property
    def quotes(self) -> str:
        """The view that has all that is known of the hits."""
        return "candidates" if self.candidates else "quotes"

    def sorted_by(self, wanted: str | None) -> Sort:
        """Return the order that somebody wants; without words, no hit is better than another."""
        if wanted in (Sort.NEWEST, Sort.OLDEST):
            return Sort(wanted)
        return Sort.BEST if self.line.words else Sort.NEWEST

    def page(self, sort: Sort, first: int, count: int) -> tuple[str, dict[str, object]]:
        """Return the statement for `count` hits from the `first` on (from 0), and its values.

        A row has all that a card shows. `marked` is the quotation with STX before each hit and ETX after it.
        """
        orders = {
            Sort.BEST: "ts_rank(p.words, o.query) DESC, p.quote_id" if self.line.words else NEWEST,
            Sort.NEWEST: NEWEST,
            Sort.OLDEST: "p.day, p.article_id, p.quote_id",
        }
        marked = MARKED if self.line.words else "q.quote"
        is_ranked = sort is Sort.BEST and bool(self.line.words)
        bound, own = ("LIMIT %(most)s", WITH_OWN) if is_ranked else ("", "")
        statement = f"""
WITH {OWN if self.line.words else ""} chosen AS (
    SELECT p.quote_id, p.day, p.language, row_number() OVER (ORDER BY {orders[sort]}) AS place
    FROM (SELECT * FROM {self.places} p WHERE {self.conditions()} {bound}) p {own}
    ORDER BY {orders[sort]} LIMIT %(count)s OFFSET %(first)s)
SELECT {marked} AS marked, {CARD}
FROM chosen c JOIN {self.quotes} q ON q.quote_id = c.quote_id
ORDER BY c.place
"""  # noqa: S608 - only the constants above go in; values are parameters
        bounds = {"first": first, "count": count, "most": MOST_COUNTED}
        return statement, {**self.parameters(), "words": self.line.words, **bounds}

    def counts(self) -> tuple[str, dict[str, object]]:
        """Return the statement for the counts beside the hits, and its values.

        A row is `counted` (total, day, or one of the things to choose from), the `value` for the address, its `label`,
        and the number of `quotes`. A total of more than `MOST_COUNTED` means that only so many were counted.
        """
        # Of everything, the newest are counted. With conditions, an order could make the search walk through all days.
        newest = "" if self.parameters() else f"ORDER BY {NEWEST}"
        statement = f"""
WITH hits AS MATERIALIZED (
    SELECT p.quote_id, p.article_id, p.day, p.kind, p.language, {LEVEL} AS level, p.denied FROM {self.places} p
    WHERE {self.conditions()} {newest} LIMIT %(most)s + 1)
SELECT 'total' AS counted, NULL AS value, NULL AS label, count(*) AS quotes FROM hits
UNION ALL SELECT 'kind', kind, kind, count(*) FROM hits GROUP BY kind
UNION ALL SELECT 'language', language, language, count(*) FROM hits WHERE language IS NOT NULL GROUP BY language
UNION ALL SELECT 'confidence', level, level, count(*) FROM hits GROUP BY level
UNION ALL SELECT 'denied', d.answer, d.answer, count(*)
FROM (SELECT CASE WHEN denied THEN 'yes' ELSE 'no' END AS answer FROM hits) d GROUP BY d.answer
UNION ALL (
    SELECT 'speaker', s.speaker_id::text, s.speaker, count(DISTINCT h.quote_id)
    FROM hits h JOIN spoken s ON s.quote_id = h.quote_id
    GROUP BY s.speaker_id, s.speaker ORDER BY 4 DESC, 3 LIMIT {CHOICES})
UNION ALL (
    SELECT 'outlet', o.outlet, o.outlet, count(*)
    FROM hits h JOIN printed o ON o.article_id = h.article_id
    GROUP BY o.outlet ORDER BY 4 DESC, 3 LIMIT {CHOICES})
UNION ALL SELECT 'day', d.day::text, NULL, count(*)
FROM (SELECT (day AT TIME ZONE 'UTC')::date AS day FROM hits) d GROUP BY d.day
"""  # noqa: S608 - only the constants above go in; values are parameters
        return statement, {**self.parameters(), "most": MOST_COUNTED}

    def numbers(self) -> tuple[str, dict[str, object]]:
        """Return the statement for the numbers of all hits, and its values."""
        statement = f"""
SELECT p.quote_id FROM {self.places} p WHERE {self.conditions()} ORDER BY p.quote_id
"""  # noqa: S608 - only the constants above go in; values are parameters
        return statement, self.parameters()

    def all_of_it(self) -> tuple[str, dict[str, object]]:
        """Return the statement for every column of every hit, in the order of their numbers, and its values."""
        statement = f"""
SELECT q.* FROM {self.quotes} q
WHERE q.quote_id IN (SELECT p.quote_id FROM {self.places} p WHERE {self.conditions()})
ORDER BY q.quote_id
"""  # noqa: S608 - only the constants above go in; values are parameters
        return statement, self.parameters()


def cards(quote_ids: Sequence[int]) -> tuple[str, dict[str, object]]:
    """Return the statement for quotations that were found already, in their order, and its values, as `Search.page`."""
    return CARDS, {"quote_ids": [*quote_ids]}


CARD = """
q.quote_id, q.kind, q.quote, q.speaker, q.source_text, q.source_kind, q.cue, q.confidence, q.article_id, q.title,
q.outlet, q.published_at, c.day, c.language, q.statement_id, q.file, q.denied, q.speaks_for
"""
"""All that a card shows, of a row `q` of `quotes` and a row `c` of those that were chosen."""
CARDS = f"""
WITH chosen AS (
    SELECT p.quote_id, p.day, p.language, x.place
    FROM unnest(CAST(%(quote_ids)s AS bigint[])) WITH ORDINALITY AS x (quote_id, place)
    JOIN quote_places p ON p.quote_id = x.quote_id)
SELECT q.quote AS marked, {CARD}
FROM chosen c JOIN quotes q ON q.quote_id = c.quote_id
ORDER BY c.place
"""  # noqa: S608 - constants
NEWEST = """p.day DESC, p.article_id, p.quote_id"""
HEADLINE = """
ts_headline({0}, translate(q.quote, chr(2) || chr(3), ''), o.query,
            'HighlightAll=true, StartSel=' || chr(2) || ', StopSel=' || chr(3))
"""
# Of the two ways in which words are compared, the one that finds something marks it.
MARKED = f"""
coalesce((
    SELECT CASE WHEN to_tsvector(words_of(c.language), q.quote) @@ o.query
                THEN {HEADLINE.format("words_of(c.language)")} ELSE {HEADLINE.format("stems_of(c.language)")} END
    FROM own o WHERE o.language = coalesce(c.language, 'en')), q.quote)
"""  # noqa: S608 - constants


def patterns(texts: tuple[str, ...]) -> list[str] | None:
    """Return patterns for values that contain one of the texts; None if there is no text."""
    return [pattern for text in texts if (pattern := containing(text))] or None


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def after_midnight(day: date) -> datetime:
    """Return the moment at which a day ends, in UTC; of the last day that there is, its last microsecond."""
    try:
        return midnight(day + timedelta(days=1))
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
