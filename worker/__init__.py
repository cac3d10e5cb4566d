"""Onrecord: drop news articles into a folder, ask in SQL who said what, where and when.

The rooms are named after the stages an article passes through; `docs/architecture.md` walks one seed through them all.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("onrecord")
except PackageNotFoundError:  # run from a bare checkout
    __version__ = "0"
