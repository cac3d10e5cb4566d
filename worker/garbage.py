"""How often Python searches for objects that refer to each other in a circle and are used no more.

By default it does so after 700 new objects. A worker has about 150,000 objects that live as long as the process, and a
search through them all finds nothing. In a merge of 20,000 quotations the searches took a quarter of Python's time or
more: 1.8 to 2.5 s of CPU in all, and 1.2 to 1.8 s with the numbers below.
"""

import gc

NEW_OBJECTS, YOUNG_SEARCHES, OLD_SEARCHES = 100_000, 20, 20


def search_rarely() -> None:
    """Let Python search after `NEW_OBJECTS` new objects; so many hold some megabytes."""
    gc.set_threshold(NEW_OBJECTS, YOUNG_SEARCHES, OLD_SEARCHES)


def search_no_more() -> None:
    """Let the last search, when the process ends, look at nothing: what is left is freed with the process anyway.

    It took a tenth to a quarter of the CPU of a short command (docs/benchmarks.md).
    """
    gc.freeze()
