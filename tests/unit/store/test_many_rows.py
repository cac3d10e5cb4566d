"""The statements that write many rows name the columns' types as the tables have them."""

import re
from types import ModuleType

import pytest
from sqlalchemy import TextClause
from sqlalchemy.dialects import postgresql

from worker.store import corrections, forms, lists, members, quotes, speakers, statements, watch_lists
from worker.store.tables.models import Base

WRITTEN = re.compile(
    r"(?:INSERT INTO|UPDATE) (\w+)\b.*?json_to_recordset\(CAST\(:rows AS json\)\)\s+AS (?:r)?\((.*?)\)\)?\s+W", re.S
)
MADE = re.compile(r"(\w+) ([\w\[\]]+)")


@pytest.mark.parametrize("module", [corrections, forms, lists, members, quotes, speakers, statements, watch_lists])
def test_the_types_are_those_of_the_tables(module: ModuleType) -> None:
    checked = 0
    for statement in vars(module).values():
        found = WRITTEN.search(statement.text) if isinstance(statement, TextClause) else None
        if found is None:
            continue
        columns = Base.metadata.tables[found[1]].c
        for name, kind in MADE.findall(found[2]):
            if name == "digest":  # decoded from text
                continue
            dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
            stored = str(columns[name].type.compile(dialect)).lower()
            assert kind == stored or (kind, stored) == ("int", "integer"), f"{found[1]}.{name}"
            checked += 1
    assert checked, "the module writes no rows"
