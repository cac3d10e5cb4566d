"""Ctrl-C (SIGINT) and SIGTERM from a command's first instruction to its last: exit code 130 or 143, no traceback.

While a command is loaded, and after it has ended, nothing has to be cleaned up, so the process ends at once. While it
runs, each signal raises an exception, so that it stops the servers that it has started.
"""

import os
import signal
import sys
from types import FrameType

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""The exit code for each signal: 128 and its number, as shells have it."""
AGAIN_SECONDS = 0.02
"""Wait so long before a signal is sent again whose exception Python has dropped."""

heard: int | None = None
"""The signal that came last, if any. A command that goes on after Ctrl-C calls `forget`."""


def end_at_once() -> None:
    """From now on, let each signal end this process without any clean-up."""
    _handle(_end)


def raise_exceptions() -> None:
    """From now on, let Ctrl-C raise `KeyboardInterrupt` and SIGTERM raise `SystemExit`.

    Python drops an exception that comes in a destructor, prints it, and goes on. Then the signal is sent again instead.
    The watcher, the workers, beat and `up` have their own handlers.
    """
    _handle(_raise)
    sys.unraisablehook = _dropped


def forget() -> None:
    """Go on as if no signal had come: a command stops one thing after Ctrl-C, and not itself."""
    global heard
    heard = None
    if logging := sys.modules.get("logging"):
        logging.disable(logging.NOTSET)


def handlers() -> object:
    """Return what handles signals and dropped exceptions now, for `put_back`."""
    return {number: signal.getsignal(number) for number in CODES}, sys.unraisablehook


def put_back(before: object) -> None:
    """Undo what this module has set, for tests that run commands in their own process."""
    assert isinstance(before, tuple)
    numbers, sys.unraisablehook = before
    for number, handler in numbers.items():
        signal.signal(number, handler)


def _handle(handler: "signal._HANDLER") -> None:
    for number in CODES:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored by who started us: a shell's background, nohup
            signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> None:
    os._exit(CODES[signal.Signals(number)])


def _raise(number: int, _frame: FrameType | None) -> None:
    global heard
    heard = number
    if logging := sys.modules.get("logging"):
        logging.disable()  # libraries log a traceback if the exception comes while they clean up
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(CODES[signal.Signals(number)])


def _dropped(unraisable: "sys.UnraisableHookArgs") -> None:
    if heard is None or not issubclass(unraisable.exc_type, KeyboardInterrupt | SystemExit):
        sys.__unraisablehook__(unraisable)
        return
    import threading

    timer = threading.Timer(AGAIN_SECONDS, os.kill, (os.getpid(), heard))
    timer.daemon = True
    timer.start()
