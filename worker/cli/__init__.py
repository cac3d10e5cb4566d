"""The `onrecord` command: one module a group of commands, registered in `worker.cli.app`.

Modules import little at their top, so that `onrecord --help` is quick; what is heavy is imported inside the commands.
"""

from worker.cli.app import main

__all__ = ["main"]
