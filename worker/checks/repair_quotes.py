"""Repairs of quotations and statements; each function takes the ids of rows that were wrong."""

from collections.abc import Sequence

from sqlalchemy import Connection

from worker.dedupe import statements
from worker.dedupe.wording import keys
from worker.store import statements as rows
from worker.store.checking import mending


def give_statements(connection: Connection, quotes: Sequence[int]) -> None:
    """Give quotations statements of their present owners."""
    statements.refresh(connection, quotes)


def give_away(connection: Connection, statement_ids: Sequence[int]) -> None:
    """Give the quotations of some statements statements of their present owners; delete the statements left over."""
    statements.refresh(connection, mending.found(connection, mending.QUOTES_OF_STATEMENTS, statement_ids))
    reword(connection, statement_ids)


def reword(connection: Connection, statement_ids: Sequence[int]) -> None:
    """Give statements the words of one of their quotations; delete those without quotations."""
    statements.reword(connection, statement_ids)


def make_keys(connection: Connection, statement_ids: Sequence[int]) -> None:
    """Make the keys of some statements again, and delete keys under another owner."""
    mending.run(connection, mending.REMOVE_LOST_KEYS, statement_ids)
    rows.add_keys(
        connection,
        {
            (statement.owner, value, statement.id)
            for statement in mending.statements(connection, statement_ids)
            for value in keys(statement.text)
        },
    )


def add_sources(connection: Connection, articles: Sequence[int]) -> None:
    """Name the documents that carry some articles as the sources of these articles."""
    documents = mending.found(connection, mending.DOCUMENTS_OF_ARTICLES, articles)
    mending.run(connection, mending.ADD_SOURCES, documents)
