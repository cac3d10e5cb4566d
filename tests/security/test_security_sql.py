"""`onrecord sql` as a process: it refuses or stops bad statements, and says so in one or two lines."""

import json
import subprocess
import sys
import time

import pytest

from tests.security.conftest import PATIENCE, House

WRITES = [
    "DELETE FROM public.quotes",
    "INSERT INTO report.files (file) VALUES ('x')",
    "WITH gone AS (DELETE FROM public.quotes RETURNING 1) SELECT * FROM gone",
    "WITH more AS (INSERT INTO public.outlets (name) VALUES ('x') RETURNING 1) TABLE more",
    "SELECT 1 AS x INTO mine",
    "SELECT * FROM quotes FOR UPDATE",
    "SELECT 1; SELECT 2",
    "SELECT 1; COMMIT; DELETE FROM public.quotes",
    "BEGIN; SELECT 1",
    "COMMIT",
    "DO $$ BEGIN PERFORM pg_sleep(1); END $$",
    "EXPLAIN ANALYZE DELETE FROM public.quotes",
    "EXPLAIN ANALYZE CREATE TABLE mine AS SELECT 1",
    "EXPLAIN SELECT 1; COMMIT; CREATE TABLE mine (x int)",
    "SHOW role; RESET role",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT set_config('role', 'onrecord', true), count(*) FROM public.files",
    "SET statement_timeout = 0",
    "SET ROLE onrecord",
    "COPY quotes TO STDOUT",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY quotes FROM '/etc/passwd'",
    "PREPARE x AS SELECT 1",
    "CALL report.search('x')",
    "NOTIFY x",
    "LISTEN x",
    "VACUUM",
    "SELECT lo_create(0)",
    "SELECT pg_advisory_lock(1)",
    "SELECT nextval('public.files_id_seq')",
    "SELECT pg_read_file('/etc/passwd')",
    "/* SELECT */ DROP SCHEMA report CASCADE",
    " -- SELECT\nTRUNCATE public.files",
    "((DELETE FROM public.quotes))",
    "SELECT 1 \\g | id",
    "\\! id",
    "\\copy quotes to x",
    "",
    ";",
    "SELECT '",
    "SELECT $$",
    "/*",
    "WITH",
    "\x1b[31mSELECT\x1b]0;x\x07 1",
    "SELECT 1 FROM \"a\x1b[31m\nb\"",
]  # fmt: skip


# Runs `onrecord sql` for each argument in one process, and prints the result of each.
ONE_BY_ONE = """
import contextlib, io, json, sys
from worker.cli import main
for statement in sys.argv[2:]:
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(["sql", statement, "--format", sys.argv[1]])
        except SystemExit as stop:
            code = stop.code
    print(json.dumps([statement, code, out.getvalue(), err.getvalue()]))
"""


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_what_does_not_only_read_is_refused_in_two_lines(house: House, form: str) -> None:
    ran = python(house, ONE_BY_ONE, form, *WRITES)
    results = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(results) == len(WRITES), ran.stderr
    wrong = [
        (statement, code, out, err)
        for statement, code, out, err in results
        if code != 1 or out or not 1 <= len(err.splitlines()) <= 2 or not err.replace("\n", "").isprintable()
    ]
    assert wrong == []


