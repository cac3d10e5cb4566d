"""Opens connections that send the start of a login, or nothing, and then nothing; opens a new one for each that ends.

A program: `silent_connections.py PORT NUMBER`. It prints a line when all are open.
"""

import select
import socket
import struct
import sys

FIELDS = b"user\0onrecord_reader\0database\0onrecord\0\0"
START = struct.pack("!II", len(FIELDS) + 8, 3 << 16) + FIELDS


def opened(port: int, number: int) -> socket.socket:
    """Return a connection; every third sends nothing at all."""
    silent = socket.create_connection(("127.0.0.1", port), timeout=30)
    if number % 3:
        silent.sendall(START)
    return silent


def main(port: int, number: int) -> None:
    """Keep so many connections open."""
    silent = [opened(port, one) for one in range(number)]
    print("open", flush=True)
    while True:
        readable, _, _ = select.select(silent, [], [], 0.2)
        for one in readable:
            try:
                ended = not one.recv(1000)
            except OSError:
                ended = True
            if ended:
                one.close()
                silent[silent.index(one)] = opened(port, len(silent))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
