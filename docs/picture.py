"""Draw docs/images/up.svg: the terminal output of a real run on the founding articles.

Run it with `.venv/bin/python docs/picture.py`. The temporary folder's path is replaced by `~`, and the
lines that say what the command waits for on a busy machine are left out.
"""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from worker.embedded.layout import erase

HERE = Path(__file__).parent
SAMPLES = sorted(HERE.parent.glob("seeds/00[0-2]_*.txt"))
"""The sample articles; people drop articles of their own beside them."""
WIDTH = 112
COMMANDS = (
    ("up", "--once"),
    ("sql", "SELECT speaker, quotes, articles FROM speakers ORDER BY 2 DESC LIMIT 3"),
)
WAITS = re.compile(r"(?m)^.*onrecord: waiting for .*\n")
# The picture must not load fonts from other servers.
FONT = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)


def run(arguments: tuple[str, ...], folder: Path) -> str:
    """Return the output of a command on a terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "NO_COLOR"))}
    environment |= {"COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "worker", *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        output = bytearray()
        while piece := read(ours):
            output += piece
    os.close(ours)
    if process.returncode:
        raise SystemExit(f"onrecord {arguments[0]} ended with {process.returncode}:\n{output.decode()}")
    return WAITS.sub("", output.decode().replace("\r\n", "\n")).replace(str(folder), "~")


def read(terminal: int) -> bytes:
    """Return the next bytes; none after the last writer has closed the terminal."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def typed(arguments: tuple[str, ...]) -> str:
    """Return a command as a user types it."""
    return "$ onrecord " + " ".join(f'"{word}"' if " " in word else word for word in arguments)


def main() -> None:
    """Copy the seeds into a temporary folder, run the commands there, and draw their output."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-picture-"))
    folder.chmod(0o711)
    (folder / "seeds").mkdir()
    for article in SAMPLES:
        shutil.copy(article, folder / "seeds")
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    try:
        for number, arguments in enumerate(COMMANDS):
            output = run(arguments, folder).rstrip()
            console.print(Text("\n" * (number > 0) + typed(arguments), style="bold"))
            console.print(Text.from_ansi(output))
    finally:
        erase(folder / ".onrecord")
        shutil.rmtree(folder, ignore_errors=True)
    shown = console.export_text(clear=False)
    missing = [seed.name for seed in SAMPLES if f"stored  {seed.name}" not in shown]
    if missing:
        raise SystemExit(f"No line for {', '.join(missing)}; run it again.\n{shown}")
    picture = console.export_svg(
        title="onrecord", theme=MONOKAI, code_format=FONT.sub("", CONSOLE_SVG_FORMAT), unique_id="onrecord"
    )
    (HERE / "images").mkdir(exist_ok=True)
    (HERE / "images" / "up.svg").write_text(picture, encoding="utf-8")
    print(shown)


if __name__ == "__main__":
    main()