def python(house: House, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a small Python program with the environment of the house."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=house.environment(),
        cwd=house.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.long
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_long_question_is_stopped_though_it_lifts_the_bound_itself(house: House, form: str) -> None:
    """The first fetch removes the time limit, the next one has it again. All fetches together must keep one limit."""
    lifting = """
        SELECT set_config('statement_timeout', '0', false), '' FROM generate_series(1, 12)
        UNION ALL SELECT 'slept', pg_sleep(0.5)::text FROM generate_series(1, 10000)"""
    began = time.monotonic()
    ran = timed(house, 3.0, "sql", lifting, "--format", form)
    assert ran.returncode == 1, ran.stdout[-500:]
    assert ran.stderr.splitlines()[0] == "onrecord: The question took too long and was stopped."
    assert len(ran.stderr.splitlines()) == 2
    assert time.monotonic() - began < 60
    ran = timed(house, 1.0, "sql", "SELECT pg_sleep(3600)", "--format", form)
    assert ran.returncode == 1
    assert "took too long" in ran.stderr


def timed(house: House, seconds: float, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a time limit of `seconds` instead of a minute."""
    program = (
        "import sys; from worker.report import answer;"
        f" answer.ask.__wrapped__.__kwdefaults__['seconds'] = {seconds};"
        " from worker.cli import main; main(sys.argv[1:])"
    )
    return python(house, program, *arguments)


@pytest.mark.long
def test_an_endless_answer_ends(house: House) -> None:
    """An answer as CSV is streamed until the time limit; an answer as a table ends after 1,000 rows."""
    endless = "SELECT generate_series(1, 1000000000000) AS number"
    ran = timed(house, 1.0, "sql", endless, "--format", "csv")
    assert ran.returncode == 1
    assert ran.stdout.startswith("number\n1\n2\n")
    assert "took too long" in ran.stderr
    ran = house.run("sql", endless)
    assert ran.returncode == 0
    assert "Only the first 1,000 rows" in ran.stdout


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a running process")
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_large_answer_takes_little_memory(house: House, form: str) -> None:
    times = (
        400 if form == "table" else 40
    )  # 3.2 GB, more than the limit; 320 MB, far more than the command keeps in memory
    many = f"SELECT repeat('x', 8000000) AS wide FROM generate_series(1, {times})"
    status = peak_of(house, many, form)
    if form == "table":  # a table is held in memory to be laid out
        assert (status.returncode, "hold in memory" in status.stderr) == (1, True), status.stderr[-500:]
        assert len(status.stderr.splitlines()) == 3
    else:
        assert status.returncode == 0, status.stderr
    assert int(status.stderr.split("peak ")[1]) < (2_500_000 if form == "table" else 280_000)


@pytest.mark.long
def test_a_row_too_large_for_postgresql_is_refused_in_two_lines(house: House) -> None:
    ran = house.run("sql", "SELECT repeat('x', 1000000000) AS wide, repeat('y', 1000000000) AS too")
    assert ran.returncode == 1
    assert "larger than PostgreSQL can hold" in ran.stderr
    assert len(ran.stderr.splitlines()) == 2


def peak_of(house: House, statement: str, form: str) -> subprocess.CompletedProcess[str]:
    """Run the command, drop its answer, and print its peak memory (kB) to standard error."""
    program = (
        "import atexit, resource, sys; from worker.cli import main;"
        " atexit.register(lambda: print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr));"
        " main(sys.argv[1:])"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "sql", statement, "--format", form],
        env=house.environment(),
        cwd=house.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_nothing_that_a_question_sets_outlives_it(house: House) -> None:
    """The prompt answers all questions in one process."""
    questions = [
        "SELECT set_config('search_path', 'pg_catalog', false), set_config('statement_timeout', '0', false);",
        "SELECT set_config('work_mem', '64GB', false);",
        "SHOW search_path;",
        "SHOW work_mem;",
    ]
    program = (
        "import sys; from worker.cli.connection import reader_login; from worker.cli.prompt import answer_line;"
        " from worker.report.render import RowFormat\n"
        "with reader_login() as reader:\n"
        "    for line in sys.argv[1:]:\n"
        "        answer_line(reader, line.rstrip(';'), RowFormat.JSON)\n"
    )
    ran = python(house, program, *questions)
    assert ran.returncode == 0, ran.stderr
    assert [json.loads(f"[{line}]")[0] for line in json_lines(ran.stdout)][-2:] == [
        {"search_path": "report"},
        {"work_mem": "4MB"},
    ]


def json_lines(output: str) -> list[str]:
    """Return the objects of several answers in JSON, one line each."""
    return [line.strip().rstrip(",") for line in output.splitlines() if line.strip().startswith("{")]
