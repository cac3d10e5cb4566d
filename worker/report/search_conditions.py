"""The conditions that narrow a search over quotations, each as SQL about a row `p` of the places of quotations."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from worker.report.question import containing

HIGH, MIDDLE = 0.9, 0.7
"""A confidence from here on is called high, or middle; every lower one is called low."""

# `ILIKE` makes both texts small for each row; here, the patterns are made small once. A speaker's own name is sought
# among speakers, so that it is compared once, and not once for each form of it.
SMALL = """ANY(ARRAY(SELECT lower(x.pattern) FROM unnest(CAST(%({0})s AS text[])) AS x (pattern)))"""
NAMED = f"""
SELECT n.speaker_id FROM speaker_names n WHERE n.status = 'joined' AND lower(n.name) LIKE {SMALL}
UNION ALL SELECT r.named_id FROM roots r WHERE NOT r.is_merged AND lower(r.own_name) LIKE {SMALL}
"""  # noqa: S608 - constants
IDS = f"""SELECT DISTINCT x.speaker_id FROM ({NAMED.format("names")}) x"""  # noqa: S608 - constants
SAID_BY = """p.quote_id IN (SELECT s.quote_id FROM spoken s WHERE s.speaker_id IN ({0}))"""
BY_NAME = SAID_BY.format(NAMED)
ASKED = """SELECT CAST(asked(%(words)s) AS text)"""
# Not `= ANY(…)`, which PostgreSQL may use with an index: it then sorts all the numbers again for each quotation.
BY_NUMBER = SAID_BY.format("SELECT x.id FROM unnest(CAST(%({0})s AS bigint[])) AS x (id)")
PRINTED_BY = """p.article_id IN (SELECT s.article_id FROM printed s WHERE s.outlet ILIKE ANY(%({0})s))"""
# The narrow view is read whole: it is quicker to compare its few names than to look each quotation up.
ON_BEHALF_OF = f"""p.quote_id IN (SELECT b.quote_id FROM speaking_for b WHERE lower(b.speaks_for) LIKE {SMALL})"""  # noqa: S608 - a constant
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
    "behalf": ON_BEHALF_OF.format("behalf"),
    "not_behalf": f"NOT {ON_BEHALF_OF.format('not_behalf')}",
    "kinds": "p.kind = ALL(%(kinds)s)",
    "denied": "p.denied = ALL(%(denied)s)",
    "after": "p.day >= %(after)s",
    "before": "p.day < %(before)s",
    "since": "p.day >= %(since)s",
    "until": "p.day < %(until)s",
    # The number may be one that was merged: what is asked for is the speaker that it is now.
    "speaker_id": """
        p.quote_id IN (
            SELECT s.quote_id FROM spoken s
            WHERE s.speaker_id = (SELECT r.speaker_id FROM roots r WHERE r.named_id = %(speaker_id)s))
    """,
    "no_speaker": "NOT EXISTS (SELECT FROM saying s WHERE s.quote_id = p.quote_id)",
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
WORDS = ("words", "asked")
"""The conditions that an index of words serves."""
OF_ARTICLE = frozenset({"after", "before", "since", "until", "language"})
"""The conditions on what only the article says."""


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
