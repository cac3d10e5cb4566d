"""What a page looks up by numbers is planned once a connection; what it searches is planned for its values."""

from sqlalchemy import Engine

from worker.report.reading import reading

LOOKUP = """SELECT quote_id FROM quotes WHERE article_id = ANY(%(articles)s)"""
SEARCH = """SELECT quote_id FROM quotes WHERE speaker = %(name)s"""
PREPARED = """
SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT quote_id FROM%%'
"""
TIMES = 5


def test_plans_of_look_ups_live(engine: Engine) -> None:
    for _ in range(TIMES):
        with reading(engine) as asking:
            asking.looked_up(LOOKUP, articles=[1, 2])
            asking.rows(SEARCH, name="Ana Ferro")
    with reading(engine) as asking:
        plans = {row["statement"].split("WHERE ")[1].split()[0]: row for row in asking.rows(PREPARED)}
    assert plans["article_id"]["generic_plans"] >= TIMES - 2, "planned once, then only executed"
    assert plans["article_id"]["custom_plans"] == 0
    assert plans["speaker"]["generic_plans"] == 0, "a name may be rare or common"
