"""Sends statements that the driver has prepared, without its cursors, which take twice as long as the driver itself.

A cursor makes a new converter of values for each statement, reads the statement's text for its values, and goes through
some twenty functions of Python. Here one converter serves a connection, and the text is read once.

The driver prepares, counts and forgets statements as before (`psycopg._preparing`), and what it has not prepared goes
through its cursors. `_prepared` and `_query2pg` are its own affair, so pyproject.toml bounds its version, and
`test_connection.py` shows whether they still do what we need.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from psycopg import Connection, abc
from psycopg._queries import _query2pg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, TransactionStatus

MOST_STATEMENTS = 2000
OF_ROWS = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
"""Statements of other kinds may make the driver forget what it has prepared; it must see their answers."""

_converters: WeakKeyDictionary[Connection[Any], abc.Transformer] = WeakKeyDictionary()


class Answer(NamedTuple):
    """The names of the columns, the rows, and how many rows were returned or changed."""

    columns: tuple[bytes | None, ...]
    rows: Sequence[Any]
    rowcount: int


def send(driver: Connection[Any], statement: str, values: Mapping[str, Any]) -> Answer | None:
    """Execute a statement on a connection; return None, without having sent it, if the driver has not prepared it.

    Raises the driver's errors, as its cursors do.
    """
    server = driver.pgconn
    begins = not driver.autocommit and server.transaction_status == TransactionStatus.IDLE
    read = _read(statement)
    if begins or read is None:
        return None
    query, formats, order = read
    with driver.lock:
        converter = _converters.get(driver)
        if converter is None:
            converter = _converters[driver] = Transformer(driver)
        sent = converter.dump_sequence([values[name] for name in order], formats)
        key = (query, converter.types or ())
        known = driver._prepared._names
        if (name := known.get(key)) is None:
            return None
        known.move_to_end(key)
        server.send_query_prepared(name, sent, param_formats=converter.formats)
        results = driver.wait(execute(server))
        for result in results:  # a session that is ended may say so after the statement's own answer
            if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
                raise error_from_result(result, encoding=converter.encoding)
        result = results[0]
        if result.status == ExecStatus.COMMAND_OK:
            changed = result.command_tuples
            return Answer((), (), -1 if changed is None else changed)
        converter.set_pgresult(result)
        columns = tuple(result.fname(place) for place in range(result.nfields))
        return Answer(columns, converter.load_rows(0, result.ntuples, tuple), result.ntuples)


@lru_cache(MOST_STATEMENTS)
def _read(statement: str) -> tuple[bytes, list[Any], list[str]] | None:
    """Return a statement as the server takes it, and the formats and names of its values; None if it is left alone."""
    if OF_ROWS.match(statement) is None:
        return None
    query, formats, order, _ = _query2pg(statement.encode(), "utf-8")
    return (query, formats, order) if order else None
