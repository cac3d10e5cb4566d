"""Vacuuming: rows that were deleted stay in PostgreSQL's files until VACUUM, and their bytes until the space is used.

A small table is rewritten (VACUUM FULL), so that no deleted byte stays in its files. Rewriting a large table would keep
articles waiting, so it is only vacuumed: PostgreSQL then uses the space again for new rows.
"""

from typing import NamedTuple

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

SMALL_BYTES = 64_000_000
"""At most this large a table, with its indexes, is rewritten: that takes about a second."""

WITH_WORDS = (
    *("documents", "articles", "article_sources", "outlets", "extractions", "quotes", "quote_speakers"),
    *("quote_history", "statements", "statement_keys", "stories", "fingerprints", "speakers", "speaker_names"),
    *("speaker_keys", "decisions", "items", "told_quotes"),
)
"""The tables that hold words of articles, or hashes of words."""

SIZE = text("""SELECT pg_total_relation_size(CAST(:table AS regclass))""")
# Another session may be reading the table; nobody is to wait long behind this one.
PATIENCE = text("""SET lock_timeout = '2s'""")


class Vacuumed(NamedTuple):
    """How vacuuming ended: the tables that were only vacuumed, and those that could not be (locked, no right)."""

    only_vacuumed: list[str]
    left_out: list[str]


def vacuum(engine: Engine, small: int = SMALL_BYTES) -> Vacuumed:
    """Remove the deleted rows of all tables with words from PostgreSQL's files, and what its statistics keep of them.

    Only tables of at most `small` bytes are rewritten. The engine must log in as the owner of the tables.
    """
    only_vacuumed: list[str] = []
    left_out: list[str] = []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(PATIENCE)
        for table in WITH_WORDS:
            if connection.execute(SIZE, {"table": table}).scalar_one() <= small and _try(connection, FULL[table]):
                continue
            (only_vacuumed if _try(connection, PLAIN[table]) else left_out).append(table)
        _try(connection, STATISTICS)
        connection.execute(text("""RESET lock_timeout"""))
    return Vacuumed(only_vacuumed, left_out)


FULL = {table: text(f"""VACUUM (FULL, ANALYZE) {table}""") for table in WITH_WORDS}
PLAIN = {table: text(f"""VACUUM (ANALYZE) {table}""") for table in WITH_WORDS}
STATISTICS = text("""VACUUM (FULL) pg_statistic""")
"""The statistics of the tables hold examples of their values; ANALYZE has just replaced them."""


def _try(connection: Connection, statement: object) -> bool:
    try:
        connection.execute(statement)  # type: ignore[call-overload]
    except DBAPIError:
        return False
    return True
