"""SQL is written in one way only: as SQL text, one literal for each statement. Models build no statement."""

import pytest

from tests.unit.sql_in_source import BUILDERS, STATEMENT, built, imported, modules, pieces, put_together, texts


def other_spellings(source: str) -> list[tuple[int, str]]:
    """Return line and kind of each statement that SQLAlchemy builds, or that is put together from pieces."""
    glued = [
        (text.node.lineno, "glued from pieces")
        for text in texts(source)
        if STATEMENT.match(text.words) and pieces(source, text.node) > 1
    ]
    made = [(line, "put together by a method") for line in put_together(source)]
    return [*glued, *made, *imported(source, BUILDERS), *built(source, frozenset(("select",)))]


def test_sql_is_text() -> None:
    places = {
        f"{path}:{line}: {spelling}"
        for path, source in modules(but="store/tables")
        if path.endswith(".py")
        for line, spelling in other_spellings(source)
    }
    assert places == set(), "write one literal of SQL text (CONTRIBUTING.md, SQL)"


@pytest.mark.parametrize(
    "source",
    [
        "from sqlalchemy import select",
        "from sqlalchemy import Connection, func, text",
        "import sqlalchemy as sa\nsa.select(1)",
        "connection.execute(files.select())",
        'A = text("SELECT id FROM files"\n         " WHERE state = :state")',
        'A = text("SELECT id FROM files" + where)',
        'A = text(" UNION ALL ".join(selects))',
        'A = "WITH waiting AS (SELECT 1) " + rest',
        'A = (f"UPDATE {table} SET state = 1"\n     " WHERE id = :id")',
    ],
)
def test_every_other_spelling_is_seen(source: str) -> None:
    assert other_spellings(source) != []


@pytest.mark.parametrize(
    "source",
    [
        'A = text("""SELECT id FROM files WHERE state = :state""")',
        'A = text(f"""SELECT {COLUMNS} FROM files WHERE state = :state""")',
        'A = ("The file was read, "\n     "and nothing is lost.")',
        "from sqlalchemy import Connection, Engine, text",
        "chosen = report.select(name)",
    ],
)
def test_sql_text_is_left_alone(source: str) -> None:
    assert other_spellings(source) == []
