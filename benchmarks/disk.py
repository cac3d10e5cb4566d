"""What the tables take on disk per stored article, so that one can say what ten million articles will take."""

from sqlalchemy import Connection, text

from benchmarks.figure import Figure

LARGEST = 7
"""Show so many tables; the others are summed up."""

SIZES = text(
    """
    SELECT c.relname AS name, pg_table_size(c.oid) AS rows, pg_indexes_size(c.oid) AS indexes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'pool\\_%'
    ORDER BY pg_total_relation_size(c.oid) DESC
    """
)


def taken(connection: Connection, articles: int) -> list[Figure]:
    """Return the kilobytes an article of the largest tables with their indexes, and of all tables, with `articles`."""
    tables = connection.execute(SIZES).all()
    figures = [
        Figure("disk an article", _kilobytes(sum(table.rows + table.indexes for table in tables), articles), "kB"),
        Figure("… of which indexes", _kilobytes(sum(table.indexes for table in tables), articles), "kB"),
    ]
    for table in tables[:LARGEST]:
        figures.append(Figure(f"… {table.name}, rows", _kilobytes(table.rows, articles), "kB"))
        figures.append(Figure(f"… {table.name}, indexes", _kilobytes(table.indexes, articles), "kB"))
    rest = sum(table.rows + table.indexes for table in tables[LARGEST:])
    return [*figures, Figure("… all other tables", _kilobytes(rest, articles), "kB")]


def _kilobytes(count: int, articles: int) -> float:
    return count / 1000 / articles
