"""Only `worker/store` changes rows."""

import pytest

from tests.unit.sql_in_source import WRITE, WRITERS, built, imported, modules, texts


def writes(source: str) -> list[tuple[int, str]]:
    """Return the line and the text of each write in a module."""
    in_text = [(text.node.lineno, words[0]) for text in texts(source) if (words := WRITE.search(text.words))]
    return [*in_text, *imported(source, WRITERS), *built(source, WRITERS)]


def test_only_store_writes() -> None:
    places = {
        f"{path}:{line}: {spelling}"
        for path, source in modules(but="store")
        for line, spelling in (writes(source) if path.endswith(".py") else written(source))
    }
    assert places == set(), "writes belong in worker/store (CONTRIBUTING.md, Rooms)"


def written(sql: str) -> list[tuple[int, str]]:
    return [(sql.count("\n", 0, words.start()) + 1, words[0]) for words in WRITE.finditer(sql)]


@pytest.mark.parametrize(
    "source",
    [
        'A = "INSERT INTO files (path) VALUES (:path)"',
        "A = 'insert into files default values'",
        'A = text("""\n    WITH gone AS (\n    DELETE\n    FROM files RETURNING id) SELECT 1""")',
        'A = f"UPDATE {table} SET state = :state"',
        'A = f"UPDATE {table} q\\n SET state = :state"',
        'A = "UPDATE files AS f SET " + columns',
        'A = "UPDATE " + "files SET state = 1"',
        'A = "UPDATE " + table + " SET state = 1"',
        'A = ("UPDATE public.files"\n     " SET state = 1")',
        "A = \"update only files set state = 'x'\"",
        'A = "MERGE INTO files USING seen ON true WHEN MATCHED THEN DO NOTHING"',
        'A = "TRUNCATE files"',
        'A = "SELECT 1; truncate table files"',
        'A = "COPY files (path, state) FROM STDIN"',
        'A = sql.SQL("delete from {}").format(name)',
        "from sqlalchemy import select, update",
        "from sqlalchemy import delete as remove",
        "from sqlalchemy.dialects.postgresql import insert as upsert",
        "from sqlalchemy.orm import Session",
        "import sqlalchemy\nsqlalchemy.insert(files)",
        "import sqlalchemy as sa\nsa.update(files)",
        "from sqlalchemy.dialects import postgresql\npostgresql.insert(files)",
        "connection.execute(files.delete().where(files.c.id == 1))",
        "connection.execute(File.__table__.insert(), rows)",
    ],
)
def test_every_spelling_of_a_write_is_seen(source: str) -> None:
    assert writes(source) != []


@pytest.mark.parametrize(
    "source",
    [
        '"""INSERT INTO is how a docstring may speak of it."""',
        'A = "SELECT id FROM files FOR UPDATE SKIP LOCKED"',
        'A = "Update the index, and set it down."',
        'A = "The file was truncated; copy it again from its source."',
        "known.update(new)",
        "queue.delete()",
        "names.insert(0, name)",
        "from sqlalchemy import Connection, text",
    ],
)
def test_what_changes_no_row_is_left_alone(source: str) -> None:
    assert writes(source) == []
