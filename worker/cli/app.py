"""The application `onrecord`: calls the command, and turns each error into a message and an exit code."""

from contextlib import suppress
from typing import Annotated

import typer

from worker.cli.commands import Commands

app = typer.Typer(
    name="onrecord",
    cls=Commands,
    help="Drop news articles into a folder; ask who said what, where and when.",
    epilog="Settings come from ONRECORD_… variables or a .env file; docs/reference.md lists them.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,  # Typer loads all of rich for its boxes, which takes longer than most commands
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


def run(arguments: list[str] | None) -> int:
    """Run the command in `arguments` (None: the command line); return its exit code. Nothing is raised.

    An error is printed as one or two lines on stderr, never as a traceback.
    """
    from worker import interrupts
    from worker.cli import streams
    from worker.cli.errors import Complaint, complaint_about, say
    from worker.waiting import stop_telling, tell

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
