"""The hard limit of work that is a part of a longer task: it ends the pool process, as Celery's own limit does."""

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager

STANDARD_ERROR = 2


@contextmanager
def hard_limit(seconds: float) -> Iterator[None]:
    """End this process if the `with` block takes longer, even in code that never returns to Python.

    The log then shows where each thread was (files, functions and lines; no values). The worker starts another process,
    and the sweep finds the claims of this one.
    """
    faulthandler.dump_traceback_later(seconds, exit=True, file=STANDARD_ERROR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
