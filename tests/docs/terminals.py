"""A newcomer with two terminals: `up` goes on in one, and commands are typed into the other."""

import difflib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.sample_articles import ARTICLES

ROOT = Path(__file__).parents[2]
MADE_OF = ("Makefile", "requirements.lock", "pyproject.toml")
"""What `make up` looks at."""
PATIENCE = 90.0
WAITING = re.compile(r"^onrecord: waiting for .*\n", re.M)
"""What a command says on a busy machine after three seconds."""
MASKS = (
    (re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?"), "DATE"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST:PORT"),
    (re.compile(r"\d+\.\d MB"), "SIZE"),
    (re.compile(r"\b(full|quoted)-\d+-[0-9a-f]{12}"), "VERSION"),
    (re.compile(r"\d+(\.\d+)? articles? per CPU-second"), "SPEED"),
    (re.compile(r"\b\d+ quotations\b"), "N quotations"),  # processors round differently: one more or less is doubtful
    (re.compile(r"[─━]{4,}"), "────"),
    (re.compile(r"(?<=\S) {2,}"), "  "),  # columns are as wide as their widest cell, which may be a date
    (re.compile(r"(?<=  )\d\d(?=  |$)", re.M), "NN"),  # counts of quotations, as above
    (re.compile(r" +$", re.M), ""),
)
"""What differs from day to day and from machine to machine, and what takes its place."""
NUMBERED = re.compile(r"^( *)(\d+)(?=  )", re.M)
"""The number at the beginning of a row of a table."""
CALLED = re.compile(r"(\b(?:[Qq]uote|quotation|fix) )(\d+)\b")
"""A quotation that is called by its number."""


def masked(text: str) -> str:
    """Return a text with masks in place of what differs between two runs."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


def pattern_of(printed: str) -> re.Pattern[str]:
    """Return a pattern of what a page shows: a line `…` stands for any lines, and `…` in a line for any characters."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", r"[^\n]*?") + r"\n"
        for line in masked(printed).splitlines()
    ]
    return re.compile("".join(lines))


class Newcomer:
    """Follows pages in a folder that looks like a fresh clone with its environment, with a HOME of its own."""

    def __init__(self, clone: Path, port: int) -> None:
        self.clone = clone
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")},
            "PATH": f"{clone / '.venv' / 'bin'}:{os.environ['PATH']}",
            "HOME": str(clone),
            "TMPDIR": str(clone / "tmp"),  # `forget` says what earlier errors left in a folder that all share
            "COLUMNS": "120",
            "NO_COLOR": "1",
            "ONRECORD_PERSON": "root",
            "ONRECORD_WEB_PORT": str(port),
            "ONRECORD_CONCURRENCY": "1",  # so that articles, and so their numbers, come in one order
        }
        self._numbers: dict[str, str] = {}
        self._up: subprocess.Popen[str] | None = None
        self._said: list[str] = []
        self._seen = 0

    def learns(self, shown: str, printed: str) -> None:
        """Take down which numbers the quotations of a table have here; those before them may be a few more or less.

        Processors round differently, so the reader finds a doubtful quotation on one and not on another.
        """
        if "quote_id" in shown:
            pairs = zip(NUMBERED.findall(shown), NUMBERED.findall(printed), strict=False)
            self._numbers |= {of_page: here for (_, of_page), (_, here) in pairs}

    def told(self, text: str) -> str:
        """Return a text of a page with the numbers that quotations have here."""
        for pattern in (NUMBERED, CALLED):
            text = pattern.sub(lambda found: found[1] + self._numbers.get(found[2], found[2]), text)
        return text

    def types(self, command: str) -> tuple[int, str]:
        """Run a command in a shell; return its exit code, and what it prints on both streams."""
        ran = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=self.clone,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return ran.returncode, WAITING.sub("", ran.stdout)

    def starts(self, command: str) -> None:
        """Run a command in the other terminal, which is 80 characters wide."""
        self._up = subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self.clone,
            env=self.environment | {"COLUMNS": "80"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # as a terminal does, so that Ctrl-C reaches all of them
        )
        self._listener = threading.Thread(target=self._listen, args=(self._up,), daemon=True)
        self._listener.start()

    def reads(self, printed: str) -> None:
        """Wait until the other terminal has printed this, after what was read of it before."""
        pattern, deadline = pattern_of(printed), time.monotonic() + PATIENCE
        while not (found := pattern.search(masked("".join(self._said)), self._seen)):
            assert time.monotonic() < deadline and self.is_up, difference(printed, "".join(self._said))
            time.sleep(0.05)
        self._seen = found.end()

    @property
    def is_up(self) -> bool:
        """True while the command in the other terminal runs."""
        return self._up is not None and self._up.poll() is None

    def presses_control_c(self) -> None:
        """Stop the command in the other terminal, and wait for its end."""
        assert self._up is not None
        os.killpg(self._up.pid, signal.SIGINT)
        self._up.wait(PATIENCE)
        self._listener.join(PATIENCE)
        self._up = None

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._said.append(line)


def difference(shown: str, printed: str) -> str:
    """Return the lines that differ, for the message of a failed test."""
    before, after = masked(shown).splitlines(), masked(printed).splitlines()
    return "\n" + "\n".join(difflib.unified_diff(before, after, "the page", "the command", lineterm=""))


def make_clone(folder: Path) -> Path:
    """Make a folder like a clone after `make env`: the three articles, the Makefile, and the command."""
    binaries = folder / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    for source in (*(ROOT / name for name in MADE_OF), *ARTICLES):
        (folder / source.relative_to(ROOT)).write_bytes(source.read_bytes())
    command = binaries / "onrecord"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m worker "$@"\n')
    command.chmod(0o755)
    (binaries / "activate").write_text(f"PATH={binaries}:$PATH\n")
    (binaries.parent / ".installed").touch()
    return folder
