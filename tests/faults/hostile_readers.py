"""Readers that mean harm, as a program: `python -m tests.faults.hostile_readers URL NUMBER SECONDS`.

Each reader is a thread that does one kind of harm again and again. Whatever PostgreSQL answers, it goes on.
"""

import itertools
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import psycopg
from sqlalchemy import make_url

LARGE = 20_000_000
CONNECT_SECONDS = 5

QUESTIONS = {
    "memory": (
        "SELECT count(a) FROM (SELECT array_agg(repeat('x', 900000) || g) a FROM generate_series(1, 200000) g) t",
        "SELECT length(repeat('x', 1000000000))",
    ),
    "sorting": (
        "SET work_mem = '1TB'",
        "SELECT count(*) FROM (SELECT x FROM generate_series(1, 30000000) x ORDER BY md5(x::text)) t",
    ),
    "temporary files": (
        "SET work_mem = '64kB'",
        "SELECT count(*) FROM (SELECT repeat(x::text, 50) y FROM generate_series(1, 30000000) x ORDER BY 1) t",
        "DECLARE kept CURSOR WITH HOLD FOR SELECT repeat('x', 1000) FROM generate_series(1, 10000000)",
    ),
    "regular expressions": (
        "SELECT repeat('a', 4000) ~ '(a*)*(a*)*b\\1\\2$'",
        "SELECT count(*) FROM generate_series(1, 1000) g WHERE repeat('ab', 2000) ~ '^(.*)(.*)(.*)\\1\\2x$'",
    ),
    "locks": (
        "SELECT pg_advisory_lock(g) FROM generate_series(1, 1000000) g",
        "SELECT pg_advisory_lock_shared(1131969)",
        "BEGIN; LOCK TABLE pg_catalog.pg_class, report.quotes, report.files, report.articles IN ACCESS SHARE MODE",
        "SELECT pg_sleep(2)",
        "ROLLBACK",
    ),
    "idle transactions": (
        "SET idle_in_transaction_session_timeout = 0",
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
        "SELECT count(*) FROM report.quotes",
        "SELECT pg_sleep(5)",
        "COMMIT",
    ),
    "notifications": (
        "BEGIN",
        f"SELECT 1; NOTIFY mine, '{'x' * 7900}'; NOTIFY mine, '{'y' * 7900}'",
        "COMMIT",
    ),
    "its own role": (
        "SET default_transaction_read_only = off",
        "ALTER ROLE onrecord_reader SET local_preload_libraries = 'nonexistent'",
        "ALTER ROLE onrecord_reader SET statement_timeout = 0",
        "ALTER ROLE onrecord_reader IN DATABASE onrecord SET search_path = 'nowhere'",
        "SELECT pg_sleep(1)",
    ),
    "time": (
        "SET statement_timeout = 0",
        "SELECT count(*) FROM generate_series(1, 1000000000000) g",
    ),
    "reports": (
        "SELECT count(*) FROM report.quotes a, report.quotes b, report.statements c WHERE a.quote < b.quote",
        "SELECT pg_export_snapshot() FROM generate_series(1, 1000000)",
    ),
}


def asker(url: str, statements: tuple[str, ...], until: float) -> None:
    """Run the statements again and again, on one connection for as long as it lives."""
    while time.monotonic() < until:
        with suppress(psycopg.Error), psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS) as own:
            while time.monotonic() < until and not own.closed:
                for statement in statements:
                    with suppress(psycopg.Error):
                        own.execute(statement)
        time.sleep(0.1)


def listener(url: str, until: float) -> None:
    """Listen in a transaction that stays open, so that no notification can be forgotten."""
    while time.monotonic() < until:
        with suppress(psycopg.Error), psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS) as own:
            own.execute("SET idle_in_transaction_session_timeout = 0")
            own.execute("LISTEN mine")
            own.execute("BEGIN")
            own.execute("SELECT 1")
            time.sleep(max(0.0, until - time.monotonic()))


def errs(url: str, until: float) -> None:
    """Send statements of 20 MB that end in an error, with control characters, and let plans be logged."""
    large = "x\x1b[2J" * (LARGE // 5)
    while time.monotonic() < until:
        with suppress(psycopg.Error), psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS) as own:
            own.execute("SET debug_print_plan = on")
            while time.monotonic() < until and not own.closed:
                for statement in (f"SELECT nix FROM nowhere -- {large}", f"SELECT CAST('{large}' AS int)"):
                    with suppress(psycopg.Error):
                        own.execute(statement)


def opener(url: str, until: float) -> None:
    """Open connections that log in and then do nothing, and others that send a start and then nothing."""
    address = make_url(url)
    words = {"user": address.username, "database": address.database}
    fields = b"".join(f"{name}\0{value}\0".encode() for name, value in words.items()) + b"\0"
    start = struct.pack("!II", len(fields) + 8, 196608) + fields
    opened: list[socket.socket] = []
    while time.monotonic() < until:
        with suppress(OSError):
            silent = socket.create_connection((str(address.host), int(address.port or 5432)), timeout=2)
            opened.append(silent)
            silent.sendall(start)
        if len(opened) > 300:
            opened.pop(0).close()
        time.sleep(0.02)


def harms(url: str, until: float) -> list[Callable[[], None]]:
    """Return all kinds of harm."""

    def asking(statements: tuple[str, ...]) -> Callable[[], None]:
        return lambda: asker(url, statements, until)

    kinds = [asking(statements) for statements in QUESTIONS.values()]
    return [
        *kinds,
        lambda: errs(url, until),
        lambda: listener(url, until),
        lambda: opener(url, until),
    ]


def main(url: str, number: int, seconds: float) -> None:
    """Let so many readers do harm for so many seconds."""
    until = time.monotonic() + seconds
    kinds = itertools.cycle(harms(url, until))
    readers = [threading.Thread(target=next(kinds), daemon=True) for _ in range(number)]
    for reader in readers:
        reader.start()
    time.sleep(seconds)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
