"""The views are a contract: until the next major release, columns are only added (docs/contract.txt keeps them)."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from tests.integration.report.conftest import Command
from worker.report.catalogue import everything

DOCUMENTED = Path(__file__).parents[3] / "docs"
KEPT = DOCUMENTED / "contract.txt"
THE_PAGE_S = re.compile(r"\| `[^|]+ \| what (?:\[the page\]|the page counts)")
"""A row of the table of views in docs/sql.md that names views which only the page asks."""


class Column(NamedTuple):
    """A column of a view, and its type."""

    view: str
    name: str
    type: str


def kept() -> list[Column]:
    """Return the columns that were promised, view by view, in their order."""
    lines = KEPT.read_text(encoding="utf-8").splitlines()
    return [Column(*line.split(" ", 2)) for line in lines if not line.startswith("#")]


def broken(promised: list[Column], there: list[Column]) -> list[str]:
    """Return a sentence for each promise that the views do not keep, and for each column that nobody has promised."""
    types = {(column.view, column.name): column.type for column in there}
    known = {(column.view, column.name) for column in promised}
    said = []
    for column in promised:
        name, now = f"report.{column.view}.{column.name}", types.get((column.view, column.name))
        if now is None:
            said.append(
                f"{name} is gone, and programs of others read it. Keep it under this name; let its comment end with a"
                " line 'Deprecated: what to use instead.'; remove it, and its line in docs/contract.txt, with the next"
                " major release."
            )
        elif now != column.type:
            said.append(
                f"{name} was {column.type} and is {now}. Give it back its type, and add another column at the end of"
                " the view; or change it, and its line in docs/contract.txt, with the next major release."
            )
    said += [
        f"report.{column.view}.{column.name} is new; promise it: '{' '.join(column)}' is a line for docs/contract.txt."
        for column in there
        if (column.view, column.name) not in known
    ]
    for view in {column.view for column in promised}:
        before = [column.name for column in promised if column.view == view]
        after = [column.name for column in there if column.view == view]
        if set(before) <= set(after) and after[: len(before)] != before:
            said.append(f"The columns of report.{view} have another order. Put new ones at the end of the view.")
    return said


def test_the_views_keep_what_was_promised(engine: Engine) -> None:
    there = [Column(row.view, row.column, row.type or "") for row in everything(engine) if row.column]
    assert broken(kept(), there) == []


def test_views_for_the_page_say_so_in_their_comment_and_in_the_docs(engine: Engine) -> None:
    meanings = {row.view: row.meaning or "" for row in everything(engine) if row.column is None}
    marked = {view for view, meaning in meanings.items() if meaning.startswith("For the page: ")}
    rows = (DOCUMENTED / "sql.md").read_text(encoding="utf-8").splitlines()
    told = {view for row in rows if THE_PAGE_S.match(row) for view in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert marked == told


def test_every_break_has_a_sentence_that_says_what_to_do() -> None:
    a, b, c = Column("v", "a", "text"), Column("v", "b", "bigint"), Column("v", "c", "text")
    assert broken([a, b], [a, b]) == []
    assert [said.split(".")[1] for said in broken([a, b], [b])] == ["v"]
    assert "report.v.a is gone" in broken([a, b], [b])[0]
    assert "was bigint and is text" in broken([a, b], [a, b._replace(type="text")])[0]
    assert "report.v.c is new" in broken([a, b], [a, b, c])[0]
    assert "Put new ones at the end" in broken([a, b, c], [a, c, b])[0]
    assert len(broken([a, b], [a, b._replace(name="d")])) == 2, "renamed: one is gone, and one is new"


def test_a_comment_says_since_when_and_what_to_use_instead(engine: Engine, onrecord: Command) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "COMMENT ON COLUMN report.outlets.outlet IS E'Its name.\\nSince 0.2.0.\\nDeprecated: publisher.'"
        )
    rows = {(row.view, row.column): row for row in everything(engine)}
    outlet = rows["outlets", "outlet"]
    assert (outlet.since, outlet.meaning, outlet.deprecated) == ("0.2.0", "Its name.", "publisher.")
    assert rows["outlets", "articles"].since == "0.1.0"
    assert rows["outlets", None].meaning == "One row a publisher, counting every place its copies were found."
    assert "Its name. Deprecated: publisher." in onrecord("sql", "\\d outlets", "--format", "csv").out


def test_dbt_gets_the_views_with_their_words(onrecord: Command, engine: Engine) -> None:
    lines = onrecord("export", "dbt-sources").out.splitlines()
    views = [line.split()[-1] for line in lines if line.startswith("      - name: ")]
    columns = [line.split()[-1] for line in lines if line.startswith("          - name: ")]
    rows = everything(engine)
    assert views == [row.view for row in rows if row.column is None]
    assert columns == [row.column for row in rows if row.column is not None]
    said = [json.loads(line.partition(": ")[2]) for line in lines if line.lstrip().startswith("description: ")]
    assert "When it was published; null when the article does not say." in said
    refused = onrecord("export", "dbt-sources", "--speaker", "Lavrov")
    assert (refused.code, "Give it --output alone" in refused.err) == (2, True)
