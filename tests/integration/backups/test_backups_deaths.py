"""A restore that is killed, or whose server dies, at any moment: the name has one of two databases, and all of it."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.backups.conftest import Server, Start
from tests.integration.report.conftest import Command
from tests.stack import Stack, stack
from worker.backups.databases import filling, replaced
from worker.embedded.servers import embedded_servers

__all__ = ["stack"]

STEPS = ("Reading", "Restoring beside", "Migrating and checking", "Taking its place", "Restored")
"""The beginnings of the lines that a restore prints, in their order."""


def after(process: subprocess.Popen[str], step: str) -> None:
    """Wait until a restore prints the beginning of a step."""
    assert process.stdout is not None
    while step not in process.stdout.readline():
        assert process.poll() is None, process.communicate()


def killed(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def changed(dump: Path, server: Server) -> dict[int, list[tuple[object, ...]]]:
    """What may be there after a death: the database as it was (its oid, and its rows), or what the backup holds."""
    in_backup = server.contents()
    server.ask("UPDATE quotes SET text = 'newer than the backup'", database=server.database)
    return {server.oid(): server.contents(), 0: in_backup}


def whole(server: Server, changed: dict[int, list[tuple[object, ...]]]) -> bool:
    """Check that the database is the old one or the restored one, wholly; return True if it is the old one."""
    oid = server.oid()
    assert server.contents() == changed.get(oid, changed[0])
    assert server.databases() <= {server.database, filling(server.database), replaced(server.database)}
    return oid in changed


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_killed_after_each_step(
    dump: Path, server: Server, start: Start, step: str, changed: dict[int, list[tuple[object, ...]]], onrecord: Command
) -> None:
    process = start("restore", dump, "--replace", "--unchecked")
    after(process, step)
    killed(process)
    is_old = whole(server, changed)
    assert is_old or step in STEPS[-2:]
    again(onrecord, dump, server, changed)


def again(onrecord: Command, dump: Path, server: Server, changed: dict[int, list[tuple[object, ...]]]) -> None:
    """Check that the next restore ends well, and leaves nothing behind."""
    ran = onrecord("restore", str(dump), "--replace", "--unchecked")
    assert ran.code == 0, ran.err
    assert server.contents() == changed[0]
    assert server.databases() == {server.database}


@pytest.mark.long
@pytest.mark.timeout(300)
def test_killed_at_any_moment(
    dump: Path, server: Server, start: Start, changed: dict[int, list[tuple[object, ...]]], onrecord: Command
) -> None:
    """The moments are spread over a whole restore, and more of them lie around the swap."""
    choice, begun = random.Random(6), time.monotonic()
    process = start("restore", dump, "--replace", "--unchecked", ONRECORD_DATABASE_URL=server.address())
    after(process, "Taking its place")
    until_swap = time.monotonic() - begun
    process.communicate()
    server.ask("UPDATE quotes SET text = 'newer than the backup'", database=server.database)
    changed |= {server.oid(): server.contents()}
    moments = [choice.uniform(0, until_swap) for _ in range(3)]
    moments += [until_swap + choice.uniform(-0.2, 0.6) for _ in range(6)]
    for moment in moments:
        process = start("restore", dump, "--replace", "--unchecked")
        time.sleep(moment)
        killed(process)
        if not whole(server, changed):
            server.ask("UPDATE quotes SET text = 'newer than the backup'", database=server.database)
            changed |= {server.oid(): server.contents()}
    again(onrecord, dump, server, changed)


@pytest.fixture
def restorable(stack: Stack, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """A HOME with an article and a backup of it; and a function that starts its restore as a process."""
    (stack.inbox / "a.txt").write_text("“It will dry,” said mayor Arne Lie on Monday. “We wait,” said Ana Ferro.")
    ran = stack.run("up", "--once", "--inbox", str(stack.inbox), ONRECORD_EXTRACTOR="quoted")
    assert ran.returncode == 0, ran.stderr
    assert stack.run("backup", str(tmp_path / "a.dump")).returncode == 0
    started: list[subprocess.Popen[str]] = []

    def run() -> subprocess.Popen[str]:
        started.append(stack.start("restore", str(tmp_path / "a.dump"), "--replace"))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            killed(process)


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS[1:4])
def test_the_embedded_server_dies(stack: Stack, restorable: Callable[..., subprocess.Popen[str]], step: str) -> None:
    process = restorable()
    after(process, step)
    servers = embedded_servers(stack.home)
    pid = servers.postgres.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode in (0, 1), said
    assert "Traceback" not in said
    ran = stack.run("sql", "SELECT count(*) AS quotes FROM quotes", "-f", "csv")
    assert ran.stdout.split() == ["quotes", "2"], ran.stderr
    with embedded_servers(stack.home, valkey=False) as running, running.postgres.connect("postgres") as connection:
        left = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'onrecord%'").fetchone()
    assert left is not None
    process = restorable()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    with embedded_servers(stack.home, valkey=False) as running, running.postgres.connect("postgres") as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'onrecord%'").fetchall()
    assert names == [("onrecord",)]


def test_a_session_cannot_come_in_during_the_swap(
    dump: Path, server: Server, start: Start, changed: dict[int, list[tuple[object, ...]]]
) -> None:
    """Clients that connect and write all the time: each write is refused, or it is in the database at the end."""
    process = start("restore", dump, "--replace", "--unchecked")
    written: list[int] = []
    number = 0
    while process.poll() is None:
        number += 1
        try:
            with psycopg.connect(server.address(), autocommit=True, options="-c lock_timeout=100ms") as connection:
                connection.execute("INSERT INTO outlets (name, key) VALUES (%s, %s)", (str(number), str(number)))
                written.append(server.oid())
        except psycopg.Error:
            continue
    out, said = process.communicate()
    assert process.returncode == 0, said
    assert "Restored" in out
    kept = server.ask("SELECT count(*) FROM outlets WHERE key ~ '^[0-9]+$'", database=server.database)
    before = [oid for oid in written if oid in changed]
    assert kept == [(len(written) - len(before),)]
