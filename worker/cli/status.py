"""`onrecord status`: prints the numbers of the pipeline, and whether it is healthy."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.connection import data_elsewhere, owner_engine_of, psql_url, resolved
from worker.cli.errors import Complaint, complaint_about
from worker.cli.options import HAPPENED
from worker.store.states import PROCESS_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worker.cli.health import Health
    from worker.cli.liveness import RunningProcess

JSON_COLUMNS = ("pid", "started_at", "last_seen", "last_finished", "detail")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    kind: Annotated[
        str | None,
        typer.Option(
            "--process",
            "--part",
            metavar="KIND",
            help="A health check: only the watch, worker, backfill or beat of this machine. (--part: its former name.)",
        ),
    ] = None,
) -> None:
    """Show counts, queues, running processes and free disk.

    Exit code 0: healthy, 1: not healthy. Healthy means: the watcher, a worker and beat are alive and do their work; no
    row waits longer than five minutes (except while a backlog is worked off); the schema is this release's.

    With --process, healthy means: a process of this kind lives on this machine and does its work. With --json, the
    answer is `{"healthy": …, "problems": [{"said": …, "todo": …}], …}`, even if the database cannot be asked.
    """
    if kind is not None and kind not in PROCESS_KINDS:
        raise Complaint(f"There is no process {kind}.", f"Processes are {', '.join(PROCESS_KINDS)}.", code=2)
    try:
        healthy = one_kind(kind, as_json=as_json) if kind else everything(as_json=as_json)
    except Exception as error:
        if not as_json:
            raise
        complaint = complaint_about(error)
        write_json({"healthy": False, "problems": [{"said": complaint.message, "todo": complaint.todo}]})
        raise typer.Exit(1) from error
    if not healthy:
        raise typer.Exit(1)


def everything(*, as_json: bool) -> bool:
    """Print the state of the whole pipeline; return whether it is healthy."""
    from worker.cli.access import page_address, sql_sentence
    from worker.cli.health import examine

    with resolved() as settings, owner_engine_of(settings) as engine:
        elsewhere = data_elsewhere(settings)
        if elsewhere and not as_json:
            write_line(elsewhere)
        health = examine(engine, settings)
        health.psql = psql_url(settings)
        health.page = page_address(settings)
        access = sql_sentence(settings, health.psql)
        health.data_elsewhere = elsewhere
    if as_json:
        write_json(health.to_json())
    else:
        show(health, access)
    return health.healthy


def one_kind(kind: str, *, as_json: bool) -> bool:
    """Print the state of the processes of one kind on this machine; return whether they are healthy."""
    import socket

    from worker.cli import liveness

    host = socket.gethostname()
    with (
        resolved() as settings,
        owner_engine_of(settings, seconds=5) as engine,
        engine.connect() as connection,
    ):
        everywhere = liveness.running_processes(connection, settings.seen_seconds)
        loads = liveness.waiting_rows(connection)
        start_again = liveness.must_start_again(connection, kind, host)
    here = [process for process in everywhere if process.kind == kind and process.host == host and process.alive]
    if here:
        problems = liveness.troubles(kind, here, loads, everywhere, settings)
    else:
        problems = [liveness.Trouble(f"No {kind} is alive on {host}.", "Start it again; its log says why it ended.")]
    if as_json:
        write_json(
            {
                "healthy": not problems,
                "process": kind,
                "host": host,
                "problems": [problem.to_json() for problem in problems],
                "start_again": not here and start_again,
                "waiting": {name: loads[name].waiting for name in liveness.queues_of(kind, here)},
                "processes": [{name: getattr(process, name) for name in JSON_COLUMNS} for process in here],
            }
        )
    elif problems:
        for problem in problems:
            write_line(f"{problem.message} {problem.todo}")
    else:
        write_line(f"{kind} is healthy")
    return not problems


def write_json(values: "Mapping[str, object]") -> None:
    """Print one line of JSON."""
    import json

    from worker.report.printable import printable_json
    from worker.report.render import plain_text

    print(printable_json(json.dumps(values, ensure_ascii=False, default=plain_text)))


def show(health: "Health", access: str) -> None:
    """Print the numbers for people; tables without rows are left out. `access`: how psql and BI tools connect."""
    from worker.cli.access import page_sentence
    from worker.report.table import write_table

    states = sorted({*health.files, *health.documents})
    tables = (("files", health.files), ("documents", health.documents))
    counts = [(name, *(of_state.get(state, 0) for state in states)) for name, of_state in tables] if states else []
    queues = [
        (name, int(load.waiting), int(load.rung), int(load.claimed), f"{load.oldest:.0f} s")
        for name, load in health.queues.items()
    ]
    for columns, rows in (
        (("", *states), counts),
        (("queue", "waiting", "of them rung", "being worked on", "longest wait"), queues),
        (
            ("process", "where", "alive", "last seen", "last finished", "says"),
            [process_row(process) for process in health.processes],
        ),
    ):
        if rows:
            write_table(columns, rows, sys.stdout)
            print()
    sizes = f"database {megabytes(health.database_bytes)}, disk free {megabytes(health.disk_free_bytes)}"
    write_line(f"schema {health.revision or 'none'}, {sizes}")
    if health.last_hour is not None:
        write_line(f"last hour: {health.last_hour.sentence}")
    for row in health.oldest:
        write_line(f"waits for longest: {row.sentence}")
    for trouble in health.receivers:
        write_line(f"{trouble.message} {trouble.todo}")
    write_line(f"page: {page_sentence(health.page)}")
    write_line(f"SQL: {access}")
    write_line("healthy" if health.healthy else "not healthy:")
    for problem in health.problems:
        write_line(f"  {problem.message} {problem.todo}")


def process_row(process: "RunningProcess") -> tuple[object, ...]:
    """Return a running process as a row of the table."""
    where = f"{process.host} {process.pid}"
    return process.kind, where, process.alive, process.last_seen, process.last_finished, process.detail


def megabytes(size: int | None) -> str:
    """Return a size in megabytes (1 MB is 1,000,000 bytes), as people read it."""
    return "?" if size is None else f"{size / 1e6:,.0f} MB"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(status)
