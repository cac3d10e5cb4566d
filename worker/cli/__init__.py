"""The `onrecord` command: each module holds one group of commands, and `worker.cli.app` registers them.

Modules import little at their top, so that `onrecord --help` is quick. A command imports heavy libraries when it runs.
"""

from worker.cli.app import main

__all__ = ["main"]
