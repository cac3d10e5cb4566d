"""Regenerate the outputs in `docs/sql.md`: run every query of the page on the three founding articles.

Each ```sql block is a query, and the ```text block after it is its output. `make docs` runs this.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "sql.md"
SAMPLES = "seeds/00[0-2]_*.txt"
"""The sample articles; people drop articles of their own beside them."""
SHOWN = re.compile(r"```sql\n(?P<query>.*?)```\n\n```text\n.*?```", re.DOTALL)
COMMAND = [sys.executable, "-m", "worker"]


def onrecord(home: Path, *arguments: str) -> str:
    """Return the standard output of a command."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    environment |= {"ONRECORD_HOME": str(home), "NO_COLOR": "1"}
    result = subprocess.run(
        [*COMMAND, *arguments], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return result.stdout


def main() -> None:
    """Store the seeds in a temporary HOME, run the queries, and rewrite the page."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # if we are root, the server runs as another user, who must pass through
        home = Path(folder) / ".onrecord"
        inbox = Path(folder) / "seeds"
        inbox.mkdir()
        for article in ROOT.glob(SAMPLES):
            shutil.copy(article, inbox)
        onrecord(home, "up", "--once", "--inbox", str(inbox))

        def answer(shown: re.Match[str]) -> str:
            output = "\n".join(line.rstrip() for line in onrecord(home, "sql", shown["query"]).splitlines())
            return f"```sql\n{shown['query']}```\n\n```text\n{output}\n```"

        page, count = SHOWN.subn(answer, PAGE.read_text())
        PAGE.write_text(page)
    print(f"{PAGE.relative_to(ROOT)}: {count} queries answered anew")


if __name__ == "__main__":
    main()
