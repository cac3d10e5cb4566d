"""Questions about PostgreSQL's own catalogue: indexes, constraints, and what the reading role may see."""

from worker.store.checking.question import Question

READER = """SELECT oid FROM pg_roles WHERE rolname IN ('onrecord_reader', 'onrecord_report')"""

QUESTIONS = (
    Question(
        "index-invalid",
        "An index is not valid, so PostgreSQL does not use it or does not enforce it; `REINDEX` makes it again.",
        "indexes",
        """
        SELECT CAST(c.relname AS text) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = to_regnamespace('public') AND NOT i.indisvalid AND i.indislive
        """,
    ),
    Question(
        "constraint-not-checked",
        "A constraint was never checked for all rows; `ALTER TABLE … VALIDATE CONSTRAINT` checks them.",
        "constraints",
        """
        SELECT CAST(conname AS text) FROM pg_constraint
        WHERE connamespace = to_regnamespace('public') AND NOT convalidated
        """,
    ),
    Question(
        "reader-sees-tables",
        "A reading role may see or change a table that it has no right to; only the schema `report` is for readers.",
        "tables",
        f"""
        SELECT DISTINCT CAST(c.relname AS text) FROM pg_class c CROSS JOIN ({READER}) r
        WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p', 'v', 'm')
          AND has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
          AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
        """,
    ),
    Question(
        "reader-misses-views",
        "A reading role may not read a view of the schema `report`; `onrecord migrate` gives it the right.",
        "views",
        f"""
        SELECT DISTINCT CAST(c.relname AS text) FROM pg_class c CROSS JOIN ({READER}) r
        WHERE c.relnamespace = to_regnamespace('report') AND c.relkind = 'v'
          AND NOT (has_schema_privilege(r.oid, c.relnamespace, 'USAGE') AND has_table_privilege(r.oid, c.oid, 'SELECT'))
        """,
    ),
)
