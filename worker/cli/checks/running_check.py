"""Runs a check in a thread for a limited time, so that a dead disk or a silent server does not delay other checks."""

import threading
import time
from collections.abc import Callable, Iterable

from worker.cli.checks.finding import Finding, problem
from worker.cli.errors import complaint_about
from worker.waiting import waiting_for

SECONDS = 8.0
"""Wait at most this many seconds for a check, so that `doctor` answers within ten.

Every limit inside a check is less than half of it. So a check that reaches this limit hangs in a call that has no time
limit, or in several calls.
"""


class RunningCheck:
    """A check that has been started; `findings` waits for its results."""

    def __init__(self, subject: str, check: Callable[[], Iterable[Finding]], seconds: float = SECONDS) -> None:
        self._subject = subject
        self._check = check
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._findings: list[Finding] = []
        # A daemon thread, so that the command can end while a system call of this thread still hangs.
        self._thread = threading.Thread(target=self._run, name=f"doctor {subject}", daemon=True)
        self._thread.start()

    def findings(self) -> list[Finding]:
        """Return the check's findings. If the check does not end in time, add a problem that says so."""
        with waiting_for(f"the check of {self._subject}"):
            self._thread.join(max(0.0, self._deadline - time.monotonic()))
        findings = list(self._findings)
        if self._thread.is_alive():
            message = f"No answer within {self._seconds:g} seconds."
            findings.append(
                problem(self._subject, message, "A disk or a server hangs; look at what this line is about.")
            )
        return findings

    def _run(self) -> None:
        try:
            for finding in self._check():
                self._findings.append(finding)
        except Exception as error:
            complaint = complaint_about(error)
            self._findings.append(problem(self._subject, complaint.message, complaint.todo))
