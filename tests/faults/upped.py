"""A newsroom as users run it: `onrecord up`, which looks after its parts and its servers itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.faults.newsroom import PATIENCE, Newsroom
from tests.faults.part import Part
from worker.embedded.home import find_home
from worker.embedded.layout import erase
from worker.embedded.servers import embedded_servers

# how the processes below `up` are told apart: words of their command lines, the narrower ones first
KINDS = {
    "parsing child": "worker.bounded",
    "backfill": "worker --queue backfill",
    "worker": "-m worker worker",
    "watch": "-m worker watch",
    "beat": "-m worker beat",
    "PostgreSQL": "postgres",
    "Valkey": "valkey-server",
}


class Upped(Newsroom):
    """A HOME of its own; servers and parts are children of the process `up`."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)
        self.home = find_home(folder / ".onrecord", create=True)
        self.servers = embedded_servers(self.home)
        super().__init__(folder, self.servers.database_url, self.servers.broker_url)
        urls = ("ONRECORD_DATABASE_URL", "ONRECORD_REPORT_URL", "ONRECORD_BROKER_URL")
        own = {"ONRECORD_HOME": str(self.home), "ONRECORD_SEEN_SECONDS": "10"}  # as users have it
        self.settings |= dict.fromkeys(urls, "") | own

    def up(self, *options: str, **settings: str) -> Part:
        """Start all of it, and wait until every part has made itself known."""
        part = self.start("up", "up", *options, **settings)
        self.wait(lambda: "watches" in part.said() or not part.running, "`up` has got its servers ready")
        self.wait(lambda: {"watch", "worker", "beat", "backfill"} <= self.alive(), "all parts are up")
        if not self.witness.looks:
            self.witness.start()
        return part

    def processes(self) -> dict[str, list[psutil.Process]]:
        """What runs below `up` now, by kind; `pool` are the processes that a worker or backfill forked."""
        found: dict[str, list[psutil.Process]] = {}
        for process in self.parts["up"].family()[1:]:
            try:
                line, above = " ".join(process.cmdline()), process.parent()
                kind = next((kind for kind, words in KINDS.items() if words in line), None)
                if kind is None:
                    continue
                if above is not None and above.pid != self.parts["up"].pid:
                    kind = {"PostgreSQL": "PostgreSQL backend", "parsing child": kind}.get(kind, "pool")
                found.setdefault(kind, []).append(process)
            except psutil.Error:
                continue
        return found

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
        """As in any newsroom; the parts' own log is shown, too."""
        try:
            super().wait(condition, what, seconds)
        except AssertionError as error:
            log = self.home / "logs" / "processes.log"
            said = log.read_text(errors="replace")[-6000:] if log.exists() else ""
            raise AssertionError(f"{error}\n== parts\n{said}") from None

    def close(self) -> None:
        """End all of it, servers too."""
        if "up" in self.parts:
            self.parts["up"].end(60)
        super().close()
        self.servers.valkey.stop()
        self.servers.postgres.stop()
        erase(self.home)
