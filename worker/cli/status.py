"""`onrecord status`: how the pipeline is, in numbers."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.connection import engine_for, psql_url, resolved
from worker.cli.options import HAPPENED

if TYPE_CHECKING:
    from worker.cli.health import Health


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    part: Annotated[
        str | None,
        typer.Option("--part", metavar="KIND", help="Only whether a watch, worker, backfill or beat lives here."),
    ] = None,
) -> None:
    """Counts, queues, running parts, disk.

    Exit code 0: healthy, 1: not. Healthy: the watcher, a worker and beat are alive, nothing waits longer than five
    minutes (but for a backlog that moves), and the schema is this release's.
    """
    if part is not None:
        alive_here(part)
        return
    from worker.cli.health import examine

    with resolved() as found, engine_for(found.database_url) as engine:
        health = examine(engine, found)
        health.psql = psql_url(found)
    if as_json:
        import json

        from worker.report.printable import printable_json
        from worker.report.render import plain_text

        print(printable_json(json.dumps(health.to_json(), ensure_ascii=False, default=plain_text)))
    else:
        show(health)
    if not health.healthy:
        raise typer.Exit(1)


def alive_here(part: str) -> None:
    """Exit code 0 if a part of this kind has been seen lately on this machine, else 1: for health checks."""
    import socket

    from worker.store import parts

    with resolved() as found, engine_for(found.database_url) as engine:
        if parts.alive(engine, part, socket.gethostname()):
            print(f"{part} is alive")
            return
    print(f"no {part} is alive on {socket.gethostname()}")
    raise typer.Exit(1)


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
        (("part", "where", "alive", "last seen", "last finished", "says"), [part_row(part) for part in health.parts]),
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


def part_row(part: dict[str, Any]) -> tuple[Any, ...]:
    """A running process as a row."""
    where = f"{part['host']} {part['pid']}"
    return part["kind"], where, part["alive"], part["last_seen"], part["last_finished"], part["detail"]


def megabytes(size: int | None) -> str:
    """A size as people read it (1 MB is 1,000,000 bytes)."""
    return "?" if size is None else f"{size / 1e6:,.0f} MB"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(status)
