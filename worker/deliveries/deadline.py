"""Ends a conversation with a receiver that takes too long, however slowly the receiver goes on answering."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def ended_after(seconds: float, current: Callable[[], socket.socket | None]) -> Iterator[threading.Event]:
    """Shut down the socket that `current` returns after `seconds`; the event says that this has happened.

    A limit of the socket itself would begin anew with each byte.
    """
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        connected = current()
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
