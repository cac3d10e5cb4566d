"""The application `onrecord`: registers the commands, and turns each error into a message and an exit code."""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, Protocol

import typer
from typer import TyperException
from typer.core import TyperGroup

from worker.cli import (
    backup,
    changes,
    check,
    decisions,
    doctor,
    evaluate,
    export,
    extract,
    files,
    forget,
    migrate,
    processes,
    quotes,
    report,
    reprocess,
    retry,
    show,
    speakers,
    sql,
    status,
    up,
    watch_list,
    web,
)
from worker.report.printable import printable


class CommandModule(Protocol):
    """A module that has commands."""

    def register(self, app: typer.Typer) -> None:
        """Add the module's commands to the application."""


# The only list of the command modules, in the order of `onrecord --help`.
MODULES: tuple[CommandModule, ...] = (
    up,
    web,
    processes,
    reprocess,
    extract,
    evaluate,
    quotes,
    sql,
    report,
    export,
    changes,
    show,
    watch_list,
    files,
    retry,
    status,
    doctor,
    speakers,
    decisions,
    forget,
    migrate,
    check,
    backup,
)


class Commands(TyperGroup):
    """The commands of `onrecord`. Errors about the command line show arguments with control characters escaped."""

    def make_context(self, *arguments: Any, **named: Any) -> Any:
        """Read the options before the command; see `TyperGroup`."""
        with printable_errors():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: Any) -> Any:
        """Read the arguments of the command, and call it; see `TyperGroup`."""
        with printable_errors():
            return super().invoke(ctx)


@contextmanager
def printable_errors() -> Iterator[None]:
    """Escape the control characters in the message of an error about the command line."""
    try:
        yield
    except TyperException as error:
        error.message = printable(error.message)
        raise


app = typer.Typer(
    name="onrecord",
    cls=Commands,
    help="Drop news articles into a folder; ask who said what, where and when.",
    epilog="Settings come from ONRECORD_… variables or a .env file; docs/reference.md lists them.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(is_asked: bool) -> None:
    """Print the version and exit, if `--version` was given."""
    if is_asked:
        from worker import __version__

        print(f"onrecord {__version__}")
        raise typer.Exit


@app.callback()
def onrecord(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Drop news articles into a folder; ask who said what, where and when."""


def unwrap_help(group: typer.Typer) -> None:
    """Join the lines of each docstring's paragraphs, so that help fills the width of the terminal."""
    for command in group.registered_commands:
        help_text = inspect.cleandoc(command.help or (command.callback.__doc__ if command.callback else "") or "")
        command.help = re.sub(r"(?<!\n)\n(?!\n)", " ", help_text)
    for subgroup in group.registered_groups:
        if subgroup.typer_instance is not None:
            unwrap_help(subgroup.typer_instance)


for module in MODULES:
    module.register(app)
unwrap_help(app)


def run(arguments: list[str] | None) -> int:
    """Run the command in `arguments` (None: the command line); return its exit code. Nothing is raised.

    An error is printed as one or two lines on stderr, never as a traceback.
    """
    from worker import interrupts
    from worker.cli import streams
    from worker.cli.errors import Complaint, complaint_about, say
    from worker.garbage import search_rarely
    from worker.waiting import stop_telling, tell

    search_rarely()
    streams.open_streams()
    interrupts.forget()
    interrupts.raise_exceptions()
    if arguments is None:
        tell()  # not for a caller in Python, who reads standard error for complaints
    try:
        try:
            code = called(arguments)
        finally:
            stop_telling()
        unwritten = streams.finish()
        return code or unwritten
    except SystemExit as ended:
        return code_of(ended)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if interrupts.heard and not isinstance(error, Complaint):  # a library has made its own error of the signal
            return 128 + interrupts.heard
        complaint = complaint_about(error)
        say(complaint)
        return complaint.code
    finally:
        with suppress(Complaint, SystemExit):
            streams.finish()


def called(arguments: list[str] | None) -> int:
    """Call the command; return its exit code."""
    try:
        app(arguments, prog_name="onrecord")
    except SystemExit as ended:
        return code_of(ended)
    return 0


def code_of(ended: SystemExit) -> int:
    """Return the exit code of a `SystemExit`."""
    return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
