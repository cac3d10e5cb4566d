"""Says on standard error what a command waits for, if it has been waiting for some seconds.

Code that may wait long says so: `with waiting_for("an answer of PostgreSQL")`. Only a command that called `tell` prints
something. The processes that run for long do not; they have logs.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

FIRST_SECONDS = 3.0
"""Wait so many seconds before the first line, and before each further line in the first minute."""
LATER_SECONDS = 60.0
"""Wait so many seconds before each further line, after the first minute."""
GAP_SECONDS = 0.5
"""Count two waits with at most so many seconds between them as one."""
START_SECONDS = 5.0
"""Count a first wait that begins within so many seconds after the command as if it had begun with the command."""
LOOK_SECONDS = 0.25

LINE = "onrecord: waiting for {what} ({seconds:.0f} s so far)"


@dataclass(slots=True)
class Silence:
    """What the command waits for now (the last one is said), since when, and when a line was last printed."""

    waits: list[str]
    began: float = 0.0
    told: float = 0.0
    ended: float = float("-inf")
    shown: int = 0


_silence = Silence([])
_lock = threading.Lock()
_stop: threading.Event | None = None
"""Set to end the thread that prints; None if this process prints nothing."""
_thread: threading.Thread | None = None


@contextlib.contextmanager
def waiting_for(what: str) -> Iterator[None]:
    """Let a line be printed if the `with` block takes long. `what` completes the line `waiting for …`."""
    if _stop is None:
        yield
        return
    with _lock:
        now = time.monotonic()
        if not _silence.waits and now - _silence.ended > GAP_SECONDS:
            _silence.began = _silence.told = now
        _silence.waits.append(what)
    try:
        yield
    finally:
        with _lock:
            _silence.waits.remove(what)
            _silence.ended = time.monotonic()


def spoken() -> None:
    """Begin to count anew, because the command has just printed something itself."""
    if _stop is not None:
        with _lock:
            _silence.began = _silence.told = time.monotonic()


@contextlib.contextmanager
def showing(is_shown: bool) -> Iterator[None]:
    """Print no lines in the `with` block if a progress bar is shown there, which says the same."""
    with _lock:
        _silence.shown += is_shown
    try:
        yield
    finally:
        with _lock:
            _silence.shown -= is_shown
        spoken()


def tell() -> None:
    """Begin to print lines, from a thread of its own."""
    global _stop, _thread
    if _stop is None:
        now = time.monotonic()
        _silence.began = _silence.told = now
        _silence.ended = now + START_SECONDS
        _stop = threading.Event()
        _thread = threading.Thread(target=_look, args=(_stop,), name="waiting", daemon=True)
        _thread.start()


def is_telling() -> bool:
    """True if this process prints lines: it is a command of its own, and not called by a program in Python."""
    return _stop is not None


def stop_telling() -> None:
    """Print no more lines: from now on the command says by itself, or in its log, what it does."""
    global _stop, _thread
    if _stop is not None and _thread is not None:
        _stop.set()
        _thread.join(1.0)  # a worker is about to fork, and a fork copies no other thread
        _stop = _thread = None


def _look(stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS):
        with _lock:
            line = _due(time.monotonic())
        if line:
            # Nobody reads standard error any more, or it was closed: the command itself goes on.
            with contextlib.suppress(OSError, ValueError):
                print(line, file=sys.stderr, flush=True)


def _due(now: float) -> str | None:
    """Return the line to print now, if one is due."""
    if not _silence.waits or _silence.shown:
        return None
    pause = FIRST_SECONDS if now - _silence.began < LATER_SECONDS else LATER_SECONDS
    if now - _silence.told < pause:
        return None
    _silence.told = now
    return LINE.format(what=_silence.waits[-1], seconds=now - _silence.began)
