"""The parsing child, started and bounded like the real one, that falls ill over documents which say so.

Stands for a fault in a library that no test can name today: it is the child's death, size and silence that count.
"""

import ctypes
import sys

from worker.bounded import child
from worker.parse import Article, Limits, parse

SEGFAULT, MEMORY, ENDLESS = b"sick: it writes where it may not", b"sick: it eats", b"sick: it never ends"


def fall_ill(raw: bytes, media_type: str, limits: Limits) -> Article:
    """Parse a document, unless it is one of those."""
    if SEGFAULT in raw:
        ctypes.memset(0, 0, 1)
    if MEMORY in raw:
        eaten = []
        while True:
            eaten.append(bytearray(10_000_000))
    while ENDLESS in raw:
        pass
    return parse(raw, media_type, limits)


if __name__ == "__main__":
    child.parse = fall_ill  # type: ignore[attr-defined]  # the child imports it, and exports nothing
    child.main(sys.argv[1:])
