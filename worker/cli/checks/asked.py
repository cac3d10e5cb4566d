"""A check that runs beside the others, for a bounded time: a dead disk or a silent server keeps nobody waiting."""

import threading
import time
from collections.abc import Callable, Iterable

from worker.cli.checks.finding import Finding, problem
from worker.cli.errors import complaint_about

SECONDS = 20.0
"""More than any bound inside a check; whoever reaches this hangs where no bound can be set."""


class Asked:
    """A check that has been started; what it found is asked for later."""

    def __init__(self, subject: str, check: Callable[[], Iterable[Finding]], seconds: float = SECONDS) -> None:
        self._subject = subject
        self._check = check
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._found: list[Finding] = []
        # A daemon, so that the command can end while a system call of this thread does not.
        self._thread = threading.Thread(target=self._run, name=f"doctor {subject}", daemon=True)
        self._thread.start()

    def findings(self) -> list[Finding]:
        """What was found; a check that does not end in time is itself a finding."""
        self._thread.join(max(0.0, self._until - time.monotonic()))
        found = list(self._found)
        if self._thread.is_alive():
            said = f"No answer within {self._seconds:g} seconds."
            found.append(problem(self._subject, said, "A disk or a server hangs; look at what this line is about."))
        return found

    def _run(self) -> None:
        try:
            for finding in self._check():
                self._found.append(finding)
        except Exception as error:
            complaint = complaint_about(error)
            self._found.append(problem(self._subject, complaint.message, complaint.todo))
