"""What the views of the schema `report` say about themselves: names, columns, types, and what they mean.

All of it comes from the view `report.about`, which reads the comments.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from worker.report.answer import ask
from worker.store.db.login import Login

if TYPE_CHECKING:
    from sqlalchemy import Engine

# What the page asks for stands last: it is not meant for people.
LIST_VIEWS = """
SELECT view, concat_ws(' Deprecated: ', meaning, deprecated) AS "a row is" FROM about WHERE position = 0
ORDER BY starts_with(meaning, 'For the page: '), view
"""
LIST_COLUMNS = """
SELECT "column", type, concat_ws(' Deprecated: ', meaning, deprecated) AS "what it says"
FROM about WHERE view = %(view)s AND position > 0 ORDER BY position
"""
ALL_COLUMNS = """
SELECT view, array_agg("column" ORDER BY position) FROM about WHERE position > 0 GROUP BY view
"""
EVERYTHING = """
SELECT view, "column", since, meaning, deprecated, type FROM about ORDER BY view, position
"""


class About(NamedTuple):
    """A row of `report.about`: a column, or a view (`column` and `type` are None)."""

    view: str
    column: str | None
    since: str
    meaning: str | None
    deprecated: str | None
    type: str | None


def everything(reader: "Login | Engine") -> list[About]:
    """Return what is said about each view, and after it about each of its columns, in their order."""
    with ask(reader, EVERYTHING) as answer:
        return [About(*row) for row in answer.rows]  # type: ignore[arg-type]


def columns_of_views(reader: Login) -> dict[str, list[str]]:
    """Return the columns of each view, by the name of the view."""
    with ask(reader, ALL_COLUMNS) as answer:
        return {str(view): [str(name) for name in names] for view, names in answer.rows if isinstance(names, list)}


def meanings(reader: Login, view: str) -> Mapping[str, str]:
    """Return what each column of a view says, in the order of the columns."""
    with ask(reader, LIST_COLUMNS, {"view": view}) as answer:
        return {str(name): str(meaning or "") for name, _type, meaning in answer.rows}
