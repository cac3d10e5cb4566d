"""Onrecord: drop news articles into a folder, ask in SQL who said what, where and when.

The rooms are named after the stages an article passes through; `docs/architecture.md` walks one seed through them all.
"""


def __getattr__(name: str) -> str:
    """`worker.__version__`, looked up when it is asked for: reading it costs every command 60 ms."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("onrecord")
    except PackageNotFoundError:  # run from a bare checkout
        return "0"
