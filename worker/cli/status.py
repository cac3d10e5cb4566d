"""`onrecord status`: how the pipeline is, in numbers."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.connection import engine_for, psql_url, resolved
from worker.cli.errors import Complaint, complaint_about
from worker.cli.options import HAPPENED
from worker.store.states import PROCESS_KINDS

if TYPE_CHECKING:
    from worker.cli.health import Health

SHOWN = ("pid", "started_at", "last_seen", "last_finished", "detail")


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
    """Counts, queues, running processes, disk.

    Exit code 0: healthy, 1: not. Healthy: the watcher, a worker and beat are alive and do their work, nothing waits
    longer than five minutes (but for a backlog that moves), and the schema is this release's.

    With --process: a process of this kind lives on this machine, and what it is there for runs; with --json as
    `{"healthy": …, "problems": [{"said": …, "todo": …}], …}`, whatever is wrong.
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
    """Tell all there is to tell; whether it is healthy."""
    from worker.cli.health import examine

    with resolved() as found, engine_for(found.database_url) as engine:
        health = examine(engine, found)
        health.psql = psql_url(found)
    if as_json:
        write_json(health.to_json())
    else:
        show(health)
    return health.healthy


def one_kind(kind: str, *, as_json: bool) -> bool:
    """Tell how the processes of one kind on this machine are; whether they are healthy."""
    import socket

    from worker.cli import liveness

    host = socket.gethostname()
    with resolved() as found, engine_for(found.database_url, seconds=5) as engine, engine.connect() as connection:
        everywhere = liveness.running_processes(connection, found.seen_seconds)
        waits = liveness.waiting_rows(connection)
    here = [
        process for process in everywhere if process["kind"] == kind and process["host"] == host and process["alive"]
    ]
    if here:
        problems = liveness.troubles(kind, here, waits, everywhere, found)
    else:
        problems = [liveness.Trouble(f"No {kind} is alive on {host}.", "Start it again; its log says why it ended.")]
    if as_json:
        told = [{"said": problem.said, "todo": problem.todo} for problem in problems]
        served = {name: waits[name]["waiting"] for name in liveness.queues_of(kind, here)}
        write_json({"healthy": not problems, "process": kind, "host": host, "problems": told, "waiting": served,
                    "processes": [{name: process[name] for name in SHOWN} for process in here]})  # fmt: skip
    elif problems:
        for problem in problems:
            print(f"{problem.said} {problem.todo}")
    else:
        print(f"{kind} is healthy")
    return not problems


def write_json(told: dict[str, Any]) -> None:
    """One line on standard output."""
    import json

    from worker.report.printable import printable_json
    from worker.report.render import plain_text

    print(printable_json(json.dumps(told, ensure_ascii=False, default=plain_text)))


def show(health: "Health") -> None:
    """The numbers for people; tables without rows are left out."""
    from worker.report.render import write_table

    states = sorted({*health.files, *health.documents})
    counted = (("files", health.files), ("documents", health.documents))
    queues = [
        (name, int(queue["waiting"]), int(queue["rung"]), int(queue["claimed"]), f"{queue['oldest']:.0f} s")
        for name, queue in health.queues.items()
    ]
    for columns, rows in (
        (("", *states), [(name, *(of.get(state, 0) for state in states)) for name, of in counted] if states else []),
        (("queue", "waiting", "of them rung", "being worked on", "longest wait"), queues),
        (
            ("process", "where", "alive", "last seen", "last finished", "says"),
            [process_row(process) for process in health.processes],
        ),
    ):
        if rows:
            write_table(columns, rows, sys.stdout)
            print()
    print(f"schema {health.revision or 'none'}, database {megabytes(health.database_bytes)}, ", end="")
    print(f"disk free {megabytes(health.disk_free_bytes)}")
    if health.psql:
        print(f"psql {health.psql}")
    print("healthy" if health.healthy else "not healthy:")
    for trouble in health.problems:
        print(f"  {trouble.said} {trouble.todo}")


def process_row(process: dict[str, Any]) -> tuple[Any, ...]:
    """A running process as a row."""
    where = f"{process['host']} {process['pid']}"
    said = (process["last_seen"], process["last_finished"], process["detail"])
    return process["kind"], where, process["alive"], *said


def megabytes(size: int | None) -> str:
    """A size as people read it (1 MB is 1,000,000 bytes)."""
    return "?" if size is None else f"{size / 1e6:,.0f} MB"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(status)
