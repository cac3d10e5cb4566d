"""The search over quotations: one page of hits, true counts beside it, and the whole of it for a file.

Each statement applies every condition before anything is cut off, so that a rare speaker among many hits is found. Only
counts are cut off, at `MOST_COUNTED`: the page then says "10,000+".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from worker.report.cards import OWN, WITH_OWN, cards_of_chosen
from worker.report.reading import Reading
from worker.report.search_conditions import (
    ASKED,
    CONDITIONS,
    IDS,
    LEVEL,
    OF_ARTICLE,
    WORDS,
    after_midnight,
    midnight,
    patterns,
)
from worker.report.search_counts import COUNTS
from worker.report.search_line import SearchLine

MOST_COUNTED = 10_000
"""Count at most so many hits, and rank at most so many."""

FEW = 2_000
"""Sort at most so many hits by day, if they are not counted; of more, walk through the days."""

PLACES = """
(SELECT q.*, a.day, a.language FROM quote_rows q
 CROSS JOIN LATERAL (SELECT d.day, d.language FROM article_days d WHERE d.article_id = q.article_id OFFSET 0) a)
"""
"""The rows of `quote_places`, each with a look-up of its article. PostgreSQL is not left to guess (`OFFSET 0`).

It takes 10,000 look-ups in an index for dearer than they are: it would sooner read the whole index of articles, and
before that all hits, of which there may be ten times as many as are counted.
"""


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
            "behalf": patterns(line.behalf),
            "not_behalf": patterns(line.not_behalf),
            "kinds": [kind for kind in (line.kind, self.kind) if kind] or None,
            "denied": [denied for denied in (line.denied, self.denied) if denied is not None] or None,
            "after": line.after,
            "before": line.before,
            "since": midnight(self.since) if self.since else None,
            "until": after_midnight(self.until) if self.until else None,
            "speaker_id": self.speaker_id,
            "no_speaker": self.no_speaker or None,
            "outlet": self.outlet,
            "language": self.language,
            "level": self.level,
            "statement_id": self.statement_id,
            "among": self.among,
            "stored_after": self.stored_after,
        }
        return {name: value for name, value in values.items() if value is not None}

    def conditions(self, *, walking: bool = False) -> str:
        """Return the conditions on a row `p` of `quote_places`, as SQL.

        `walking`: the words are compared with each row, and not sought in the index.
        """
        shown = {**CONDITIONS, **{name: f"({CONDITIONS[name]}) IS TRUE" for name in WORDS}} if walking else CONDITIONS
        return " AND ".join(["true", *(shown[name] for name in self.parameters())])

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

    @property
    def looked_up(self) -> str:
        """What the hits are sought in where no day and no language says which articles count."""
        narrowed = self.parameters().keys()
        return PLACES if narrowed and not self.candidates and OF_ARTICLE.isdisjoint(narrowed) else self.places

    def sorted_by(self, wanted: str | None) -> Sort:
        """Return the order that somebody wants; without words, no hit is better than another."""
        if wanted in (Sort.NEWEST, Sort.OLDEST):
            return Sort(wanted)
        return Sort.BEST if self.line.words else Sort.NEWEST

    def page(self, sort: Sort, first: int, count: int) -> tuple[str, dict[str, object]]:
        """Return the statement for `count` hits from the `first` on (from 0), and its values.

        A row has all that a card shows. `marked` is the quotation with STX before each hit and ETX after it.
        """
        is_ranked = self.is_ranked(sort)
        statement = f"""
WITH {OWN if self.line.words else ""} {self.hits("p.quote_id, p.article_id, p.day", is_ranked=is_ranked)},
{self.chosen(sort)}
{cards_of_chosen(is_marked=bool(self.line.words))}
"""
        bounds = {"first": first, "count": count, "most": MOST_COUNTED if is_ranked else FEW}
        return statement, {**self.parameters(), "words": self.line.words, **bounds}

    def counts(self, sort: Sort, first: int, count: int) -> tuple[str, dict[str, object]]:
        """Return the statement for the counts beside the hits and the numbers of the hits of a page, and its values.

        A row is `counted` (total, or one of the things to choose from), the `value` for the address, its `label`, and
        the number of `quotes`. A total of more than `MOST_COUNTED` means that only so many were counted. Of a `hit`,
        the `value` is its number and `quotes` its place; `cards` gives what a page shows of it. The `value` of `days`
        is JSON: the number of quotes of each day.
        """
        is_ranked = self.is_ranked(sort)
        columns = f"p.quote_id, p.article_id, p.day, p.kind, p.language, {LEVEL} AS level, p.denied"
        statement = f"""
WITH {OWN if is_ranked else ""} {self.hits(columns, is_ranked=is_ranked)},
{self.chosen(sort)},
{COUNTS}
"""
        bounds = {"first": first, "count": count, "most": MOST_COUNTED}
        return statement, {**self.parameters(), "words": self.line.words, **bounds}

    def is_ranked(self, sort: Sort) -> bool:
        """True if hits are sorted by how well they match."""
        return sort is Sort.BEST and bool(self.line.words)

    def hits(self, columns: str, *, is_ranked: bool) -> str:
        """Return the definition of `found`, one hit more than the bound at most, and of `hits`, which keep to it."""
        # Of everything, the newest are found. With conditions, an order could make the search walk through all days.
        newest = "" if self.parameters() else f"ORDER BY {NEWEST}"
        rank, own = (", ts_rank(p.words, o.query) AS rank", WITH_OWN) if is_ranked else ("", "")
        return f"""
found AS MATERIALIZED (
    SELECT {columns}{rank}
    FROM (SELECT * FROM {self.looked_up} p WHERE {self.conditions()} {newest} LIMIT %(most)s + 1) p {own}),
hits AS NOT MATERIALIZED (SELECT * FROM found LIMIT %(most)s)
"""  # noqa: S608 - only constants go in; values are parameters

    def chosen(self, sort: Sort) -> str:
        """Return the definition of `chosen`: the numbers of the hits of a page, and their places.

        Few hits are sorted. Of many, the first ones are soon met by walking through the days. PostgreSQL is not left
        to guess which: it does not know how often a rare word stands, and a walk that meets none takes seconds.
        """
        if self.is_ranked(sort):
            return f"chosen AS ({page_of('hits p', BEST)})"
        order = OLDEST if sort is Sort.OLDEST else NEWEST
        few = page_of("hits p WHERE (SELECT count(*) FROM found) <= %(most)s", order)
        many = f"{self.places} p WHERE {self.conditions(walking=True)} AND (SELECT count(*) FROM found) > %(most)s"  # noqa: S608 - constants
        return f"chosen AS (({few}) UNION ALL ({page_of(many, order)}))"

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


def page_of(rows: str, order: str) -> str:
    """Return the query for a page of rows `p`, with the place of each, from 1."""
    return f"""
SELECT p.quote_id, row_number() OVER (ORDER BY {order}) AS place FROM {rows}
ORDER BY {order} LIMIT %(count)s OFFSET %(first)s
"""  # noqa: S608 - only constants go in; values are parameters


NEWEST, OLDEST = "p.day DESC, p.article_id, p.quote_id", "p.day, p.article_id, p.quote_id"
BEST = "p.rank DESC, p.quote_id"
