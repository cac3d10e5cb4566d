"""`onrecord web`: serves the page alone; `onrecord web password` sets its password."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.connection import engine_for, reader_engine_of
from worker.cli.errors import Complaint
from worker.cli.options import RUN

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.settings import Settings
    from worker.web.house import House
    from worker.web.monitor import Monitor

POOL = 8
"""Keep so many connections for reading; `worker.web.serving.THREADS` pages are made at a time."""


MONITOR_SECONDS = 10
"""An answer about the pipeline takes at most so many seconds."""


def web(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="The port; default: ONRECORD_WEB_PORT.")
    ] = None,
) -> None:
    """Serve the page: who said what, in its article. `onrecord up` serves it, too.

    It listens on this machine only, unless ONRECORD_WEB_HOST says otherwise; then it needs a password.
    """
    if context.invoked_subcommand is not None:
        return
    from worker.cli.access import kept_address
    from worker.cli.connection import resolved
    from worker.logs import configure_logs
    from worker.waiting import stop_telling
    from worker.web.address import free_port, url_of
    from worker.web.serving import serve

    with resolved() as settings:
        configure_logs(settings)
        password = demanded_password(settings)
        demand_views(settings.database_url)
        wanted = port or settings.web_port
        chosen = free_port(settings.web_host, wanted)
        if port is not None and chosen != port:
            raise Complaint(f"Port {port} is taken.", "Give another one with --port.")
        if chosen != wanted:
            write_line(f"Port {wanted} is taken; the page has port {chosen} this time.")
        with house_of(settings, password) as house:
            url = url_of(settings.web_host, chosen)
            write_line(f"The page: {url}")
            stop_telling()
            with kept_address(settings.home, url):
                serve(house, settings.web_host, chosen)


def demand_views(database_url: str) -> None:
    """Make sure that the tables and views are those of this release: the embedded database is migrated.

    Of a server of one's own, complain: whoever looks after it migrates it. If it does not answer, return: pages say so.
    """
    from sqlalchemy.exc import DBAPIError

    from worker.cli.errors import MIGRATE
    from worker.report import views
    from worker.settings import settings
    from worker.store.db import schema

    with engine_for(database_url) as engine:
        if not settings().database_url:
            views.migrate(engine)
            return
        try:
            schema.demand(engine)
            with engine.connect() as connection:
                is_current = views.are_current(connection)
        except DBAPIError:
            return
    if not is_current:
        raise Complaint("The views of the schema `report` are those of another release.", MIGRATE)


def demanded_password(settings: "Settings") -> str:
    """Return the page's password or its hash; an empty text if it has none and needs none. Complain if it needs one."""
    from worker.cli.errors import nearest_home
    from worker.web.address import is_local
    from worker.web.passwords import WeakPassword, demand_usable, kept_in

    password = settings.web_password.reveal() or kept_in(settings.home or nearest_home())
    if not password and not is_local(settings.web_host):
        message = f"The page would be open to everybody who reaches {settings.web_host}, since it has no password."
        raise Complaint(message, "Set one with `onrecord web password`, or leave ONRECORD_WEB_HOST at 127.0.0.1.")
    try:
        if password:
            demand_usable(password)
    except WeakPassword as error:
        raise Complaint(f"ONRECORD_WEB_PASSWORD: {error}", "`onrecord web password` makes another one.") from error
    return password


@contextmanager
def house_of(settings: "Settings", password: str) -> "Iterator[House]":
    """Yield what the pages share, with its connections; the owner's is opened with the first decision."""
    from worker.cli.signature import user_name
    from worker.web.address import names_of
    from worker.web.house import House

    with ExitStack() as stack:
        opened: list[Engine] = []

        def owner() -> "Engine":
            if not opened:
                opened.append(stack.enter_context(engine_for(settings.database_url, spare=2)))
            return opened[0]

        asking = stack.enter_context(engine_for(settings.database_url, seconds=MONITOR_SECONDS, spare=1))
        yield House(
            reader=stack.enter_context(reader_engine_of(settings, pool_size=POOL)),
            owner=owner,
            names=names_of(settings),
            password=password,
            is_open=settings.web_open,
            person=user_name(),
            monitor=monitor_of(asking, settings),
        )


def monitor_of(engine: "Engine", settings: "Settings") -> "Monitor":
    """Return what answers `/metrics` and `/health`; it only reads, in transactions that cannot write."""
    from prometheus_client import CONTENT_TYPE_LATEST

    from worker.cli import health, metrics
    from worker.web.monitor import Monitor, Spared

    reading = engine.execution_options(postgresql_readonly=True)
    return Monitor(
        problems=Spared(lambda: [problem.to_json() for problem in health.problems_of(reading, settings)]),
        metrics=Spared(lambda: metrics.exposition(reading, settings)),
        media_type=CONTENT_TYPE_LATEST,
        token=settings.monitor_token.reveal(),
    )


def password(
    shown: Annotated[
        bool, typer.Option("--print", help="Print the line for .env (for Compose), and keep nothing.")
    ] = False,
) -> None:
    """Set the page's password: HOME keeps a hash of it, and nobody can read it back."""
    from worker.embedded.home import find_home
    from worker.settings import settings
    from worker.web import passwords

    is_typed = sys.stdin.isatty()
    first = getpass.getpass("The page's password: ") if is_typed else sys.stdin.readline().rstrip("\n")
    if is_typed and getpass.getpass("Once more: ") != first:
        raise Complaint("The two are not the same; nothing was changed.")
    try:
        made = passwords.hashed(first)
    except passwords.WeakPassword as error:
        raise Complaint(str(error)) from error
    if shown:
        write_line(f"ONRECORD_WEB_PASSWORD={made}")
        return
    path = passwords.keep(find_home(settings().home), made)
    write_line(f"Kept in {path}. The page asks for it from its next start on.")


def register(app: typer.Typer) -> None:
    """Add the command and its sub-command."""
    group = typer.Typer(invoke_without_command=True, callback=web)
    group.command()(password)
    app.add_typer(group, name="web", rich_help_panel=RUN)
