"""Ends a conversation with a receiver that takes too long, however slowly the receiver goes on answering."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

AGAIN_SECONDS = 0.5
"""Look so often for a socket that was opened, or exchanged for an encrypted one, after the end."""


@contextmanager
def ended_after(seconds: float, current: Callable[[], socket.socket | None]) -> Iterator[threading.Event]:
    """Shut down the socket that `current` returns after `seconds`; the event says that this has happened.

    A limit of the socket itself would begin anew with each byte, and with each address that a name has.
    """
    is_over, is_done = threading.Event(), threading.Event()

    def end() -> None:
        pause = seconds
        while not is_done.wait(pause):
            is_over.set()
            connected = current()
            if connected is not None:
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
            pause = AGAIN_SECONDS

    threading.Thread(target=end, name="deadline", daemon=True).start()
    try:
        yield is_over
    finally:
        is_done.set()
