"""What the views of the schema `report` say about themselves: names, columns, types, and the comments on them."""

from collections.abc import Mapping

from sqlalchemy import Engine

from worker.report.answer import ask

LIST_VIEWS = """
SELECT c.relname AS view, obj_description(c.oid, 'pg_class') AS "a row is"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'report' AND c.relkind = 'v' ORDER BY 1
"""
LIST_COLUMNS = """
SELECT a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
       col_description(a.attrelid, a.attnum) AS "what it says"
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'report' AND c.relname = %(view)s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
ALL_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'report' AND c.relkind = 'v' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname
"""


def columns_of_views(engine: Engine) -> dict[str, list[str]]:
    """Return the columns of each view, by the name of the view."""
    with ask(engine, ALL_COLUMNS) as answer:
        return {str(view): [str(name) for name in names] for view, names in answer.rows if isinstance(names, list)}


def meanings(engine: Engine, view: str) -> Mapping[str, str]:
    """Return what each column of a view says, in the order of the columns."""
    with ask(engine, LIST_COLUMNS, {"view": view}) as answer:
        return {str(name): str(meaning or "") for name, _type, meaning in answer.rows}
