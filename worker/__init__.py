"""Onrecord: drop news articles into a folder, ask in SQL who said what, where and when.

The rooms are named after the stages an article passes through; `docs/architecture.md` walks one seed through them all.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Keep NumPy to one thread; set this before NumPy is imported anywhere. Onrecord uses more cores by more processes, and
a process that spins on a second core takes it from another (measured: linking took ten times as long beside one)."""


def __getattr__(name: str) -> str:
    """Return `worker.__version__`. It is read only when asked for, since reading it takes 60 ms."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("onrecord")
    except PackageNotFoundError:  # run from a bare checkout
        return "0"
