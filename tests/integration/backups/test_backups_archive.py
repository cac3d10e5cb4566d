"""A backup is looked at before anything is touched; what cannot be restored gets a sentence."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from tests.integration.backups.conftest import Server
from tests.integration.report.conftest import Command
from worker.backups.programs import binary
from worker.store.db.engine import make_engine


def refused(onrecord: Command, server: Server, file: Path, words: str) -> None:
    """Check that a restore of the file is refused with these words, and that nothing is touched."""
    before, oid = server.contents(), server.oid()
    ran = onrecord("restore", str(file), "--replace")
    assert ran.code == 1, ran.out
    assert words in ran.err
    assert "Nothing was changed" in ran.err
    assert (server.contents(), server.oid(), server.databases()) == (before, oid, {server.database})


@pytest.mark.parametrize("share", [0.001, 0.02, 0.2, 0.5, 0.9, 0.9999])
def test_a_cut_backup(onrecord: Command, server: Server, dump: Path, share: float) -> None:
    whole = dump.read_bytes()
    dump.write_bytes(whole[: max(12, int(share * len(whole)))])
    refused(onrecord, server, dump, "is cut short or damaged")


def test_a_backup_with_overwritten_rows(onrecord: Command, server: Server, dump: Path) -> None:
    whole = bytearray(dump.read_bytes())
    at = len(whole) - 3000
    whole[at : at + 400] = random.Random(3).randbytes(400)
    dump.write_bytes(whole)
    refused(onrecord, server, dump, "is cut short or damaged")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"{}", "is no backup of Onrecord"),
        (b"--\n-- PostgreSQL database dump\n--\n", "is no backup of Onrecord"),
        (b"PGDMP" + bytes(range(200)), "is no backup of Onrecord"),
        (b"PGDMP\x01\x63\x00\x04\x08\x01" + bytes(200), "newer pg_dump"),
    ],
)
def test_a_foreign_file(onrecord: Command, server: Server, tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "foreign").write_bytes(content)
    refused(onrecord, server, tmp_path / "foreign", words)


def test_a_folder_and_a_pipe(onrecord: Command, server: Server, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        refused(onrecord, server, path, "is no regular file")
    assert "There is no file" in onrecord("restore", str(tmp_path / "nix")).err


@pytest.mark.parametrize("statements", [["SELECT 1"], ["CREATE TABLE alembic_version (version_num text)"]])
def test_a_backup_of_another_program(onrecord: Command, server: Server, tmp_path: Path, statements: list[str]) -> None:
    name, file = f"{server.database}_foreign", tmp_path / "foreign.dump"
    server.ask(f"CREATE DATABASE {name}")
    try:
        for statement in statements:
            server.ask(statement, database=name)
        dumped(server.address(name), file)
    finally:
        server.ask(f"DROP DATABASE {name} WITH (FORCE)")
    refused(onrecord, server, file, "is a backup of another program")


def dumped(url: str, file: Path, *options: str) -> None:
    engine = make_engine(url)
    command = [binary(engine, "pg_dump"), "--format=custom", f"--file={file}", *options, f"--dbname={url}"]
    engine.dispose()
    subprocess.run(command, check=True, capture_output=True)


def test_a_backup_of_a_newer_release_names_the_release(
    onrecord: Command, server: Server, dump: Path, tmp_path: Path
) -> None:
    of_here = server.ask("SELECT version_num FROM alembic_version", database=server.database)[0][0]
    server.ask("UPDATE alembic_version SET version_num = '0099'", database=server.database)
    comment = "COMMENT ON TABLE alembic_version IS 'Schema made by Onrecord 7.3.0rc1'"
    server.ask(comment, database=server.database)
    dumped(server.address(), tmp_path / "newer.dump")
    server.ask("UPDATE alembic_version SET version_num = %s", of_here, database=server.database)
    refused(onrecord, server, tmp_path / "newer.dump", "needs release 7.3.0rc1 of Onrecord: its schema is 0099")
    assert onrecord("restore", str(dump), "--replace", "--unchecked").code == 0


def test_every_database_says_which_release_made_its_schema(server: Server) -> None:
    said = server.ask("SELECT obj_description('alembic_version'::regclass, 'pg_class')", database=server.database)
    assert str(said[0][0]).startswith("Schema made by Onrecord ")
