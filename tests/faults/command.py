"""One command of Onrecord as a real process, which a test can kill, stop and start again."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


def unhurried(said: str) -> str:
    """Return what a command said, without the lines that say what it waits for, as it does on a busy machine."""
    return "".join(line for line in said.splitlines(keepends=True) if "waiting for" not in line)


class Command:
    """`onrecord ARGUMENTS` in its own session; its output goes to a log.

    `inside` are the words before it, of a program that becomes the command (`tests.surroundings`).
    With `faults`, the command runs through `tests.faults.broken`, which lets these faults happen.
    """

    def __init__(
        self,
        name: str,
        arguments: list[str],
        log: Path,
        environment: dict[str, str],
        faults: str,
        inside: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.log = log
        self._command = [*inside, sys.executable, "-m", "tests.faults.broken" if faults else "worker", *arguments]
        self._environment = environment | {"PYTHONPATH": str(ROOT)} | ({"FAULTS": faults} if faults else {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the command, or start it again."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self.log.parent,  # so that the .env of a developer's checkout is not read
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the id of the process itself."""
        assert self._process is not None
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status; None while the process runs, or if it has not been started."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        """True if the process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def family(self) -> list[psutil.Process]:
        """Return the process and all its descendants."""
        try:
            own = psutil.Process(self.pid)
            return [own, *own.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def pool(self) -> list[psutil.Process]:
        """Return the pool processes of a worker."""
        children = []
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(self.pid).children():
                with contextlib.suppress(psutil.Error):
                    if "bounded" not in " ".join(child.cmdline()):
                        children.append(child)
        return children

    def send(self, number: signal.Signals, processes: list[psutil.Process] | None = None) -> None:
        """Send a signal to the process and all its descendants, or only to `processes`."""
        for process in self.family() if processes is None else processes:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)

    def kill(self) -> None:
        """Send SIGKILL to the process and all its descendants, and wait until they have ended."""
        family = self.family()
        self.send(signal.SIGKILL, family)
        psutil.wait_procs(family, timeout=10)
        if self._process is not None:
            self._process.wait(10)

    def end(self, patience: float = 20.0) -> int | None:
        """Send SIGTERM, after `patience` seconds SIGKILL; return the exit status."""
        if self._process is None:
            return None
        family = self.family()
        self.send(signal.SIGCONT, family)
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self.send(signal.SIGKILL, [process for process in family if process.is_running()])
        return self._process.returncode

    def said(self) -> str:
        """Return all that the process has written so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""
