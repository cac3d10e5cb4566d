"""What reading alone costs: `onrecord extract` on the same files, as whole processes, with their starts taken off."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.material import Article, Material
from benchmarks.stack import ROOT


def milliseconds(material: Material, places: Sequence[int]) -> float:
    """Return CPU milliseconds per file of the processes of `onrecord extract`, with all their children.

    As many processes as there are cores share the files, as in the run that they are compared with. The first file is
    read once more by processes of its own, and their CPU is taken off: what is left is that of all other files.
    """
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        paths = [_write(Path(folder), material.article(place)) for place in places]
        shares = [share for core in range(cores) if (share := paths[core::cores])]
        starts = _seconds([share[:1] for share in shares])
        return 1000 * (_seconds(shares) - starts) / max(1, len(paths) - len(shares))


def _write(folder: Path, article: Article) -> Path:
    path = folder / article.name
    path.write_bytes(article.content)
    return path


def _seconds(shares: Sequence[Sequence[Path]]) -> float:
    """Run a command for each share of the files at once; return the CPU seconds of all of them."""
    before = _of_children()
    with ThreadPoolExecutor(len(shares)) as pool:
        list(pool.map(_extract, shares))
    return _of_children() - before


def _extract(paths: Sequence[Path]) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    command = [sys.executable, "-m", "worker", "extract", "--json", *map(str, paths)]
    subprocess.run(  # a file that cannot be read makes the exit status 3, and costs what it costs
        command, env={**environment, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _of_children() -> float:
    """Return the CPU seconds of all children of this process that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
