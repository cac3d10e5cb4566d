"""The application `onrecord`: registers the commands, and turns each error into a message and an exit code."""

import inspect
import os
import re
import signal
import sys
from typing import Annotated, Protocol

import typer

from worker.cli import (
    backup,
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
    speakers,
    sql,
    status,
    up,
)


class CommandModule(Protocol):
    """A module that has commands."""

    def register(self, app: typer.Typer) -> None:
        """Add the module's commands to the application."""


# The only list of the command modules, in the order of `onrecord --help`.
MODULES: tuple[CommandModule, ...] = (
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
    forget,
    migrate,
    check,
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


def main(arguments: list[str] | None = None) -> None:
    """Run the command in `arguments` (default: the command line).

    An error is printed as one or two lines on stderr, never as a traceback.
    """
    from worker.cli.errors import complaint_about, say
    from worker.waiting import stop_telling, tell

    open_closed_streams()
    # Without this handler, SIGTERM would end a command before the command can stop its embedded servers. The watcher,
    # the workers and beat have their own handlers.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    if arguments is None:
        tell()  # not for a caller in Python, who reads standard error for complaints
    try:
        try:
            app(arguments, prog_name="onrecord")
        finally:
            stop_telling()
            flush_output()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        drop_output()  # the reader of our output has closed the pipe (`| head`)
        sys.exit(141)
    except Exception as error:
        complaint = complaint_about(error)
        say(complaint)
        drop_output()
        sys.exit(complaint.code)


def open_closed_streams() -> None:
    """Open those of the three standard streams that the caller has closed (`>&-`).

    Otherwise the next file that we open would get the number of the stream, and what we print would go into that file.
    Standard output is opened for reading only: printing nothing is no error, printing something is.
    """
    for number, (name, flags) in enumerate((("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, flags), number)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def flush_output() -> None:
    """Write what Python's buffer of standard output holds, while an error can still change the exit code."""
    from worker.cli.destination import STANDARD_OUTPUT, cannot_write

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise cannot_write(STANDARD_OUTPUT, error) from error


def drop_output() -> None:
    """Let nothing more be written to standard output if it cannot be written: Python would complain again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
