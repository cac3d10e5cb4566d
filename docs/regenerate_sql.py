"""Write the outputs in `docs/sql.md` anew: runs every query there on the three founding articles.

Each ```sql block is a query, and the ```text block after it is what it printed. `make docs` runs this.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "sql.md"
SHOWN = re.compile(r"```sql\n(?P<query>.*?)```\n\n```text\n.*?```", re.DOTALL)
COMMAND = [sys.executable, "-m", "worker"]


def onrecord(home: Path, *arguments: str) -> str:
    """What the command prints to stdout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    environment = {**kept, "ONRECORD_HOME": str(home), "NO_COLOR": "1"}
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Ingest the seeds into a HOME of their own, ask, and rewrite the page."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the embedded server's own user passes through where we are root
        home = Path(folder) / ".onrecord"
        onrecord(home, "up", "--once", "--inbox", str(ROOT / "seeds"))

        def answered(shown: re.Match[str]) -> str:
            output = "\n".join(line.rstrip() for line in onrecord(home, "sql", shown["query"]).splitlines())
            return f"```sql\n{shown['query']}```\n\n```text\n{output}\n```"

        page, count = SHOWN.subn(answered, PAGE.read_text())
        PAGE.write_text(page)
    print(f"{PAGE.relative_to(ROOT)}: {count} queries answered anew")


if __name__ == "__main__":
    main()
