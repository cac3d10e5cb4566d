"""A conversation with a receiver ends in time, also if its socket is opened late."""

import socket
import time

from worker.deliveries.deadline import ended_after


def test_a_socket_that_is_opened_after_the_end_is_shut_down() -> None:
    ours, theirs = socket.socketpair()
    opened: list[socket.socket] = []
    with ours, theirs, ended_after(0.05, lambda: opened[0] if opened else None) as is_over:
        assert is_over.wait(5)
        time.sleep(0.05)
        opened.append(ours)
        ours.settimeout(5)
        assert ours.recv(1) == b"", "nothing was sent, so without the end this would wait"
