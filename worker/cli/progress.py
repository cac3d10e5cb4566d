"""The progress bar of the commands: on standard error, if that is a terminal, and gone once the work is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn


@contextmanager
def progress_bar(*columns: "ProgressColumn", shown: bool = True) -> "Iterator[Progress]":
    """Yield a progress bar; without `columns`, one with a description, a count and the time that is left.

    If it is not `shown`, or standard error is no terminal, it prints nothing. While it is shown, no line says what the
    command waits for.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from worker.waiting import showing

    console = Console(stderr=True)
    is_shown = shown and console.is_terminal
    usual = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with showing(is_shown), Progress(*(columns or usual), console=console, transient=True, disable=not is_shown) as bar:
        yield bar
