"""The application: which commands there are, and what becomes of an error."""

import inspect
import os
import re
import signal
import sys
from typing import Annotated, Any

import typer

from worker.cli import (
    backup,
    decisions,
    doctor,
    evaluate,
    export,
    extract,
    files,
    migrate,
    processes,
    quotes,
    report,
    reprocess,
    retry,
    speakers,
    sql,
    status,
    up,
)

# The one place where command modules are named, in the order of `onrecord --help`. Each has `register(app)`.
MODULES: tuple[Any, ...] = (
    up,
    processes,
    reprocess,
    extract,
    evaluate,
    quotes,
    sql,
    report,
    export,
    files,
    retry,
    status,
    doctor,
    speakers,
    decisions,
    migrate,
    backup,
)

app = typer.Typer(
    name="onrecord",
    help="Drop news articles into a folder; ask who said what, where and when.",
    epilog="Settings come from ONRECORD_… variables or a .env file; docs/reference.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
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
    """Join the lines of each docstring's paragraphs, so that help fills the terminal's own width."""
    for command in group.registered_commands:
        words = inspect.cleandoc(command.help or (command.callback.__doc__ if command.callback else "") or "")
        command.help = re.sub(r"(?<!\n)\n(?!\n)", " ", words)
    for below in group.registered_groups:
        if below.typer_instance is not None:
            unwrap_help(below.typer_instance)


for module in MODULES:
    module.register(app)
unwrap_help(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, or `arguments`; every error ends in a line or two on stderr, never in a traceback."""
    from worker.cli.errors import complaint_about, say

    # Without this, a command that is told to end would leave embedded servers behind. The watcher, workers and beat
    # have handlers of their own.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    try:
        app(arguments, prog_name="onrecord")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output has seen enough (`| head`); nothing may be flushed into the pipe at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        complaint = complaint_about(error)
        say(complaint)
        sys.exit(complaint.code)
