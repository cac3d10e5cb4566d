"""A parsing child that crashes, grows or hangs if the document says so. It is started and limited like the real child.

It replaces an unknown fault in a library. For the test, only the effect counts: the child dies, grows or never answers.
"""

import ctypes
import sys

from worker.bounded import child
from worker.parse import Article, Limits, parse

SEGFAULT, MEMORY, ENDLESS = b"sick: it writes where it may not", b"sick: it eats", b"sick: it never ends"


def fall_ill(raw: bytes, media_type: str, limits: Limits, path: str | None = None) -> Article:
    """Parse a document, unless the document says that the child must fail."""
    if SEGFAULT in raw:
        ctypes.memset(0, 0, 1)
    if MEMORY in raw:
        eaten = []
        while True:
            eaten.append(bytearray(10_000_000))
    while ENDLESS in raw:
        pass
    return parse(raw, media_type, limits, path)


if __name__ == "__main__":
    child.parse = fall_ill  # type: ignore[attr-defined]  # the child imports it, and exports nothing
    child.main(sys.argv[1:])
