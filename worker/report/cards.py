"""The cards of quotations: all that one shows, with the hits marked in the words."""

from collections.abc import Sequence

OWN = """own AS MATERIALIZED (SELECT language, query FROM queries(%(words)s)),"""
WITH_OWN = """JOIN own o ON o.language = coalesce(p.language, 'en')"""
"""The query of a quotation's own language, for a row `p`."""

CARD = """
q.quote_id, q.kind, q.quote, q.speaker, q.source_text, q.source_kind, q.cue, q.confidence, q.article_id, q.title,
q.outlet, q.published_at, p.day, q.language, q.statement_id, q.file, q.denied, q.speaks_for
"""
"""All that a card shows."""
HEADLINE = """
ts_headline({0}, translate(q.quote, chr(2) || chr(3), ''), o.query,
            'HighlightAll=true, StartSel=' || chr(2) || ', StopSel=' || chr(3))
"""
# Of the two ways in which words are compared, the one that finds something marks it.
MARKED = f"""
coalesce((
    SELECT CASE WHEN to_tsvector(words_of(q.language), q.quote) @@ o.query
                THEN {HEADLINE.format("words_of(q.language)")} ELSE {HEADLINE.format("stems_of(q.language)")} END
    FROM own o WHERE o.language = coalesce(q.language, 'en')), q.quote)
"""  # noqa: S608 - constants
GIVEN = """
chosen AS (SELECT x.quote_id, x.place FROM unnest(CAST(%(quote_ids)s AS bigint[]))
           WITH ORDINALITY AS x (quote_id, place))
"""


def cards_of_chosen(*, is_marked: bool) -> str:
    """Return the query for the cards of `chosen`, quotations and their places; `own` has the queries that mark them."""
    return f"""
SELECT {MARKED if is_marked else "q.quote"} AS marked, {CARD}
FROM chosen c JOIN all_quotes q ON q.quote_id = c.quote_id JOIN all_places p ON p.quote_id = c.quote_id
ORDER BY c.place
"""  # noqa: S608 - only constants go in


def cards(quote_ids: Sequence[int], words: str = "") -> tuple[str, dict[str, object]]:
    """Return the statement for quotations that were found already, in their order, and its values, as `Search.page`.

    `words`: mark these, as the search box reads them.
    """
    statement = f"WITH {OWN if words else ''} {GIVEN} {cards_of_chosen(is_marked=bool(words))}"
    return statement, {"quote_ids": [*quote_ids], "words": words}
