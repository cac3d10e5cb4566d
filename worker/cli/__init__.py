"""The `onrecord` command: each module holds one group of commands, and `worker.cli.app` registers them.

Modules import little at their top, so that `onrecord --help` is quick. A command imports heavy libraries when it runs.
"""

import os


def main(arguments: list[str] | None = None) -> None:
    """Run the command in `arguments` (default: the command line), and exit with its code.

    The commands are imported here and not above, so that Ctrl-C is heard from the first instruction.
    """
    try:
        from worker import interrupts
        from worker.garbage import search_no_more, search_rarely

        search_rarely()  # before the imports, which make most of a short command's objects
        before = interrupts.handlers()
        interrupts.end_at_once()
        from worker.cli.app import run

        code = run(arguments)
        interrupts.end_at_once()
        if arguments is not None:  # a test has called this function, and goes on
            interrupts.put_back(before)
        else:
            search_no_more()
    except KeyboardInterrupt:
        os._exit(130)  # in the first or the last instructions, when nothing has to be cleaned up
    raise SystemExit(code)
