"""The `onrecord` command: each module holds one group of commands, and `worker.cli.app` registers them.

Modules import little at their top, so that `onrecord --help` is quick. Commands import heavy libraries inside.
"""

from worker.cli.app import main

__all__ = ["main"]
