"""What people do, by the real commands. A command can be killed while it works, and two can run at once."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from tests.faults.command import ROOT
from tests.faults.model.steps import Result, Work
from tests.faults.newsroom import Newsroom
from worker.decisions import forgetting
from worker.speakers.across import moving
from worker.store.decisions import Undecidable

PATIENCE = 120.0
"""Wait at most this many seconds for a command."""

Arguments = Sequence[str]


class Commands:
    """The people of one example. Each call runs a command, unless `collecting` only collects its arguments."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._collected: list[Arguments] | None = None

    def merge(self, speaker: int, into: int, reason: str) -> None:
        """Make a speaker one with another."""
        self._run("speakers", "merge", str(into), str(speaker), "--reason", reason)

    def split(self, speaker: int, form: str, reason: str) -> None:
        """Give a form of a speaker's name to a new speaker."""
        self._run("speakers", "split", str(speaker), form, "--reason", reason)

    def refuse(self, speaker: int, other: int, reason: str) -> None:
        """Say that two speakers are two."""
        self._run("speakers", "refuse", str(speaker), str(other), "--reason", reason)

    def rename(self, speaker: int, name: str, reason: str) -> None:
        """Choose a speaker's name."""
        self._run("speakers", "rename", str(speaker), name, "--reason", reason)

    def set_speaker(self, quote: int, speaker: int | str, reason: str) -> None:
        """Say who said a quote."""
        self._run("quotes", "fix", str(quote), "--speaker", str(speaker), "--reason", reason)

    def no_speaker(self, quote: int, reason: str) -> None:
        """Say that nobody known said a quote."""
        self._run("quotes", "fix", str(quote), "--no-speaker", "--reason", reason)

    def reject(self, quote: int, reason: str) -> None:
        """Say that a quote is no quotation."""
        self._run("quotes", "fix", str(quote), "--reject", "--reason", reason)

    def undo(self, decision: int, reason: str) -> None:
        """Undo a decision."""
        self._run("decisions", "undo", str(decision), "--reason", reason)

    def forget_article(self, article: int, reason: str) -> None:
        """Forget an article."""
        self._run("forget", "--article", str(article), "--yes", "--reason", reason)

    def forget_file(self, path: str, reason: str) -> None:
        """Forget a file: all contents that were seen at its path."""
        self._run("forget", "--file", path, "--yes", "--reason", reason)

    def forget_outlet(self, outlet: str, reason: str) -> None:
        """Forget an outlet."""
        self._run("forget", "--outlet", outlet, "--yes", "--reason", reason)

    def read_again(self, *, reparse: bool) -> None:
        """Read all stored articles again with the other extractor."""
        arguments = ["reprocess", "--all", "--detach", *(["--reparse"] if reparse else [])]
        self._run(*arguments, ONRECORD_EXTRACTOR="full")

    def go_on(self) -> None:
        """Go on with what died commands have left to be done, as the housekeeping does."""
        moving.finish(self.newsroom.engine)
        forgetting.remove(self.newsroom.engine)

    def _start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "worker", *arguments],
            env=self.newsroom.environment(settings) | {"PYTHONPATH": str(ROOT), "LOGNAME": "model"},
            cwd=self.newsroom.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _run(self, *arguments: str, **settings: str) -> None:
        if self._collected is not None:
            self._collected.append(arguments)
            return
        result = ended(self._start(*arguments, **settings))
        if result.error is not None:
            raise result.error

    def _arguments(self, work: Work) -> Arguments:
        self._collected = []
        try:
            work()
            return self._collected[0]
        finally:
            self._collected = None

    def kill(self, work: Work, chance: random.Random) -> Result:
        """Run a command, and kill it after a random time, in which it has perhaps not begun or has already ended."""
        command = self._start(*self._arguments(work))
        time.sleep(chance.uniform(0.3, 2.0))
        command.send_signal(signal.SIGKILL)
        return ended(command)

    def together(self, *works: Callable[[], object]) -> list[Result]:
        """Run several commands at the same time."""
        return [ended(command) for command in [self._start(*self._arguments(work)) for work in works]]


def ended(command: "subprocess.Popen[str]") -> Result:
    """Wait for a command; return how it ended. A complaint is a refusal; any other failure is a fault."""
    said, _ = command.communicate(timeout=PATIENCE)
    if command.returncode == 0:
        return Result(said)
    if command.returncode == -signal.SIGKILL:
        return Result(died=True)
    if command.returncode == 1 and said.lstrip().startswith("onrecord: ") and "Traceback" not in said:
        return Result(error=Undecidable(said))
    return Result(error=AssertionError(f"{command.args!r} ended with {command.returncode}:\n{said}"))
